import { describe, expect, it } from "vitest";
import { type Input, type ModelCard, Problem } from "../../core/index.ts";
import { readRecording } from "../../media/index.ts";
import { callOf, describeEngine } from "../conformance.ts";
import { createProcessEngine } from "../index.ts";
import { createFliteEngine } from "./flite.ts";
import { openFlite } from "./program.ts";
import { piecesOf } from "./sentences.ts";

const tinySpeak: ModelCard = {
  name: "@ganglion/tiny-speak",
  aliases: [],
  task: "text-to-speech",
  wireForm: "audio",
  description: "",
  contextTokens: undefined,
  price: [],
  weights: [{ format: "flite", path: "models/tiny-speak" }],
  origin: "built-in",
  abilities: {},
  createdAt: 0,
};
const models = { "text-to-speech": tinySpeak };
const inputs = { "text-to-speech": { text: "Good morning. It is cold." } };

describeEngine("flite, in this process", { create: () => createFliteEngine(), models, inputs });
describeEngine("flite, in a process of its own", {
  create: () => createProcessEngine({ name: "flite", entry: new URL("../../../dist/flite-process.js", import.meta.url) }),
  models,
  inputs,
});

async function spoken(input: Input<"text-to-speech">) {
  const engine = createFliteEngine();
  const sent: Uint8Array[] = [];
  try {
    for await (const part of engine.run(callOf<"text-to-speech">(tinySpeak, input))) {
      if (part.type === "delta") sent.push(part.delta.audio);
      if (part.type === "end") return { ...part, sent };
    }
  } finally {
    await engine.close();
  }
  throw new Error("no end");
}

const secondsOf = async (bytes: Uint8Array<ArrayBuffer>) =>
  (await readRecording({ bytes, mediaType: "" }, { rate: 16_000, field: "/audio", signal: new AbortController().signal })).seconds;

async function problemOf(input: Input<"text-to-speech">): Promise<unknown> {
  const thrown: unknown = await spoken(input).catch((problem: unknown) => problem);
  return thrown instanceof Problem ? thrown : undefined;
}

describe("a voice of flite", () => {
  it("answers MP3 where no format is asked for", async () => {
    expect((await spoken({ text: "hello" })).output.audio.mediaType).toBe("audio/mpeg");
  });

  it("reads a text as a WAV file of the seconds that it counts", async () => {
    const { output, usage } = await spoken({ text: "seven green birds", format: "wav" });
    expect(output.audio.mediaType).toBe("audio/wav");
    expect(output.duration).toBeGreaterThan(1.2);
    expect(output.duration).toBeLessThan(2);
    expect(await secondsOf(output.audio.bytes)).toBeCloseTo(output.duration, 3);
    expect(usage).toEqual({ character: 17, "audio-second": output.duration });
  });

  it("reads the same text as the same bytes, and with another voice as others", async () => {
    const [first, second, other] = await Promise.all([
      spoken({ text: "hello" }),
      spoken({ text: "hello" }),
      spoken({ text: "hello", voice: "rms" }),
    ]);
    expect(second.output.audio.bytes).toEqual(first.output.audio.bytes);
    expect(other.output.audio.bytes).not.toEqual(first.output.audio.bytes);
  });

  it("reads with the first voice where the name is another maker's", async () => {
    const [first, second] = await Promise.all([spoken({ text: "hello", voice: "alloy" }), spoken({ text: "hello", voice: "slt" })]);
    expect(second.output.audio.bytes).toEqual(first.output.audio.bytes);
  });

  it("is faster at twice the speed", async () => {
    const [usual, fast] = await Promise.all([spoken({ text: "seven green birds" }), spoken({ text: "seven green birds", speed: 2 })]);
    expect(fast.output.duration / usual.output.duration).toBeGreaterThan(0.4);
    expect(fast.output.duration / usual.output.duration).toBeLessThan(0.65);
  });

  it("sends a sentence as soon as it is read, and the pieces are the file", async () => {
    const { sent, output } = await spoken({ text: "One sentence. Another one! A third?", format: "wav" });
    expect(sent).toHaveLength(3);
    expect(Buffer.concat(sent).subarray(44)).toEqual(Buffer.from(output.audio.bytes.subarray(44)));
  });

  it("makes MP3 and PCM", async () => {
    const mp3 = await spoken({ text: "hello", format: "mp3" });
    expect(mp3.output.audio.mediaType).toBe("audio/mpeg");
    expect(await secondsOf(mp3.output.audio.bytes)).toBeGreaterThan(0.4);
    const pcm = await spoken({ text: "hello", format: "pcm" });
    expect(pcm.output.audio.bytes.length).toBe(Math.round(pcm.output.duration * 24_000) * 2);
  });

  it("names the formats that it can make where it is asked for another", async () => {
    expect(await problemOf({ text: "hello", format: "flac" })).toMatchObject({
      code: "bad-input",
      message: "@ganglion/tiny-speak makes wav, pcm, mp3; ask for one of them",
      details: { field: "/response_format" },
    });
  });

  it("reads English only, and refuses what has nothing to read in it", async () => {
    expect(await problemOf({ text: "hola", lang: "es" })).toMatchObject({ code: "bad-input", details: { field: "/lang" } });
    expect(await problemOf({ text: "…" })).toMatchObject({ code: "bad-input", details: { field: "/text" } });
    expect(await problemOf({ text: "你好" })).toMatchObject({ code: "bad-input", details: { field: "/text" } });
  });

  it("reads what looks like an option, a mark-up or a file's name as a text", async () => {
    for (const text of ["-o /own/other", "<speak>hello</speak>", "/etc/passwd", 'a "quoted" word']) {
      expect((await spoken({ text })).output.duration).toBeGreaterThan(0.3);
    }
  });

  it("reads many texts, and words without an end, one after the other", async () => {
    const flite = await openFlite();
    for (let time = 0; time < 50; time++) expect((await flite.read("it is cold", "slt", 1)).length).toBeGreaterThan(10_000);
    for (let time = 0; time < 5; time++) expect((await flite.read("x".repeat(300), "slt", 1)).length).toBeGreaterThan(1_000_000);
  }, 120_000);

  it("is stopped between two sentences when its caller leaves", async () => {
    const leaving = new AbortController();
    const engine = createFliteEngine();
    let deltas = 0;
    const call = callOf<"text-to-speech">(tinySpeak, { text: "One. Two. Three. Four." }, { signal: leaving.signal });
    for await (const part of engine.run(call)) {
      if (part.type !== "delta") continue;
      deltas++;
      leaving.abort();
    }
    await engine.close();
    expect(deltas).toBe(1);
  });
});

describe("the pieces of a text", () => {
  it("are sentences, without accents", () => {
    expect(piecesOf("Café au lait, s'il vous plaît. It costs 3.50! Really?")).toEqual([
      "Cafe au lait, s'il vous plait.",
      "It costs 3.50!",
      "Really?",
    ]);
  });
  it("of a long sentence end with a word", () => {
    const pieces = piecesOf("word ".repeat(200));
    expect(pieces.every((piece) => piece.length <= 300 && /^word( word)*$/.test(piece))).toBe(true);
    expect(pieces.join(" ")).toBe("word ".repeat(200).trim());
  });
  it("of a word without an end are cut within it", () => {
    expect(piecesOf("a".repeat(700)).join("")).toBe("a".repeat(700));
  });
});
