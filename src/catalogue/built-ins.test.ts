import { expect, it } from "vitest";
import { microneuronsOf, taskOf } from "../core/index.ts";
import { builtIns } from "./built-ins.ts";

const cards = builtIns({ modelsFolder: "/opt/ganglion/models" });

it("has a model and an echo for text generation, and for translation", () => {
  expect(cards.map(({ name, task, origin }) => [name, task, origin])).toEqual(
    expect.arrayContaining([
      ["@ganglion/tiny-chat", "text-generation", "built-in"],
      ["@ganglion/echo", "text-generation", "built-in"],
      ["@ganglion/tiny-translate", "translation", "built-in"],
      ["@ganglion/echo-translation", "translation", "built-in"],
    ]),
  );
});

it("finds the weights in the folder it is given", () => {
  expect(cards[0]?.weights).toEqual([{ format: "gguf", path: "/opt/ganglion/models/tiny-chat/tiny-chat.gguf" }]);
});

it("costs as much as a small model of its task, so that a limit can be seen", () => {
  const usage = { "input-token": 90, "cached-input-token": 10, "output-token": 50 };
  expect(microneuronsOf(cards[0]?.price ?? [], usage, "2026-11-25")).toBe(100 * 2_457 + 50 * 18_252); // llama-3.2-1b-instruct's
  for (const { price } of cards) expect(price.length).toBeGreaterThan(0);
});

it("names wire forms that the task has", () => {
  for (const { task, wireForm } of cards) expect(Object.keys(taskOf(task).wire)).toContain(wireForm);
});
