import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ environment: { GANGLION_STAND_INS: "1" } });
});
afterAll(() => server.stop());

async function post(path: string, body: unknown): Promise<{ status: number; json: unknown; headers: Headers }> {
  const response = await fetch(server.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: await response.json(), headers: response.headers };
}
const run = (model: string, body: unknown) => post(`/client/v4/accounts/${server.accountId}/ai/run/${model}`, body);

describe("a translation by the model that comes along", () => {
  it("is answered in DeepLX's form, its language found out", async () => {
    const { json, headers } = await post("/translate", { text: "Good morning, Anna. Where is the station?", target_lang: "DE" });
    expect(json).toMatchObject({ code: 200, data: "Guten Morgen, Anna. Wo ist der Bahnhof?", source_lang: "EN", target_lang: "DE" });
    expect(Number(headers.get("cf-ai-neurons"))).toBeGreaterThan(0);
  });

  it("is answered in DeepL's form, text by text", async () => {
    const { json } = await post("/v2/translate", { text: ["Hello!", "", "Thank you very much!"], source_lang: "EN", target_lang: "PT-BR" });
    expect(json).toEqual({
      translations: [
        { detected_source_language: "EN", text: "Olá!" },
        { detected_source_language: "EN", text: "" },
        { detected_source_language: "EN", text: "Muito obrigado!" },
      ],
    });
  });

  it("keeps placeholders and tags in their places", async () => {
    const custom = await post("/translate", {
      source_lang: "en",
      target_lang: "es",
      text_list: ["{0} Good morning! <b0>Thank you!</b0>", "5", "Hello!"],
    });
    expect(custom.json).toMatchObject({
      translations: [{ text: "{0} ¡Buenos días! <b0>¡Gracias!</b0>" }, { text: "5" }, { text: "¡Hola!" }],
    });
    const html = await post("/v2/translate", {
      text: ["<p>Hello!</p><code>Hello!</code>"],
      source_lang: "en",
      target_lang: "fr",
      tag_handling: "html",
    });
    expect(html.json).toMatchObject({ translations: [{ text: "<p>Bonjour !</p><code>Hello!</code>" }] });
  });

  it("comes in order when two hundred paragraphs are sent at once", async () => {
    const paragraphs = Array.from({ length: 200 }, (_, i) => `Anna has ${i + 2} books.`);
    const answers = await Promise.all(paragraphs.map((text) => post("/translate", { text, source_lang: "en", target_lang: "es" })));
    expect(answers.map(({ json }) => (json as { data?: string }).data)).toEqual(paragraphs.map((_, i) => `Anna tiene ${i + 2} libros.`));
  });

  it("into a language that it lacks is refused, by the field and with those that it has", async () => {
    const { status, json } = await post("/translate", { text: "Hello!", source_lang: "en", target_lang: "ja" });
    expect(status).toBe(400);
    expect((json as { message: string }).message).toContain("Japanese");
  });

  it("is asked for by a language's name on the native route, and stands in for m2m100", async () => {
    const { json, headers } = await run("@cf/meta/m2m100-1.2b", { text: "Hello world!", source_lang: "english", target_lang: "spanish" });
    expect(json).toMatchObject({ success: true, result: { translated_text: "¡Hola mundo!" } });
    expect(JSON.stringify([...headers])).toContain("@ganglion/tiny-translate");
  });
});

describe("a summary by the model that comes along", () => {
  const article =
    "A fire broke out in a hotel in Lisbon on Monday at night, and 12 people were injured. Many residents watched from their windows. " +
    "The fire was caused by a candle, according to the police. The damage is estimated at 3 million euros.";

  it("is made on the native route, under its own name and for bart-large-cnn", async () => {
    for (const model of ["@ganglion/tiny-summary", "@cf/facebook/bart-large-cnn"]) {
      const { json } = await run(model, { input_text: article });
      expect(json).toMatchObject({
        success: true,
        result: { summary: "A fire in a hotel in Lisbon injured 12 people. It was caused by a candle." },
      });
    }
  });

  it("is no longer than asked for", async () => {
    const { json } = await run("@ganglion/tiny-summary", { input_text: article, max_length: 5 });
    expect((json as { result: { summary: string } }).result.summary.split(" ").length).toBeLessThanOrEqual(5);
  });
});
