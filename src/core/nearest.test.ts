import { expect, it } from "vitest";
import { nearest } from "./nearest.ts";

it.each([
  ["GANGLION_PROT", "GANGLION_PORT"],
  ["treads", "threads"],
  ["keepalive", "keepAlive"],
  ["seqences", undefined],
  ["x", undefined],
  ["", undefined],
])("%j was most likely meant to be %j", (written, meant) => {
  expect(nearest(written, ["GANGLION_PORT", "GANGLION_HOST", "threads", "keepAlive"])).toBe(meant);
});
