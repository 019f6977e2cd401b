import { expect, it } from "vitest";
import * as z from "zod";
import { tasks, units } from "../core/index.ts";
import { catalogueCards } from "./cards.ts";
import { catalogueRows, priceRows } from "./rows.ts";

const day = z.iso.date();
const task = z.enum(Object.keys(tasks));

const catalogueRow = z.strictObject({
  name: z.string().regex(/^@(cf|hf)\/[\w.-]+\/[\w.-]+$/),
  task,
  title: z.string().min(1),
  by: z.string().min(1),
  kind: z.string().optional(),
  parameters: z
    .string()
    .regex(/^[\d.]+[MBT]$/)
    .optional(),
  contextTokens: z.int().positive().optional(),
  dimensions: z.int().positive().optional(),
  pooling: z.enum(["mean", "cls"]).optional(),
  abilities: z.array(z.enum(["tools", "reasoning", "vision", "lora", "json", "moderation"])).optional(),
  id: z.uuid().optional(),
  since: day.optional(),
  retiresOn: day.optional(),
  beta: z.literal(true).optional(),
  partner: z.literal(true).optional(),
  paidPlanOnly: z.literal(true).optional(),
  weights: z
    .array(
      z.strictObject({
        format: z.enum(["gguf", "onnx", "other"]),
        repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
        confirmed: z.boolean(),
        revision: z.string().optional(),
        file: z.string().endsWith(".gguf").optional(),
        note: z.string().optional(),
        substitute: z.string().optional(),
      }),
    )
    .optional(),
});

const priceRow = z
  .strictObject({
    model: z.string().optional(),
    task: task.optional(),
    aboveBillions: z.number().positive().optional(),
    upToBillions: z.number().positive().optional(),
    unit: z.string(),
    neurons: z.number().nonnegative(),
    from: day,
    to: day.optional(),
    billed: z.literal(false).optional(),
  })
  .refine(({ model, task: taskOfClass }) => (model === undefined) !== (taskOfClass === undefined), "names a model or a class, not both")
  .refine(({ from, to }) => to === undefined || from <= to, "ends on its first day or later");

it("has catalogue rows of the type that the code takes them for", () => {
  z.array(catalogueRow).parse(catalogueRows);
});

it("has price rows of the type that the code takes them for", () => {
  z.array(priceRow).parse(priceRows);
});

it("prices only models of the catalogue", () => {
  const names = new Set(catalogueRows.map(({ name }) => name));
  expect(priceRows.filter(({ model }) => model !== undefined && !names.has(model))).toEqual([]);
});

it("has billed prices in whole micro-neurons", () => {
  const decimals = (neurons: number) => String(neurons).split(".")[1]?.length ?? 0;
  expect(priceRows.filter(({ neurons, billed }) => billed !== false && decimals(neurons) > 6)).toEqual([]);
});

it("uses every unit of usage but `request` in a price", () => {
  const used = new Set<string>(catalogueCards.flatMap(({ price }) => price.flatMap((term) => term.units)));
  expect(Object.keys(units).filter((unit) => !used.has(unit))).toEqual(["request"]);
});
