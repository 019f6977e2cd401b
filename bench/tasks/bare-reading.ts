import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import type { Input, Media } from "../../src/core/index.ts";
import { createLogMel } from "../../src/engines/onnx/speech/log-mel.ts";
import { readRecording } from "../../src/media/index.ts";
import { servePeer } from "../peer.ts";
import type { Ran, TaskOptions } from "./ran.ts";

/** The other part of the floor: pictures and recordings as numbers, in a process that holds nothing else. */
function start({ model, inputs }: TaskOptions) {
  const prepare = preparationFor(model.weights.flatMap((source) => ("path" in source ? source.path : []))[0] ?? "");
  return {
    async run(): Promise<Ran> {
      const before = process.cpuUsage();
      const began = performance.now();
      for (const input of inputs) await prepare(input);
      const seconds = (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(before);
      return { seconds, cpuSeconds: (user + system) / 1e6 };
    },
  };
}

interface Preprocessor {
  readonly size?: { readonly width: number; readonly height: number };
  readonly sampling_rate?: number;
  readonly n_fft?: number;
  readonly hop_length?: number;
  readonly feature_size?: number;
  readonly n_samples?: number;
}

/** Pixels with sharp, spectra with the function that our engine has too: nobody has a faster one. */
function preparationFor(folder: string): (input: Input) => Promise<unknown> {
  const file = join(folder, "preprocessor_config.json");
  let said: Preprocessor = {};
  try {
    said = JSON.parse(readFileSync(file, "utf8")) as Preprocessor; // our own models' files
  } catch {
    return async () => {}; // it reads texts
  }
  const { size = { width: 1, height: 1 }, sampling_rate: rate = 16_000, n_fft: fft = 400, hop_length: hop = 160 } = said;
  const logMel = createLogMel({ rate, fft, hop, mels: said.feature_size ?? 80, window: said.n_samples ?? 480_000 });

  async function pixelsOf({ bytes }: Media): Promise<Float32Array> {
    const pixels = await sharp(bytes).resize(size.width, size.height, { fit: "fill" }).removeAlpha().raw().toBuffer();
    const area = size.width * size.height;
    const values = new Float32Array(3 * area);
    for (let channel = 0; channel < 3; channel++) {
      for (let i = 0; i < area; i++) values[channel * area + i] = ((pixels[i * 3 + channel] ?? 0) / 255 - 0.5) / 0.5;
    }
    return values;
  }

  async function spectraOf(audio: Media): Promise<Float32Array> {
    const recording = await readRecording(audio, { rate, field: "/audio", signal: new AbortController().signal });
    return logMel(recording.samples(0, recording.length));
  }

  return async (input) => {
    if ("audio" in input && input.audio) return spectraOf(input.audio);
    if ("image" in input && input.image && !("prompt" in input)) return pixelsOf(input.image);
    return undefined;
  };
}

servePeer(start);
