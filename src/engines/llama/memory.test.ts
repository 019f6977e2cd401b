import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { gpuBuilds, mayUseGpuMemory, memoryNeedsOf } from "./memory.ts";
import { llamaSettings } from "./settings.ts";
import { tinyChatPath } from "./tiny-chat.case.ts";

const folder = mkdtempSync(join(tmpdir(), "ganglion-memory-"));
afterAll(() => rmSync(folder, { recursive: true }));

const processBytes = 150_000_000;
const fileBytes = statSync(tinyChatPath).size;
/** Six layers of five heads, each with a key and a value of 32 numbers in two bytes. */
const tokenBytes = 6 * 5 * (32 + 32) * 2;

describe("what a GGUF takes in memory", () => {
  it("is its file and the context of every sequence, and at least 512 tokens of each", async () => {
    const settings = llamaSettings({ sequences: 4, contextTokens: 1024 });
    expect(await memoryNeedsOf(tinyChatPath, settings)).toEqual({
      wanted: processBytes + fileBytes + 4 * 1024 * tokenBytes,
      least: processBytes + fileBytes + 4 * 512 * tokenBytes,
    });
  });

  it("has no more context than the model was trained for", async () => {
    const settings = llamaSettings({ sequences: 1, contextTokens: 100_000 });
    expect(await memoryNeedsOf(tinyChatPath, settings)).toMatchObject({ wanted: processBytes + fileBytes + 2048 * tokenBytes });
  });

  it("is known on a machine with a GPU too, for a model that leaves it alone", async () => {
    const settings = llamaSettings({ gpu: "auto", gpuLayers: 0, sequences: 1, contextTokens: 512 });
    expect(await memoryNeedsOf(tinyChatPath, settings)).toMatchObject({ wanted: processBytes + fileBytes + 512 * tokenBytes });
  });

  it("is known where there is a GPU and no build of llama.cpp for it", () => {
    const installed = readdirSync("node_modules/@node-llama-cpp").filter((name) => /-(cuda|vulkan)$/.test(name));
    expect(gpuBuilds()).toEqual(installed.map((name) => `@node-llama-cpp/${name}`));
    if (installed.length === 0) expect(mayUseGpuMemory({ gpu: "auto", gpuLayers: "auto" })).toBe(false);
  });

  it("is all parts of a split model", async () => {
    const first = join(folder, "model-00001-of-00002.gguf");
    copyFileSync(tinyChatPath, first);
    writeFileSync(join(folder, "model-00002-of-00002.gguf"), Buffer.alloc(1_000_000));
    const settings = llamaSettings({ sequences: 1, contextTokens: 512 });
    expect(await memoryNeedsOf(first, settings)).toMatchObject({ wanted: processBytes + fileBytes + 1_000_000 + 512 * tokenBytes });
  });

  it("is asked of no file that is not there or is no model", async () => {
    const settings = llamaSettings();
    await expect(memoryNeedsOf(join(folder, "nowhere.gguf"), settings)).rejects.toMatchObject({ code: "weights-missing" });
    writeFileSync(join(folder, "text.gguf"), "hello");
    await expect(memoryNeedsOf(join(folder, "text.gguf"), settings)).rejects.toMatchObject({ code: "engine-failed" });
  });
});
