import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelCard, WeightsSource } from "../core/index.ts";
import { createFinder, sourcesOf, withWeights } from "./find.ts";
import { changeLockFile } from "./lock-file.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ganglion-find-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const gguf: WeightsSource = { format: "gguf", repository: "owner/model-GGUF", confirmed: false };
const onnx: WeightsSource = { format: "onnx", repository: "owner/model-ONNX", confirmed: false, substitute: "a smaller model" };
const cardWith = (...weights: WeightsSource[]): ModelCard => ({
  name: "@cf/a/model",
  aliases: [],
  task: "text-generation",
  wireForm: "generated-text",
  description: "a model",
  contextTokens: undefined,
  price: [],
  weights,
  origin: "catalogue",
  abilities: {},
  createdAt: 0,
});

const find = (card: ModelCard) =>
  createFinder({
    dataFolder: join(root, "data"),
    folders: [join(root, "models")],
    hubCache: join(root, "hub"),
    formats: () => ["gguf", "onnx"],
  })(card);

function write(path: string, content: string | Uint8Array = Buffer.alloc(300)): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** As Hugging Face's programs do: the content under its digest, and a link to it. */
function cache(repository: string, commit: string, path: string): string {
  const folder = join(root, "hub", `models--${repository.replace("/", "--")}`);
  const blob = write(join("hub", `models--${repository.replace("/", "--")}`, "blobs", `${commit}-${path.replaceAll("/", "-")}`));
  const link = join(folder, "snapshots", commit, path);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(blob, link);
  return link;
}

async function lock(bytes: number): Promise<string> {
  const revision = "a".repeat(40);
  const files = [{ path: "model.Q4_K_M.gguf", bytes, sha256: "b".repeat(64) }];
  await changeLockFile(join(root, "data"), (models) => ({
    ...models,
    "@cf/a/model": { format: "gguf", repository: "owner/other", revision, files },
  }));
  return join("data/weights/owner/other", revision, "model.Q4_K_M.gguf");
}

describe("weights", () => {
  it("are found where a pull put them, from whatever repository", async () => {
    const path = await lock(300);
    expect(find(cardWith(gguf))).toBeUndefined();
    write(path);
    expect(find(cardWith(gguf))).toEqual({ format: "gguf", path: join(root, path), bytes: 300, place: "pulled", substitute: undefined });
  });

  it("that were pulled and are of another size now are not here", async () => {
    write(await lock(301));
    expect(find(cardWith(gguf))).toBeUndefined();
  });

  it.each(["models/owner/model-GGUF/", "models/model-GGUF/"])("are found in the operator's folder %s", (folder) => {
    const path = write(`${folder}model-q8_0.gguf`);
    write(`${folder}.cache/huggingface/download/x.gguf`);
    expect(find(cardWith(gguf))).toMatchObject({ path, bytes: 300, place: "folder" });
  });

  it("that are not the file the catalogue names are taken where they are what is here", () => {
    const path = write("models/owner/model-GGUF/model.Q8_0.gguf");
    expect(find(cardWith({ ...gguf, file: "model.Q4_0.gguf" }))?.path).toBe(path);
    const named = write("models/owner/model-GGUF/model.Q4_0.gguf");
    expect(find(cardWith({ ...gguf, file: "model.Q4_0.gguf" }))?.path).toBe(named);
  });

  it("of a clone without its large files are not here", () => {
    write("models/owner/model-GGUF/model.Q8_0.gguf", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
    expect(find(cardWith(gguf))).toBeUndefined();
  });

  it("are found in Hugging Face's cache, first at the commit that its branch is at", () => {
    cache("owner/model-GGUF", "1111", "model.Q4_K_M.gguf");
    const path = cache("owner/model-GGUF", "2222", "model.Q4_K_M.gguf");
    write("hub/models--owner--model-GGUF/refs/main", "2222");
    expect(find(cardWith(gguf))).toMatchObject({ path, bytes: 300, place: "hub-cache" });
  });

  it("in Hugging Face's cache whose content is not there yet are not here", () => {
    cache("owner/model-GGUF", "1111", "model.Q4_K_M.gguf");
    rmSync(join(root, "hub/models--owner--model-GGUF/blobs"), { recursive: true });
    expect(find(cardWith(gguf))).toBeUndefined();
  });

  it("of ONNX are a folder with a graph and a configuration", () => {
    write("models/model-ONNX/onnx/model.onnx");
    expect(find(cardWith(onnx))).toBeUndefined();
    write("models/model-ONNX/config.json", "{}");
    expect(find(cardWith(onnx))).toEqual({
      format: "onnx",
      path: join(root, "models/model-ONNX"),
      bytes: 302,
      place: "folder",
      substitute: "a smaller model",
    });
  });

  it("come first in the card, and say whose they are", () => {
    write("models/model-ONNX/onnx/model.onnx");
    write("models/model-ONNX/config.json", "{}");
    const card = cardWith(gguf, onnx);
    expect(withWeights(card, find(card)).weights).toEqual([
      { format: "onnx", path: join(root, "models/model-ONNX"), substitute: "a smaller model" },
      gguf,
      onnx,
    ]);
    expect(withWeights(card, undefined)).toBe(card);
  });
});

describe("the repositories of a model", () => {
  it("are in the order of formats, then seen ones, then as the catalogue has them", () => {
    const seen: WeightsSource = { format: "gguf", repository: "owner/seen", confirmed: true };
    const other: WeightsSource = { format: "other", repository: "owner/safetensors", confirmed: true };
    const local: WeightsSource = { format: "gguf", path: "/model.gguf" };
    const card = cardWith(onnx, gguf, seen, other, local);
    expect(sourcesOf(card, ["gguf", "onnx"])).toEqual([seen, gguf, onnx]);
    expect(sourcesOf(card, ["onnx"])).toEqual([onnx]);
  });
});
