import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import sharp from "sharp";
import { servePeer } from "../peer.ts";

export interface LookerOptions {
  readonly folder: string;
  readonly threads: number;
}

export interface Looked {
  readonly pictures: number;
  readonly seconds: number;
  /** Of all processes and threads. */
  readonly cpuSeconds: number;
}

/** The floor: sharp and a session as their documentation uses them. */
async function start({ folder, threads }: LookerOptions) {
  const session = await InferenceSession.create(join(folder, "onnx", "model.onnx"), { intraOpNumThreads: threads, interOpNumThreads: 1 });
  sharp.concurrency(threads);

  async function look(picture: Uint8Array): Promise<number> {
    const middle = { left: 58, top: 16, width: 224, height: 224 }; // of 341 x 256, which 640 x 480 becomes
    const pixels = await sharp(picture).resize(341, 256, { fit: "fill" }).extract(middle).removeAlpha().raw().toBuffer();
    const area = 224 * 224;
    const values = new Float32Array(3 * area);
    for (let channel = 0; channel < 3; channel++) {
      const [mean, deviation] = [[0.485, 0.456, 0.406][channel] ?? 0, [0.229, 0.224, 0.225][channel] ?? 1];
      for (let i = 0; i < area; i++) values[channel * area + i] = ((pixels[i * 3 + channel] ?? 0) / 255 - mean) / deviation;
    }
    const { logits } = await session.run({ pixel_values: new Tensor("float32", values, [1, 3, 224, 224]) });
    const all = Array.from((logits?.data as Float32Array | undefined) ?? []); // the graph makes 32-bit floats
    return all.indexOf(Math.max(...all));
  }

  return {
    async look(pictures: readonly Uint8Array[]): Promise<Looked> {
      const before = process.cpuUsage();
      const began = performance.now();
      for (const picture of pictures) await look(picture);
      const seconds = (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(before);
      return { pictures: pictures.length, seconds, cpuSeconds: (user + system) / 1e6 };
    },
  };
}

export type LookerCommands = Awaited<ReturnType<typeof start>>;
servePeer(start);
