import { expect, it } from "vitest";
import { microneuronsOf, taskOf } from "../core/index.ts";
import { builtIns } from "./built-ins.ts";

const cards = builtIns({ modelsFolder: "/opt/ganglion/models" });

it("has a model and an echo for text generation", () => {
  expect(cards.map(({ name, task, origin }) => [name, task, origin])).toEqual([
    ["@ganglion/tiny-chat", "text-generation", "built-in"],
    ["@ganglion/echo", "text-generation", "built-in"],
  ]);
});

it("finds the weights in the folder it is given", () => {
  expect(cards.map(({ weights }) => weights)).toEqual([[{ format: "gguf", path: "/opt/ganglion/models/tiny-chat/tiny-chat.gguf" }], []]);
});

it("costs as much as llama-3.2-1b-instruct, so that a limit can be seen: 100 x 2,457 + 50 x 18,252 micro-neurons", () => {
  const usage = { "input-token": 90, "cached-input-token": 10, "output-token": 50 };
  for (const { price } of cards) expect(microneuronsOf(price, usage, "2026-11-25")).toBe(100 * 2_457 + 50 * 18_252);
});

it("names wire forms that the task has", () => {
  for (const { task, wireForm } of cards) expect(Object.keys(taskOf(task).wire)).toContain(wireForm);
});
