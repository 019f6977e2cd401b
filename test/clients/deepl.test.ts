import * as deepl from "deepl-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../server.ts";

/** DeepL's own client, unmodified, against a started server; the model that comes along answers where none is named. */
describe("deepl-node", () => {
  let server: TestServer;
  let client: deepl.DeepLClient;
  beforeAll(async () => {
    server = await startTestServer({ flags: [] });
    client = new deepl.DeepLClient(server.token, { serverUrl: server.url, maxRetries: 0 });
  });
  afterAll(async () => {
    await server.stop();
  });

  it("translates a text, and one that needs no translation", async () => {
    const same = await client.translateText("Good morning, dear friends", "en", "en-GB");
    expect(same).toMatchObject({ text: "Good morning, dear friends", detectedSourceLang: "en" });
    expect(await client.translateText("12 + 30", null, "de")).toMatchObject({ text: "12 + 30", detectedSourceLang: "en" });
  });

  it("translates a list in its order, and finds out the language", async () => {
    const made = await client.translateText(["Guten Morgen, Anna.", "{0} Wo ist der Bahnhof?", "42"], null, "en-US");
    expect(made.map(({ text }) => text)).toEqual(["Good morning, Anna.", "{0} Where is the station?", "42"]);
    expect(made.map(({ detectedSourceLang }) => detectedSourceLang)).toEqual(["de", "de", "de"]);
  });

  it("translates with the model that an extra parameter names", async () => {
    const made = await client.translateText("Good <b0>morning</b0>", "en", "de", {
      extraRequestParameters: { model: "@ganglion/echo-translation" },
    });
    expect(made).toMatchObject({ text: "Good <b0>morning</b0>", detectedSourceLang: "en" });
  });

  it("keeps tags, and those it is told to ignore", async () => {
    const html = "<p>Thank you! <b>12</b> <code>npm start</code></p>";
    expect(await client.translateText(html, "en", "de", { tagHandling: "html" })).toMatchObject({
      text: "<p>Danke! <b>12</b> <code>npm start</code></p>",
    });
    const xml = "<doc><keep>5</keep> 6</doc>";
    expect(await client.translateText(xml, "en", "pt-BR", { tagHandling: "xml", ignoreTags: ["keep"] })).toMatchObject({ text: xml });
  });

  it("reads usage and languages", async () => {
    const usage = await client.getUsage();
    expect(usage.character).toMatchObject({ count: expect.any(Number) as number, limit: 1_000_000_000_000 });
    expect(usage.anyLimitReached()).toBe(false);
    const sources = await client.getSourceLanguages();
    expect(sources).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: "en", name: "English" }), expect.objectContaining({ code: "zh" })]),
    );
    expect((await client.getTargetLanguages()).length).toBe(100);
  });

  it("is told about a wrong key and a wrong language in its own errors", async () => {
    const stranger = new deepl.DeepLClient("never-a-token", { serverUrl: server.url, maxRetries: 0 });
    await expect(stranger.getUsage()).rejects.toBeInstanceOf(deepl.AuthorizationError);
    await expect(client.translateText("Good morning", null, "tlh" as deepl.TargetLanguageCode)).rejects.toThrow(/target_lang/);
  });

  it("is told that the allocation is spent, so that it does not try again", async () => {
    const poor = await startTestServer({ environment: { GANGLION_PLAN: "free" } });
    try {
      const spender = new deepl.DeepLClient(poor.token, { serverUrl: poor.url, maxRetries: 3 });
      const echo = { extraRequestParameters: { model: "@ganglion/echo-translation" } };
      await expect(spender.translateText("word ".repeat(160_000), "en", "de", echo)).rejects.toBeInstanceOf(deepl.QuotaExceededError);
    } finally {
      await poor.stop();
    }
  });
});
