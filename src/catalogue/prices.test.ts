import { describe, expect, it } from "vitest";
import { microneuronsOf, type ModelCard, type Usage } from "../core/index.ts";
import { catalogueCards } from "./cards.ts";
import { billionsOf, priceOf } from "./prices.ts";
import { type PriceRow, priceRows } from "./rows.ts";

const card = (name: string): ModelCard => {
  const found = catalogueCards.find((one) => one.name === name);
  if (!found) throw new Error(`no card ${name}`);
  return found;
};
const neurons = (name: string, usage: Usage, day = "2026-11-01") => microneuronsOf(card(name).price, usage, day) / 1_000_000;

/** A second reading of the price lists, in plain decimal arithmetic: how often a row's price is due for a usage. */
const timesDue: Record<string, (usage: Required<Usage>) => number> = {
  "per M input tokens": (usage) => usage["input-token"] / 1e6,
  "per M cached input tokens": (usage) => usage["cached-input-token"] / 1e6,
  "per M output tokens": (usage) => usage["output-token"] / 1e6,
  "per 512x512 tile": (usage) => usage.tile,
  "per step": (usage) => usage.tile * usage.step,
  "per input 512x512 tile": (usage) => usage["input-tile"],
  "per output 512x512 tile": (usage) => usage.tile,
  "per input 512x512 tile, per step": (usage) => usage["input-tile"] * usage.step,
  "per output 512x512 tile, per step": (usage) => usage.tile * usage.step,
  "per first MP (1024x1024)": (usage) => usage["first-megapixel"],
  "per subsequent MP": (usage) => usage["subsequent-megapixel"],
  "per input image MP": (usage) => usage["input-megapixel"],
  "per audio minute": (usage) => usage["audio-second"] / 60,
  "per audio minute input": (usage) => usage["audio-second"] / 60,
  "per audio minute (WebSocket)": (usage) => usage["websocket-audio-second"] / 60,
  "per audio minute input (WebSocket)": (usage) => usage["websocket-audio-second"] / 60,
  "per 1k characters input": (usage) => usage.character / 1000,
  "per M images": (usage) => usage.image / 1e6,
};

const everything: Required<Usage> = {
  "input-token": 1_234_567,
  "cached-input-token": 89_101,
  "output-token": 43_210,
  tile: 6,
  "input-tile": 2,
  step: 25,
  "step-256": 5,
  "step-512": 5,
  "step-1024": 5,
  "step-2048": 5,
  "first-megapixel": 1,
  "subsequent-megapixel": 3.5,
  "input-megapixel": 0.25,
  image: 1_000,
  "audio-second": 90.5,
  "websocket-audio-second": 61.125,
  character: 3_333,
  request: 1,
};

function expectedOf(rows: readonly PriceRow[]): number {
  const hasCachedPrice = rows.some(({ unit }) => unit === "per M cached input tokens");
  const sum = rows.reduce((total, { unit, neurons: price }) => {
    const due = timesDue[unit];
    if (!due) throw new Error(`the test does not know the unit ${unit}`);
    const cachedToo = unit === "per M input tokens" && !hasCachedPrice ? everything["cached-input-token"] / 1e6 : 0;
    return total + price * (due(everything) + cachedToo);
  }, 0);
  return Math.round(sum * 1e6);
}

