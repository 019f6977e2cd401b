import { describe, expect, it } from "vitest";
import type { Input, ModelCard, Part } from "../../core/index.ts";
import { callOf, describeEngine } from "../conformance.ts";
import { createEchoEngine } from "./index.ts";

const card: ModelCard = {
  name: "@ganglion/echo",
  aliases: [],
  task: "text-generation",
  wireForm: "generated-text",
  description: "says back what it got",
  contextTokens: 1000,
  price: [],
  weights: [],
  origin: "built-in",
  abilities: { tools: true },
  createdAt: 0,
};

describeEngine("echo", {
  create: () => createEchoEngine(),
  models: {
    "text-generation": card,
    "text-to-image": { ...card, name: "@ganglion/echo-picture", task: "text-to-image" },
    "text-to-speech": { ...card, name: "@ganglion/echo-speech", task: "text-to-speech" },
    translation: { ...card, name: "@ganglion/echo-translation", task: "translation" },
  },
  inputs: {
    "text-to-image": { prompt: "a red circle" },
    "text-to-speech": { text: "hello there" },
    translation: { text: ["one two", "three"], target_lang: "es" },
  },
  except: { "answers a model that is not here with a Problem and nothing else": "echo has no models to not know" },
});

describe("echo", () => {
  async function say(input: Input<"text-generation">): Promise<Extract<Part<"text-generation">, { type: "end" }>> {
    for await (const part of createEchoEngine().run(callOf<"text-generation">(card, input))) if (part.type === "end") return part;
    throw new Error("no end");
  }

  it("counts the seconds of a recording by its sound, whatever its head says of lengths and of bytes a second", async () => {
    const spoken: ModelCard = { ...card, task: "text-to-speech" };
    const heard: ModelCard = { ...card, task: "automatic-speech-recognition" };
    let wav = new Uint8Array();
    for await (const part of createEchoEngine().run(callOf<"text-to-speech">(spoken, { text: "one two three four" })))
      if (part.type === "end") wav = new Uint8Array(part.output.audio.bytes);
    const hear = async (change: (view: DataView, bytes: Uint8Array) => void) => {
      const bytes = wav.slice();
      change(new DataView(bytes.buffer), bytes);
      const call = callOf<"automatic-speech-recognition">(heard, { audio: { bytes, mediaType: "audio/wav" } });
      for await (const part of createEchoEngine().run(call)) if (part.type === "end") return part.usage["audio-second"];
      throw new Error("no end");
    };
    const data = Buffer.from(wav).indexOf("data");
    expect(await hear(() => {})).toBe(1);
    for (const bytesPerSecond of [0, 1, 2 ** 32 - 1]) expect(await hear((view) => view.setUint32(28, bytesPerSecond, true))).toBe(1);
    for (const length of [0, 2 ** 32 - 1]) expect(await hear((view) => view.setUint32(data + 4, length, true))).toBe(1);
    const wrong = [
      (view: DataView) => view.setUint32(24, 2 ** 32 - 1, true),
      (view: DataView) => view.setUint16(22, 0, true),
      (view: DataView) => view.setUint16(34, 0, true),
      (_view: DataView, bytes: Uint8Array) => bytes.fill(0, 12),
      (_view: DataView, bytes: Uint8Array) => bytes.fill(0, data),
    ];
    for (const change of wrong) await expect(hear(change)).rejects.toMatchObject({ code: "bad-input", details: { field: "/audio" } });
  });

  it("counts words as tokens", async () => {
    const { usage } = await say({ prompt: "one two  three" });
    expect(usage).toEqual({ "input-token": 3, "output-token": 3 });
  });

  it("stops after max_tokens words and says so", async () => {
    const { output } = await say({ prompt: "one two three", max_tokens: 2 });
    expect(output).toMatchObject({ text: "one two", finish_reason: "length" });
  });

  it("stops before a stop string", async () => {
    expect((await say({ prompt: "one two three", stop: ["three", "tw"] })).output.text.trim()).toBe("one");
  });

  it("fails where the text tells it to, after what comes before", async () => {
    const said: string[] = [];
    const listen = async () => {
      const call = callOf<"text-generation">(card, { prompt: "one two <fail/> three" });
      for await (const part of createEchoEngine().run(call)) if (part.type === "delta") said.push(part.delta.text ?? "");
    };
    await expect(listen()).rejects.toMatchObject({ code: "engine-failed" });
    expect(said).toEqual(["one", " two"]);
  });

  it("calls a tool that the text names, with the text's JSON", async () => {
    const { output } = await say({ messages: [{ role: "user", content: 'call weather {"city": "Porto"}' }], tools: [{ name: "weather" }] });
    expect(output.finish_reason).toBe("tool_calls");
    expect(output.tool_calls).toEqual([{ id: "call_weather", name: "weather", arguments: '{"city": "Porto"}' }]);
  });

  it("splits off a thought at the beginning", async () => {
    expect((await say({ prompt: "<think>well now</think>yes" })).output).toMatchObject({ reasoning: "well now", text: "yes" });
  });

  it("lets others have their turn in a long answer", async () => {
    let turns = 0;
    let words = 0;
    const ticking = setInterval(() => turns++, 0);
    const input = { prompt: "a ".repeat(20_000), max_tokens: 20_000 };
    const call = callOf<"text-generation">({ ...card, contextTokens: undefined }, input);
    for await (const part of createEchoEngine().run(call)) if (part.type === "delta") words++;
    clearInterval(ticking);
    expect(words).toBe(20_000);
    expect(turns).toBeGreaterThan(5);
  });
});
