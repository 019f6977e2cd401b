import { describe, expect, it } from "vitest";
import { type ModelCard, Problem } from "../core/index.ts";
import { builtIns } from "./built-ins.ts";
import { catalogueCards } from "./cards.ts";
import { authorOf, type ModelSearch, searchModels } from "../core/index.ts";
import { createModels } from "./models.ts";

const models = createModels([...builtIns({ modelsFolder: "/models" }), ...catalogueCards]);
const names = (asked: Omit<ModelSearch, "today"> = {}, today = "2026-11-01") =>
  searchModels(models.all, { ...asked, today }).map(({ name }) => name);
const [echo] = builtIns({ modelsFolder: "/models" }).slice(-1);
const like = (name: string, aliases: string[] = []): ModelCard => ({ ...(echo ?? expect.fail("no echo")), name, aliases });

describe("find", () => {
  it("finds a model by its name and by an alias, and shows the true name", () => {
    expect(models.find("@cf/meta/llama-3-8b-instruct")?.name).toBe("@cf/meta/llama-3-8b-instruct");
    expect(models.find("@cf/openai/whisper-tiny-pt")?.name).toBe("@cf/openai/whisper-tiny-en");
    expect(names({ includeDeprecated: true })).not.toContain("@cf/openai/whisper-tiny-pt");
  });

  it("takes upper and lower case apart, and adds and removes nothing", () => {
    expect(models.find("@cf/ai4bharat/indictrans2-en-indic-1B")).toBeDefined();
    expect(models.find("@cf/ai4bharat/indictrans2-en-indic-1b")).toBeUndefined();
    expect(models.find("run/@cf/meta/llama-3-8b-instruct")).toBeUndefined();
    expect(models.find("")).toBeUndefined();
    expect(models.find("constructor")).toBeUndefined();
  });
});

it.each([
  ["two cards of one name", [like("@a/b"), like("@a/b")]],
  ["an alias that is the name of another card", [like("@a/b"), like("@a/c", ["@a/b"])]],
  ["an alias of two cards", [like("@a/b", ["@a/x"]), like("@a/c", ["@a/x"])]],
  ["an alias that is the name of its own card", [like("@a/b", ["@a/b"])]],
])("refuses %s", (_what, cards) => {
  expect(() => createModels(cards)).toThrow(expect.toSatisfy((thrown) => thrown instanceof Problem && thrown.code === "bad-setting"));
});

describe("search", () => {
  it("lists what is not retired, in the order of the models", () => {
    expect(names()).toEqual(
      models.all.filter(({ retiresOn }) => retiresOn === undefined || retiresOn > "2026-11-01").map(({ name }) => name),
    );
  });

  it("hides a model from the day on which it retires", () => {
    expect(names({}, "2026-05-29")).toContain("@cf/meta/llama-3-8b-instruct");
    expect(names({}, "2026-05-30")).not.toContain("@cf/meta/llama-3-8b-instruct");
  });

  it("lists retired models for ever when asked for them", () => {
    expect(names({ includeDeprecated: true }, "2036-01-01")).toHaveLength(models.all.length);
  });

  it("finds a text in names, aliases and descriptions, whatever its case", () => {
    expect(names({ search: "M2M100" })).toEqual(["@cf/meta/m2m100-1.2b"]);
    expect(names({ search: "whisper-tiny-PT" })).toEqual(["@cf/openai/whisper-tiny-en"]);
    expect(names({ search: "sentiment" })).toEqual(["@ganglion/tiny-sentiment", "@cf/huggingface/distilbert-sst-2-int8"]);
    expect(names({ search: "no such model" })).toEqual([]);
  });

  it("takes a task by its label or its id", () => {
    expect(names({ task: "Text Embeddings" })).toContain("@cf/baai/bge-m3");
    expect(names({ task: "text-embeddings" })).toEqual(names({ task: "Text Embeddings" }));
    expect(names({ task: "Text Classification" })).toEqual([
      "@ganglion/tiny-rerank",
      "@ganglion/tiny-sentiment",
      "@cf/huggingface/distilbert-sst-2-int8",
      "@cf/baai/bge-reranker-base",
    ]);
    expect(names({ task: "reranking" })).toEqual(["@ganglion/tiny-rerank", "@cf/baai/bge-reranker-base"]);
  });

  it("takes an author as the names have it", () => {
    expect(names({ author: "ganglion" })).toEqual(expect.arrayContaining(["@ganglion/tiny-chat", "@ganglion/echo"]));
    expect(names({ author: "OpenAI" })).toContain("@cf/openai/whisper");
    expect(names({ author: "open" })).toEqual([]);
  });

  it("leaves out models in beta when asked to, and combines what it is asked", () => {
    expect(names({ author: "google" })).toContain("@cf/google/gemma-2b-it-lora");
    expect(names({ author: "google", hideExperimental: true, task: "Text Generation" })).toEqual(["@cf/google/gemma-4-26b-a4b-it"]);
  });
});

it("reads the author of a name", () => {
  const authors = ["@hf/thebloke/zephyr-7b-beta-awq", "@ganglion/echo", "mine"].map((name) => authorOf(like(name)));
  expect(authors).toEqual(["thebloke", "ganglion", "mine"]);
});
