import { expect, it } from "vitest";
import { newCallId } from "./index.ts";

it("a call id is a UUID of version 7, and sorts by time", () => {
  const at = Date.UTC(2026, 7, 28);
  const ids = Array.from({ length: 100 }, (_, i) => newCallId(at + i));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(ids);
  expect(new Set(Array.from({ length: 1000 }, () => newCallId(at))).size).toBe(1000);
});
