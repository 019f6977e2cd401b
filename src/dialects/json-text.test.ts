import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJsonText } from "./json-text.ts";

const encoder = new TextEncoder();
const read = (text: string) => readJsonText(encoder.encode(text));
/** White space where JSON may have it. */
const loose = (value: unknown) => JSON.stringify(value, undefined, "\t").replaceAll("\n", " \r\n").replaceAll(":", ": ");

describe("the text of a body", () => {
  it("is read as JSON.parse reads it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), fc.boolean(), async (value, isLoose) => {
        const text = isLoose && !JSON.stringify(value).includes(":") ? loose(value) : JSON.stringify(value);
        expect(await read(text)).toEqual(JSON.parse(text));
      }),
    );
    for (const text of [
      '{"a":"\\\\\\"[{"}',
      "[0,1,255]",
      '{"0":1,"1":2}',
      '{"__proto__":{"0":1}}',
      "  [] ",
      '"a"',
      '["\\u00e9é中😀"]',
      "[1,]x",
    ]) {
      const expected = await Promise.resolve(text)
        .then(JSON.parse)
        .catch(() => "no JSON");
      expect(await read(text).catch(() => "no JSON")).toEqual(expected);
    }
  });

  it("holds a file under any name as its own property", async () => {
    const file = JSON.stringify(Array.from({ length: 100_000 }, () => 7));
    const sent = (await read(`{"__proto__":${file},"constructor":${file}}`)) as Record<string, unknown>;
    expect(Object.keys(sent)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(sent)).toBe(Object.prototype);
    expect(sent["constructor"]).toEqual(new Uint8Array(100_000).fill(7));
  });

  it("that is no JSON, too deep or no UTF-8 is bad input", async () => {
    for (const text of ["", "{", '{"a":1,}', "nul", "\u0000", '"\\', '"\\"', "[".repeat(10_000), '{"a":'.repeat(10_000)])
      await expect(read(text), text.slice(0, 20)).rejects.toMatchObject({ code: "bad-input" });
    await expect(readJsonText(new Uint8Array([0x22, 0xff, 0x22]))).rejects.toThrow("UTF-8");
    await expect(readJsonText(new Uint8Array([0x22, 0xc3]))).rejects.toThrow("UTF-8");
  });

  it("of more than any conversation holds is bad input before anything is made of it", async () => {
    const names = (name: (i: number) => string) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: 100_001 }, (_, i) => [name(i), 0])));
    for (const [text, why] of [
      [JSON.stringify(Array.from({ length: 20_001 }, () => ({}))), "20000 objects and lists"],
      [JSON.stringify(Array.from({ length: 20_001 }, () => [])), "20000 objects and lists"],
      [names((i) => `${i}a`), "100000 names and texts"],
      [names((i) => `${10_000_000 + i}`), "100000 names and texts"],
      [names((i) => `0${i}`), "100000 names and texts"],
      [`{"1":0,${JSON.stringify(new Uint8Array(100_001)).slice(1)}`, "100000 names and texts"],
      [JSON.stringify(Array(100_001).fill("a")), "100000 names and texts"],
      [`[${"-1,".repeat(2_000_001)}1]`, "2000000 values"],
      [JSON.stringify("\\".repeat(500_001).repeat(2)), "1000000 backslashes"],
    ] as const) {
      await expect(read(text), why).rejects.toMatchObject({ code: "bad-input", message: expect.stringContaining(why) as string });
    }
    expect(await read(JSON.stringify({ text: "{".repeat(50_000), ids: Array(50_000).fill(1) }))).toBeDefined();
  });

  it("may have files in it, as lists or as JSON.stringify writes a Uint8Array, which come as bytes", async () => {
    const file = Uint8Array.from({ length: 150_000 }, (_, i) => (i * 7) % 256);
    const other = file.slice(0, 120_000);
    const body = { image: file, nested: [{ "0": other }, "é"], mask: [...other], few: [1, 2], vector: Array(1536).fill(0) };
    const expected = { ...body, mask: other };
    for (const text of [JSON.stringify(body), loose(body)]) expect(await read(text)).toEqual(expected);
    expect(await read(JSON.stringify(file))).toEqual(file);
    expect(await read(JSON.stringify([...file]))).toEqual(file);
    const odd = [...file, 256];
    expect(await read(JSON.stringify(odd))).toEqual(odd);
  });

  it("as long as a body may be leaves turns to others", async () => {
    for (const text of [
      JSON.stringify({ text: "a\n".repeat(400_000) + "x".repeat(4_000_000) }),
      JSON.stringify({ text: "中".repeat(1_500_000) }),
      JSON.stringify(new Uint8Array(500_000)),
      `[${"1.5,".repeat(1_000_000)}1]`,
    ]) {
      let turns = 0;
      let over = false;
      const count = () => {
        turns++;
        if (!over) setTimeout(count, 0);
      };
      setTimeout(count, 0);
      await read(text);
      over = true;
      expect(turns).toBeGreaterThan(5);
    }
  });
});
