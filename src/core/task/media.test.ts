import { expect, it } from "vitest";
import * as z from "zod";
import { base64Of, byteArray, mediaOfDataUrl, readBase64, readByteArray } from "./media.ts";

it("takes a file as an array of bytes, and nothing that only looks like one", () => {
  expect(readByteArray(byteArray.parse([0, 255, 7]))).toEqual({
    bytes: new Uint8Array([0, 255, 7]),
    mediaType: "application/octet-stream",
  });
  for (const odd of [[], [256], [-1], [1.5], ["1"], [null], [Number.NaN], { 0: 1 }, "AAAA", undefined, [[1]]])
    expect(byteArray.safeParse(odd).success).toBe(false);
});

it("prints an array of bytes as JSON Schema", () => {
  expect(z.toJSONSchema(z.object({ image: byteArray }), { unrepresentable: "any" })).toMatchObject({
    properties: { image: { type: "array", items: { type: "integer", minimum: 0, maximum: 255 } } },
    required: ["image"],
  });
});

it("takes base64 plain, url-safe and in a data URL, and says back what it took", () => {
  const bytes = new Uint8Array([0xfb, 0xff, 0x00]);
  for (const text of ["+/8A", "-_8A", "data:image/png;base64,+/8A"]) expect(readBase64(text, "image").bytes).toEqual(bytes);
  expect(base64Of(bytes)).toBe("+/8A");
  expect(mediaOfDataUrl("data:image/png;base64,+/8A")?.mediaType).toBe("image/png");
  expect(mediaOfDataUrl(`data:image/png${";a".repeat(2_000_000)};base64,+/8A`)).toBeUndefined();
  for (const text of ["", "%%%", "http://x/"]) expect(() => readBase64(text, "image")).toThrow("/image");
});
