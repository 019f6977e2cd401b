import { expect, it } from "vitest";
import * as z from "zod";
import { jsonObject, parseSent, shortJsonObject } from "./sent.ts";

const schema = z.object({
  messages: z.array(z.object({ role: z.string(), parts: z.array(z.union([z.string(), z.array(z.number())])).optional() })),
  more: jsonObject.optional(),
});

it("finds one thing wrong in a body where all is wrong, at any depth", () => {
  const zeros = Array<number>(100_000).fill(0);
  for (const sent of [
    { messages: zeros },
    { messages: [{ role: "user", parts: zeros }] },
    { messages: [{ role: "user", parts: [Array<string>(100_000).fill("x")] }] },
    { messages: [{}], more: 0 },
  ]) {
    let thrown: unknown;
    try {
      parseSent(schema, sent);
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBeInstanceOf(z.ZodError);
    expect(JSON.stringify(thrown).length).toBeLessThan(2_000);
  }
});

it("takes an object of any keys as it is", () => {
  const more = JSON.parse('{"a": 1, "": [null], "__proto__": {"b": 2}}') as unknown;
  expect(parseSent(schema, { messages: [], more }).more).toBe(more);
  for (const other of [null, 1, "a", []]) expect(() => parseSent(schema, { messages: [], more: other })).toThrow("expected object");
});

it("takes an object that is handed to a model only up to a hundred thousand characters, whatever they are", () => {
  const fits = (value: unknown) => shortJsonObject.safeParse(value).success;
  const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`name${i}`, {}]));
  for (const value of [{}, names(5_000), { enum: ["x".repeat(99_000)] }, { a: [1, null, true, { b: [] }] }]) expect(fits(value)).toBe(true);
  const long = ["x".repeat(100_000), Array(60_000).fill(1), names(20_000), { ["n".repeat(100_000)]: 1 }];
  for (const value of long) expect(fits({ a: [value] })).toBe(false);
  for (const value of [null, 1, "a", [], new Uint8Array(1)]) expect(fits(value)).toBe(false);
});
