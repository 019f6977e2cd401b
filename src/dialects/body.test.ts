import { describe, expect, it } from "vitest";
import * as z from "zod";
import { problemOfZod, readBody } from "./body.ts";

const post = (body: BodyInit | undefined, headers: Record<string, string> = {}) =>
  new Request("http://localhost/", { method: "POST", headers, ...(body !== undefined && { body, duplex: "half" }) } as RequestInit);

const streamed = (...chunks: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });

describe("a body", () => {
  it("is JSON by what it holds, whatever it claims to be", async () => {
    for (const type of ["application/json", "application/x-www-form-urlencoded", "apbplication/json", "audio/wav"]) {
      expect(await (await readBody(post('{"a":1}', { "content-type": type }), 100)).json()).toEqual({ a: 1 });
    }
  });

  it("has no media type where none was sent", async () => {
    expect((await readBody(post(new Uint8Array([1, 2])), 100)).mediaType).toBeUndefined();
    expect((await readBody(post("{}", { "content-type": "Audio/WAV; rate=8000" }), 100)).mediaType).toBe("audio/wav");
  });

  it("is refused by its length before a byte is read, and by what comes when it says no length", async () => {
    await expect(readBody(post("{}", { "content-length": "101" }), 100)).rejects.toMatchObject({ code: "too-large" });
    await expect(readBody(post(streamed("x".repeat(60), "x".repeat(60))), 100)).rejects.toMatchObject({ code: "too-large" });
    expect(await (await readBody(post(streamed('{"a":', "1}")), 100)).json()).toEqual({ a: 1 });
  });

  it("whose sender goes away is bad input, with a length and without", async () => {
    const broken = () =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new TextEncoder().encode("{"));
        },
        pull(controller) {
          controller.error(new Error("aborted"));
        },
      });
    for (const headers of [{}, { "content-length": "50" }]) {
      await expect(readBody(post(broken(), headers), 100)).rejects.toMatchObject({ code: "bad-input" });
    }
  });

  it("is refused when it is compressed", async () => {
    await expect(readBody(post("x", { "content-encoding": "gzip" }), 100)).rejects.toMatchObject({ code: "bad-input" });
  });

  it("that is no JSON is bad input, however often it is read", async () => {
    const body = await readBody(post("{"), 100);
    for (let time = 0; time < 2; time++) await expect(body.json()).rejects.toMatchObject({ code: "bad-input" });
  });
});

describe("what a schema found", () => {
  const schema = z.object({
    temperature: z.number().max(5).optional(),
    kind: z.enum(["a", "b"]).optional(),
    parts: z.array(z.union([z.object({ text: z.string() }), z.object({ image: z.string(), size: z.int() })])).optional(),
  });
  const sentence = (value: unknown) => {
    const { error } = schema.safeParse(value);
    return error && problemOfZod(error);
  };

  it("names the field and the limit", () => {
    expect(sentence({ temperature: 9 })).toMatchObject({ message: "'/temperature' must be <= 5", details: { field: "/temperature" } });
    expect(sentence({ temperature: "hot" })?.message).toBe("type mismatch of '/temperature': expected number");
    expect(sentence({ kind: "c" })?.message).toBe('\'/kind\' must be one of "a", "b"');
  });

  it("speaks of the branch of a union that fits best", () => {
    expect(sentence({ parts: [{ image: "x", size: "y" }] })?.details).toEqual({ field: "/parts/0/size" });
  });

  it("speaks of the branch whose type was sent", () => {
    const union = z.object({ form: z.union([z.object({ type: z.enum(["a", "b"]) }), z.object({ type: z.literal("c"), size: z.int() })]) });
    expect(problemOfZod(union.safeParse({ form: { type: "c", size: "x" } }).error as z.ZodError).details).toEqual({ field: "/form/size" });
    expect(problemOfZod(union.safeParse({ form: { type: "d", size: 1 } }).error as z.ZodError).details).toEqual({ field: "/form/type" });
  });

  it("never repeats a value", () => {
    expect(JSON.stringify(sentence({ temperature: "a secret", kind: "a secret" }))).not.toContain("secret");
  });
});
