import { expect, it } from "vitest";
import { builtIns, catalogueCards, createModels } from "../catalogue/index.ts";
import { standInFor } from "./absence.ts";

const models = createModels([...builtIns({ modelsFolder: "/models" }), ...catalogueCards]);
const standInOf = (name: string) => {
  const card = models.find(name);
  if (!card) throw new Error(`no ${name}`);
  return standInFor(card, models)?.name;
};

it("the true built-in of its task stands in for a model, and nothing for a judge of what may be said", () => {
  expect(standInOf("@cf/meta/llama-3-8b-instruct")).toBe("@ganglion/tiny-chat");
  expect(standInOf("@cf/openai/whisper")).toBe("@ganglion/tiny-listen");
  expect(standInOf("@cf/meta/llama-guard-3-8b")).toBe(undefined);
});
