import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApp, type TestApp } from "../../../test/app.ts";
import { cutText, type MarkupKind } from "./markup.ts";
import { detectLanguage } from "./detect.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => {
  await app.close();
});

const hello = { text: "Hello there, how are you today?", source_lang: "EN", target_lang: "ES" };

describe("/translate", () => {
  it("answers DeepLX's fields, with the worker's beside them", async () => {
    const { status, json, headers } = await app.ask("/translate", hello);
    expect(status).toBe(200);
    expect(json).toEqual({
      code: 200,
      id: expect.any(Number) as number,
      data: hello.text,
      alternatives: [],
      source_lang: "EN",
      target_lang: "ES",
      method: "Free",
    });
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("cf-ai-neurons")).toMatch(/^\d+\.\d\d$/);
  });

  it("finds the token wherever translation clients put it", async () => {
    const none = { authorization: undefined };
    for (const [path, headers] of [
      [`/translate?password=${app.secret}`, none],
      [`/translate?token=${app.secret}`, none],
      [`/${app.secret}/translate`, none],
      ["/translate", { authorization: `DeepL-Auth-Key ${app.secret}` }],
      ["/translate", { authorization: `Bearer ${app.secret}` }],
      ["/v1/translate", {}],
    ] as const) {
      expect((await app.ask(path, hello, headers)).status, path).toBe(200);
    }
  });

  it("says 404 for an unknown path before 401 for a wrong secret, each in DeepLX's form and readable by a page", async () => {
    const wrong = { authorization: "Bearer never" };
    for (const [path, status] of [
      ["/translate?password=never", 401],
      ["/never/translate", 401],
      ["/translate/more?password=never", 404],
    ] as const) {
      const reply = await app.ask(
        path,
        hello,
        path.includes("password") || path.startsWith("/never") ? { authorization: undefined } : wrong,
      );
      expect(reply.status, path).toBe(status);
      expect(reply.headers.get("access-control-allow-origin")).toBe("*");
      if (status === 401) expect(reply.json).toEqual({ code: 401, message: expect.any(String) as string });
    }
  });

  it("never logs the secret of an address", async () => {
    app.logs.length = 0;
    await app.ask(`/translate?password=${app.secret}`, hello, { authorization: undefined });
    await app.ask(`/${app.secret}/translate`, hello, { authorization: undefined });
    expect(app.logs).toHaveLength(2);
    expect(JSON.stringify(app.logs)).not.toContain(app.secret);
  });

  it("finds the language out where none is named, and says which", async () => {
    for (const source_lang of [undefined, "", "auto", null]) {
      const text = "Der schnelle braune Fuchs springt über den faulen Hund und läuft davon.";
      expect((await app.ask("/translate", { text, source_lang, target_lang: "en" })).json).toMatchObject({ source_lang: "DE" });
    }
  });

  it("translates a list one by one, and joins it for readers of one text", async () => {
    expect((await app.ask("/translate", { ...hello, text: ["one day", "", "two days"] })).json).toMatchObject({
      data: "one day\n\ntwo days",
      translations: ["one day", "", "two days"],
    });
  });

  it("gives back as it is what needs no translation, without asking a model", async () => {
    for (const body of [
      { ...hello, target_lang: "en-GB" },
      { ...hello, text: "12:30 €5 🦊" },
    ]) {
      const { json, headers } = await app.ask("/translate", body);
      expect(json).toMatchObject({ data: body.text });
      expect(headers.get("cf-ai-neurons")).toBe("0.00");
    }
  });

  it.each([
    ["no text", { target_lang: "ES" }],
    ["an empty text", { ...hello, text: "" }],
    ["no target", { text: "hi" }],
    ["an unknown target", { ...hello, target_lang: "tlh" }],
    ["a target to be found out", { ...hello, target_lang: "auto" }],
    ["an unknown source", { ...hello, source_lang: "xx" }],
    ["a number as a language", { ...hello, source_lang: 5 }],
    ["an unknown tag handling", { ...hello, tag_handling: "markdown" }],
    ["no object", "hi"],
  ])("refuses %s with 400 and DeepLX's fields", async (_name, body) => {
    expect(await app.ask("/translate", body)).toMatchObject({ status: 400, json: { code: 400, message: expect.any(String) as string } });
  });

  it("answers Immersive Translate's custom API by the shape of the body", async () => {
    const body = {
      source_lang: "auto",
      target_lang: "zh-CN",
      text_list: ["Click {0} to <b0>start the program</b0>.", "5", "Good evening, ladies and gentlemen"],
    };
    expect((await app.ask("/translate", body)).json).toEqual({
      translations: body.text_list.map((text) => ({ detected_source_lang: "en", text })),
    });
  });
});

