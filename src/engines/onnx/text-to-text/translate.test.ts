import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { Call, Input } from "../../../core/index.ts";
import { ask, problemOf } from "../ask.case.ts";
import { createOnnxEngine } from "../onnx.ts";
import type { BatchReport } from "../options.ts";
import { tinyTranslate } from "./models.case.ts";

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

function setUp(batchTokens = 2048) {
  const batches: BatchReport[] = [];
  const engine = createOnnxEngine({ threads: 1, batchTokens, onBatch: (batch) => batches.push(batch) });
  closing.push(() => engine.close());
  const translate = (text: string[], asked: Partial<Input<"translation">> = {}, changes: Partial<Call<"translation">> = {}) =>
    ask<"translation">(engine, tinyTranslate, { text, source_lang: "en", target_lang: "es", ...asked }, changes);
  return { engine, batches, translate };
}
const { engine, translate } = setUp();
const say = async (text: string, from: string, to: string) =>
  (await translate([text], { source_lang: from, target_lang: to })).output.translations[0];

/** Sentences that the model has not been trained on. */
const sentences = readFileSync(new URL("../../../../models/tiny-translate/held-out.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => (JSON.parse(line) as { en: string }).en);

describe("tiny-translate", () => {
  it.each([
    ["en", "es", "Hello world!", "¡Hola mundo!"],
    ["en", "pt", "Good morning, Anna.", "Bom dia, Anna."],
    ["en", "de", "Where is the station?", "Wo ist der Bahnhof?"],
    ["en", "fr", "Thank you very much!", "Merci beaucoup !"],
    ["de", "en", "Ich wohne in München.", "I live in Munich."],
    ["pt", "es", "Eu quero comprar este livro.", "Quiero comprar este libro."],
    ["fr", "de", "Le fichier a été supprimé.", "Die Datei wurde gelöscht."],
    ["es", "pt", "Mi hermano tiene tres perros.", "Meu irmão tem três cachorros."],
  ])("from %s to %s: %s", async (from, to, text, translation) => {
    expect(await say(text, from, to)).toBe(translation);
  });

  it("keeps names that nobody has, and numbers", async () => {
    expect(await say("Zorbelquin has 48217 books.", "en", "es")).toBe("Zorbelquin tiene 48217 libros.");
  });

  it("reads languages as codes and as English names, and takes a text without one for English", async () => {
    expect(await say("Hello!", "English", "Spanish")).toBe("¡Hola!");
    expect(await say("Olá!", "pt-BR", "EN_us")).toBe("Hello!");
    const { output } = await ask<"translation">(engine, tinyTranslate, { text: ["Hello!"], target_lang: "german" });
    expect(output.translations).toEqual(["Hallo!"]);
  });
});

describe("a long text", () => {
  const text = "  Good morning, Anna! How are you?\n\n\tWhere is the station?  It is raining.\r\n\n42\n";
  const translation = "  ¡Buenos días, Anna! ¿Cómo estás?\n\n\t¿Dónde está la estación?  Está lloviendo.\r\n\n42\n";

  it("is translated sentence by sentence, in its lines and with its white space", async () => {
    expect(await say(text, "en", "es")).toBe(translation);
  });

  it("costs the tokens of its sentences, the special ones counted, and those that were made", async () => {
    const alone = await translate(["Good morning, Anna!", "How are you?", "Where is the station?", "It is raining."]);
    expect((await translate([text])).usage).toEqual(alone.usage);
    const { usage } = await translate(["Hello!"]);
    expect(usage).toEqual({ "input-token": 4, "output-token": 5 }); // __en__ Hello ! </s>, and ¡ H ola ! </s>
  });

  it.each(["\n\n\n", " ", "12:30", "🦊 --- 🦊", "\n".repeat(1_000_000)])(
    "without words stays as it is, and costs nothing: %#",
    async (blank) => {
      const { output, usage } = await translate([blank, "Hello!", blank]);
      expect(output.translations).toEqual([blank, "¡Hola!", blank]);
      expect(usage).toEqual({ "input-token": 4, "output-token": 5 });
    },
  );

  it("in the language that is asked for stays as it is, and costs nothing", async () => {
    const { output, usage } = await translate([text, "Guten Tag"], { target_lang: "en-GB" });
    expect(output.translations).toEqual([text, "Guten Tag"]);
    expect(usage).toEqual({ "input-token": 0, "output-token": 0 });
  });

  it("whose sentence is longer than the model reads is cut at white space", async () => {
    const words = Array.from({ length: 900 }, () => "house").join(" ");
    const { output, usage } = await translate([`${words}.`]);
    expect(usage["input-token"]).toBeGreaterThan(900);
    expect(output.translations[0]).not.toBe("");
  });
});

describe("texts that come together", () => {
  it("get what they would get alone", async () => {
    const some = sentences.slice(0, 60);
    const together = (await translate(some, { target_lang: "de" })).output.translations;
    for (const [i, sentence] of some.entries()) expect(together[i]).toBe(await say(sentence, "en", "de"));
  });

  it("in 200 calls run in few batches, and each gets its own", async () => {
    const { batches, translate: run } = setUp();
    await run(["Hello!"]);
    batches.length = 0;
    const paragraphs = Array.from({ length: 200 }, (_, i) => `Anna has ${i + 2} books. Where is the station?`);
    const answers = await Promise.all(paragraphs.map((paragraph) => run([paragraph])));
    for (const [i, { output }] of answers.entries()) {
      expect(output.translations[0]).toBe(`Anna tiene ${i + 2} libros. ¿Dónde está la estación?`);
    }
    expect(batches.length).toBeLessThan(10);
  });

  it("share a batch whatever their languages are", async () => {
    const { batches, translate: run } = setUp();
    await run(["Hello!"]);
    batches.length = 0;
    const [spanish, german, english] = await Promise.all([
      run(["Hello!"]),
      run(["Hello!"], { target_lang: "de" }),
      run(["Bonjour !"], { source_lang: "fr", target_lang: "en" }),
    ]);
    expect([spanish, german, english].map(({ output }) => output.translations[0])).toEqual(["¡Hola!", "Hallo!", "Hello!"]);
    expect(batches).toMatchObject([{ texts: 3, calls: 3 }]);
  });
});

describe("a caller who leaves", () => {
  it("takes his sentences along, those of the batch at work too", async () => {
    const { batches, translate: run } = setUp(256);
    await run(["Hello!"]);
    batches.length = 0;
    const leaving = new AbortController();
    const much = run([sentences.join("\n").repeat(5)], {}, { signal: leaving.signal }).catch(() => "left");
    const little = run(["Good morning, Anna."]);
    expect((await little).output.translations).toEqual(["Buenos días, Anna."]);
    leaving.abort();
    expect(await much).toBe("left");
    await run(["Hello!"]);
    expect(batches.length).toBeLessThan(20);
  });

  it("is heeded while a long text is being read", async () => {
    const { engine: own } = setUp();
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(), 50);
    const text = [sentences.join(" ").repeat(100)];
    const parts = [];
    for await (const part of own.run({ ...callFor(text), signal: leaving.signal })) parts.push(part.type);
    expect(parts).toEqual([]);
  });

  it("stops at the deadline", async () => {
    const late = translate([sentences.join("\n").repeat(20)], {}, { deadline: Date.now() + 300 });
    await expect(late).rejects.toMatchObject({ code: "timed-out" });
  });
});

describe("a strange text", () => {
  const strange = {
    "half characters": "Hello \ud800 world, \udfff!",
    "right to left": "مرحبا بالعالم. \u202eHello\u202c שלום",
    "special tokens": "</s> __fr__ Hello <pad> <s> __de__",
    "no spaces": "Hello".repeat(2000),
    "no letters of the model": "漢字ひらがな한국어".repeat(20),
    "joined emoji": "👩‍👩‍👧‍👦 family 👩‍👩‍👧‍👦".repeat(5),
    "control characters": "Hello\u0000\u0001\u0007 world\u009f",
    "combining marks": `e${"\u0301".repeat(300)} a`,
  };

  it.each(Object.entries(strange))("is answered: %s", async (_, text) => {
    const { output, usage } = await translate([text]);
    expect(output.translations).toHaveLength(1);
    expect(output.translations[0]).not.toMatch(/\p{Surrogate}/u);
    expect(usage["output-token"]).toBeLessThanOrEqual(3 * new TextEncoder().encode(text).length + 64);
  });

  it.each([
    ["words", "Hello, how are you? "],
    ["one word", "a"],
    ["dots", ". a"],
    ["half characters", "\ud800"],
  ])("of a million characters is read piece by piece: %s", async (_, piece) => {
    const { engine: own } = setUp();
    const text = piece.repeat(1_000_000 / piece.length);
    let between = 0;
    const ticking = setInterval(() => between++, 5);
    for await (const part of own.run(callFor([text]))) {
      expect(part.type).toBe("begin");
      expect(part.usage["input-token"]).toBeLessThanOrEqual(2 * 3 * 1_000_000 + 64);
      break;
    }
    clearInterval(ticking);
    expect(between).toBeGreaterThan(1); // others had their turn
  });
});

describe("languages that the model lacks", () => {
  it.each([
    [{ target_lang: "ja" }, "/target_lang"],
    [{ target_lang: "tlh" }, "/target_lang"],
    [{ source_lang: "arabic" }, "/source_lang"],
  ])("are bad input, by the field: %j", async (asked, field) => {
    const problem = await problemOf<"translation">(engine, tinyTranslate, {
      text: ["Hello!"],
      source_lang: "en",
      target_lang: "es",
      ...asked,
    });
    expect(problem).toMatchObject({ code: "bad-input", details: { field } });
    expect(problem.message).toContain("English (en), Spanish (es), Portuguese (pt), German (de), French (fr)");
  });
});

function callFor(text: string[]): Call<"translation"> {
  return {
    id: "1",
    task: "translation",
    model: tinyTranslate,
    input: { text, source_lang: "en", target_lang: "es" },
    deadline: Date.now() + 600_000,
    account: "",
    affinity: undefined,
    signal: new AbortController().signal,
  };
}
