import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SoundPieces } from "./sound-piece.ts";

/** A file that only a program of the operator's can read. */
export interface ForeignSound {
  readonly bytes: Uint8Array;
  /** The one reader of ffmpeg's that may look at the file, so that no file can name another. */
  readonly format: "mov" | "aac" | "matroska";
  /** Of the samples that come out. */
  readonly rate: number;
  /** What to throw where there is no ffmpeg on the PATH. */
  readonly absent: Error;
  /** What to throw where ffmpeg cannot read the file. */
  readonly damaged: Error;
}

/** Sound as ffmpeg decodes it, in one channel. The file goes through a folder of its own, for MP4 must be read from its end. */
export async function* ffmpegSound({ bytes, format, rate, absent, damaged }: ForeignSound, signal: AbortSignal): SoundPieces {
  const folder = await mkdtemp(join(tmpdir(), "ganglion-sound-"));
  try {
    const file = join(folder, "sound");
    await writeFile(file, bytes, { mode: 0o600 });
    const reading = ["-nostdin", "-v", "error", "-protocol_whitelist", "file", "-threads", "1", "-f", format, "-i", file];
    const writing = ["-map", "0:a:0", "-f", "f32le", "-ac", "1", "-ar", String(rate), "-threads", "1", "pipe:1"];
    const program = spawn("ffmpeg", [...reading, ...writing], { stdio: ["ignore", "pipe", "ignore"], env: { PATH: process.env["PATH"] } });
    const ended = new Promise<number | Error>((resolve) => {
      program.once("error", resolve);
      program.once("close", (code) => resolve(code ?? 1));
    });
    const stop = () => program.kill("SIGKILL");
    signal.addEventListener("abort", stop, { once: true });
    try {
      let made = 0;
      for await (const channel of floatsIn(program.stdout)) {
        made += channel.length;
        yield { rate, channels: [channel] };
      }
      const end = await ended;
      signal.throwIfAborted();
      if (end instanceof Error) throw absent;
      if (end !== 0 && made === 0) throw damaged;
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Pieces of a pipe end anywhere, also within a number. */
async function* floatsIn(pipe: AsyncIterable<Buffer>): AsyncGenerator<Float32Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pipe) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    const whole = bytes.length - (bytes.length % 4);
    rest = bytes.subarray(whole);
    const floats = new Float32Array(whole / 4);
    for (let i = 0; i < floats.length; i++) floats[i] = bytes.readFloatLE(i * 4);
    if (floats.length > 0) yield floats;
  }
}