describe("every row of the price lists", () => {
  const days = [...new Set(priceRows.filter((row) => row.model !== undefined && row.billed !== false).map(({ from }) => from))];
  const inForce = (day: string) =>
    priceRows.filter((row) => row.billed !== false && row.from <= day && (row.to === undefined || day <= row.to));

  it.each([...days, "2026-11-01"])("is billed as it stands on %s", (day) => {
    const rows = inForce(day);
    const came = [...new Set(rows.flatMap(({ model }) => model ?? []))].filter((name) => card(name).createdAt * 1000 <= Date.parse(day));
    const bills = came.map((name) => [name, microneuronsOf(card(name).price, everything, day)]);
    expect(bills).toEqual(bills.map(([name]) => [name, expectedOf(rows.filter(({ model }) => model === name))]));
    expect(bills.length).toBeGreaterThanOrEqual(10);
  });

  it("becomes the terms of its unit, in micro-neurons, from the day on which the model came", () => {
    expect(card("@cf/meta/llama-3.1-8b-instruct").price.filter(({ from }) => from === "2025-02-20")).toEqual([
      { units: ["input-token"], microneurons: 25_608_000_000, per: 1_000_000, from: "2025-02-20" },
      { units: ["cached-input-token"], microneurons: 25_608_000_000, per: 1_000_000, from: "2025-02-20" },
      { units: ["output-token"], microneurons: 75_147_000_000, per: 1_000_000, from: "2025-02-20" },
    ]);
    expect(card("@cf/black-forest-labs/flux-2-dev").price).toEqual([
      { units: ["input-tile", "step"], microneurons: 18_750_000, per: 1, from: "2025-11-25" },
      { units: ["tile", "step"], microneurons: 37_500_000, per: 1, from: "2025-11-25" },
    ]);
    expect(card("@cf/deepgram/nova-3").price).toEqual([
      { units: ["audio-second"], microneurons: 472_730_000, per: 60, from: "2025-08-27" },
      { units: ["websocket-audio-second"], microneurons: 836_360_000, per: 60, from: "2025-08-27" },
    ]);
    expect(card("@cf/deepgram/aura-1").price).toEqual([
      { units: ["character"], microneurons: 1_363_640_000, per: 1000, from: "2025-08-27" },
    ]);
  });

  it("has a measure, or the catalogue cannot be loaded", () => {
    const row = { model: "@cf/x/y", unit: "per full moon", neurons: 1, from: "2026-01-01" };
    const model = { name: "@cf/x/y", task: "text-generation", since: "2026-01-01" } as const;
    expect(() => priceOf(model, [row])).toThrow(/per full moon/);
  });
});

describe("known bills", () => {
  it("bills 172.80 neurons for flux-1-schnell at 1024x1024 and 4 steps: 4 tiles x (4.80 + 4 x 9.60)", () => {
    expect(neurons("@cf/black-forest-labs/flux-1-schnell", { tile: 4, step: 4 })).toBe(172.8);
  });

  it("bills a cached token at its own price where there is one, and else as any other", () => {
    expect(neurons("@cf/zai-org/glm-5.2", { "cached-input-token": 1_000_000 })).toBe(23_636);
    expect(neurons("@cf/meta/llama-3.2-1b-instruct", { "cached-input-token": 1_000_000 })).toBe(2_457);
  });

  it("bills a minute to whisper at the 41.14 neurons that are published", () => {
    expect(neurons("@cf/openai/whisper", { "audio-second": 60 })).toBe(41.14);
  });
});

