import { expect, it } from "vitest";
import * as z from "zod";
import { jsonObject, parseSent } from "./sent.ts";

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