describe("/v2", () => {
  const form = (fields: [string, string][]) => ({
    method: "POST",
    body: new URLSearchParams(fields).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });

  it("translates a form with many texts, and JSON", async () => {
    const sent = form([
      ["text", "one day"],
      ["text", "two days"],
      ["source_lang", "en"],
      ["target_lang", "de"],
      ["show_billed_characters", "1"],
    ]);
    expect(await (await app.send("/v2/translate", sent)).json()).toEqual({
      translations: [
        { detected_source_language: "EN", text: "one day", billed_characters: 7 },
        { detected_source_language: "EN", text: "two days", billed_characters: 8 },
      ],
    });
    expect((await app.ask("/v2/translate", { text: ["größe 🦊"], source_lang: "nb", target_lang: "de" })).json).toEqual({
      translations: [{ detected_source_language: "NB", text: "größe 🦊" }],
    });
  });

  it("always names a source, even of a text without words", async () => {
    expect((await app.ask("/v2/translate", { text: ["42"], target_lang: "DE" })).json).toMatchObject({
      translations: [{ detected_source_language: "EN" }],
    });
  });

  it("lists languages for both sides, the usual ones first", async () => {
    const { json } = await app.ask("/v2/languages?type=target");
    expect(json).toHaveLength(100);
    expect(json).toMatchObject({ 0: { language: "EN", name: "English", supports_formality: false } });
    expect((await app.ask("/v2/languages?type=both")).status).toBe(400);
    for (const { name } of json as { name: string }[]) expect(name).toMatch(/^[A-Z]/);
  });

  it("reports neurons as the usage, and the plan's as the limit", async () => {
    expect((await app.ask("/v2/usage")).json).toMatchObject({
      character_limit: 1_000_000_000_000,
      character_count: expect.any(Number) as number,
    });
  });

  it("says 403 to a wrong key, as DeepL's own clients want it", async () => {
    const reply = await app.ask("/v2/usage", undefined, { authorization: "DeepL-Auth-Key never:fx" });
    expect([reply.status, reply.json]).toEqual([403, { message: expect.any(String) as string }]);
  });

  it("says 456 when the allocation is spent", async () => {
    const poor = await openTestApp({ plan: "free" });
    try {
      const text = "word ".repeat(160_000);
      expect((await poor.ask("/v2/translate", { text: [text], source_lang: "en", target_lang: "de" })).status).toBe(456);
      expect(await poor.ask("/translate", { text, source_lang: "en", target_lang: "de" })).toMatchObject({
        status: 429,
        json: { code: 429 },
      });
    } finally {
      await poor.close();
    }
  });

  it("answers what it does not serve in DeepL's form", async () => {
    expect(await app.ask("/v2/glossaries")).toMatchObject({ status: 404, json: { message: expect.any(String) as string } });
  });
});

it("takes a megabyte at most, where the server takes more", async () => {
  const roomy = await openTestApp({ bodyLimit: 3_000_000 });
  try {
    const body = { text: "{0}".repeat(400_000), source_lang: "en", target_lang: "de" };
    for (const path of ["/translate", "/v2/translate"]) expect(await roomy.ask(path, body)).toMatchObject({ status: 413 });
    expect((await roomy.ask("/translate", { ...body, text: "{0}".repeat(300_000) })).status).toBe(200);
  } finally {
    await roomy.close();
  }
});

describe("markup", () => {
  const upper = (text: string, kind: MarkupKind, ignore?: string[]) => {
    const cut = cutText(text, kind, ignore);
    return cut.join(cut.runs.map((run) => run.toUpperCase()));
  };

  it.each([
    ["placeholders", " Click {0} to <b0>start</b0> now \n", " CLICK {0} TO <b0>START</b0> NOW \n"],
    ["placeholders", "a < b and <i>c</i>", "A < B AND <I>C</I>"],
    ["html", '<p class="x">one <b>two</b>&nbsp;three</p>', '<p class="x">ONE <b>TWO</b>&nbsp;THREE</p>'],
    ["html", "fish &amp; chips &lt; peas", "FISH &amp; CHIPS &lt; PEAS"],
    ["html", "run <code>npm start</code> now", "RUN <code>npm start</code> NOW"],
    ["html", '<span translate="no">Ganglion <span>x</span></span> runs', '<span translate="no">Ganglion <span>x</span></span> RUNS'],
    ["html", "a<br/>b<!-- keep me -->c", "A<br/>B<!-- keep me -->C"],
    ["xml", "<keep>name</keep> and <x>other</x>", "<keep>name</keep> AND <x>OTHER</x>"],
    ["html", "&#72;i &#x1F98A; &bogus;", "HI 🦊 &amp;BOGUS;"],
  ] as const)("%s: %j keeps what is not text", (kind, text, expected) => {
    expect(upper(text, kind, ["keep"])).toBe(expected);
  });

  it("reads hostile markup to its end", () => {
    for (const text of ["<", "<a ", "<!--", "&#", "<b0", "<!---->", "{0", "<?", "</"].map((piece) => piece.repeat(100_000))) {
      for (const kind of ["placeholders", "html", "xml"] as const) {
        const cut = cutText(text, kind);
        expect(cutText(cut.join(cut.runs), kind).runs).toEqual(cut.runs);
      }
    }
  });
});

it("tells languages apart by script and by words, and guesses nothing from too little", async () => {
  for (const [text, language] of [
    ["안녕하세요", "ko"],
    ["これは日本語の文章です", "ja"],
    ["这是一个中文句子", "zh"],
    ["สวัสดีครับ", "th"],
    ["Wo ist der nächste Bahnhof, bitte sehr?", "de"],
    ["¿Dónde está la estación de tren más cercana?", "es"],
    ["Saya tidak bisa datang karena sedang sakit di rumah", "id"],
    ["Hello", "en"],
    ["PDF", "en"],
  ] as const) {
    expect(await detectLanguage([text]), text).toBe(language);
  }
});