describe("prices of former times", () => {
  it("bills the first ten models at the rates of April 2024, and two of them dearer on the first day", () => {
    const million = { "input-token": 1_000_000, "output-token": 1_000_000 };
    expect(neurons("@cf/mistral/mistral-7b-instruct-v0.1", million, "2024-04-01")).toBeCloseTo(25_454.545 + 302_727.273, 6);
    expect(neurons("@cf/mistral/mistral-7b-instruct-v0.1", million, "2024-04-02")).toBeCloseTo(10_000 + 17_272.727, 6);
    expect(neurons("@cf/microsoft/resnet-50", { image: 1_000_000 }, "2024-05-01")).toBe(227_272.727);
  });

  it.each([
    ["@cf/qwen/qwen1.5-0.5b-chat", 9_090.9091],
    ["@cf/meta/llama-3.2-3b-instruct", 9_090.9091],
    ["@cf/meta/llama-3-8b-instruct", 13_636.3636],
    ["@hf/thebloke/llama-2-13b-chat-awq", 18_181.8182],
    ["@cf/deepseek-ai/deepseek-r1-distill-qwen-32b", 45_454.5455],
    ["@cf/meta/llama-3.1-70b-instruct", 68_181.8182],
  ])("bills a million tokens of %s, read or written, by its size in December 2024", (name, price) => {
    expect(neurons(name, { "input-token": 250_000, "cached-input-token": 250_000, "output-token": 500_000 }, "2024-12-01")).toBeCloseTo(
      price,
      6,
    );
  });

  it.each([
    ["@cf/baai/bge-base-en-v1.5", 727.2727],
    ["@cf/baai/bge-large-en-v1.5", 1_363.6364],
  ])("bills a million tokens of %s by its size in December 2024", (name, price) => {
    expect(neurons(name, { "input-token": 1_000_000 }, "2024-12-01")).toBe(price);
  });

  it("bills five steps of an image by its larger side, and an audio minute, in December 2024", () => {
    const sdxl = "@cf/stabilityai/stable-diffusion-xl-base-1.0";
    expect(neurons(sdxl, { "step-256": 5 }, "2024-12-01")).toBe(22.7273);
    expect(neurons(sdxl, { "step-512": 5 }, "2024-12-01")).toBe(45.4545);
    expect(neurons(sdxl, { "step-1024": 20 }, "2024-12-01")).toBe(4 * 90.9091);
    expect(neurons(sdxl, { "step-2048": 5 }, "2024-12-01")).toBe(181.8182);
    expect(neurons("@cf/openai/whisper-tiny-en", { "audio-second": 60 }, "2024-12-01")).toBe(354.5455);
  });

  it("does not give class prices to models that came later", () => {
    const came = (name: string) => card(name).price.map(({ from }) => from);
    expect(came("@cf/openai/gpt-oss-20b")).toEqual(["2025-08-05", "2025-08-05", "2025-08-05"]);
    expect(came("@cf/swiss-ai/apertus-v1.5-8b")).toEqual([]);
  });

  it("follows a price that was cut", () => {
    expect(neurons("@cf/cloudflare/clef-flash", { "input-token": 1_000_000 }, "2026-10-08")).toBe(8_182);
    expect(neurons("@cf/cloudflare/clef-flash", { "input-token": 1_000_000 }, "2026-10-09")).toBe(3_455);
  });
});

describe("days without a price", () => {
  it("makes no term of a row that was never billed", () => {
    const rows = priceRows.filter(({ billed }) => billed === false);
    expect(rows).toHaveLength(13);
    for (const { model = "" } of rows) expect(priceOf({ ...card(model), since: "2023-09-27" }, rows)).toEqual([]);
    expect(neurons("@cf/facebook/detr-resnet-50", { image: 1_000_000 }, "2024-01-15")).toBe(0);
  });

  it("takes the nearest later row of the model", () => {
    expect(neurons("@cf/baai/bge-base-en-v1.5", { "input-token": 1_000_000 }, "2024-01-15")).toBe(1_272.727);
    expect(neurons("@cf/meta/m2m100-1.2b", { "input-token": 1_000_000 }, "2024-12-01")).toBe(31_050);
    expect(neurons("@cf/deepgram/flux", { "websocket-audio-second": 60 }, "2025-11-01")).toBe(700);
  });

  it("is free after the last row has ended", () => {
    const tokens = { "input-token": 1_000_000, "output-token": 1_000_000 };
    expect(neurons("@cf/meta/llama-2-7b-chat-int8", tokens, "2025-02-19")).toBeCloseTo(2 * 13_636.3636, 6);
    expect(neurons("@cf/meta/llama-2-7b-chat-int8", tokens, "2025-02-20")).toBe(0);
  });

  it("costs nothing where no price was ever published", () => {
    expect(card("@cf/google/embeddinggemma-300m").price).toEqual([]);
    expect(neurons("@cf/google/embeddinggemma-300m", everything)).toBe(0);
  });
});

it("reads a number of parameters in billions", () => {
  expect([billionsOf("335M"), billionsOf("6.7B"), billionsOf("1T"), billionsOf("8x7B"), billionsOf(undefined)]).toEqual([
    0.335,
    6.7,
    1000,
    undefined,
    undefined,
  ]);
});
