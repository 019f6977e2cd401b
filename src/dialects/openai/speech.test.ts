import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventsOf, openTestApp, type TestApp } from "../../../test/app.ts";

let app: TestApp;
let recording: Blob;
beforeAll(async () => {
  app = await openTestApp();
  const spoken = await app.send("/v1/audio/speech", {
    json: { model: "tts-1", voice: "alloy", input: "Good morning, my friend.", response_format: "wav" },
  });
  recording = new Blob([await spoken.arrayBuffer()]);
});
afterAll(async () => {
  await app.close();
});

const text = "Good morning, my friend.";
const form = (fields: Record<string, string | Blob | undefined>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries({ file: recording, model: "whisper-1", ...fields }))
    if (value !== undefined) data.append(name, value as string);
  return { method: "POST", body: data };
};
const transcribe = (fields: Record<string, string | Blob | undefined> = {}) => app.send("/v1/audio/transcriptions", form(fields));

describe("/v1/audio/transcriptions", () => {
  it("answers JSON with the text, whatever the file is called and said to be", async () => {
    for (const file of [
      recording,
      new File([recording], "a.mp3", { type: "application/octet-stream" }),
      new File([recording], "audio.wav", { type: "audio/wav" }),
    ]) {
      expect(await (await transcribe({ file })).json()).toEqual({ text });
    }
  });

  it("answers text and subtitles as what they are", async () => {
    for (const [response_format, type, content] of [
      ["text", "text/plain; charset=utf-8", `${text}\n`],
      ["srt", "text/plain; charset=utf-8", `1\n00:00:00,000 --> 00:00:01,000\n${text}\n`],
      ["vtt", "text/vtt; charset=utf-8", `WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n${text}\n`],
    ] as const) {
      const response = await transcribe({ response_format });
      expect([response.headers.get("content-type"), await response.text()]).toEqual([type, content]);
    }
  });

  it("answers everything in verbose_json, with words under either spelling of the wish", async () => {
    expect(await (await transcribe({ response_format: "verbose_json" })).json()).toMatchObject({
      task: "transcribe",
      language: "english",
      duration: 1,
      text,
      segments: [{ id: 0, start: 0, end: 1, text }],
    });
    for (const name of ["timestamp_granularities[]", "timestamp_granularities"]) {
      const json = await (await transcribe({ response_format: "verbose_json", [name]: "word", language: "pt-BR" })).json();
      expect(json).toMatchObject({ language: "portuguese", words: [{ word: "Good", start: 0 }, {}, {}, { word: "friend.", end: 1 }] });
    }
  });

  it("streams pieces and the whole", async () => {
    expect(await eventsOf(await transcribe({ stream: "true" }))).toEqual([
      { type: "transcript.text.delta", delta: text },
      { type: "transcript.text.done", text },
    ]);
  });

  it("translates on its own route", async () => {
    expect(await (await app.send("/v1/audio/translations", form({ response_format: "verbose_json" }))).json()).toMatchObject({
      task: "translate",
      text,
    });
  });

  it("measures the recording's seconds", async () => {
    const response = await transcribe();
    expect(response.headers.get("cf-ai-neurons")).toBe((41.14 / 60).toFixed(2));
  });

  it.each([
    ["no file", { file: undefined }],
    ["a text where the file should be", { file: "a.wav" }],
    ["what is no recording", { file: new Blob(["<svg>"]) }],
    ["an unknown format", { response_format: "xml" }],
    ["a language that is none", { language: "12" }],
    ["a model of another task", { model: "@ganglion/echo" }],
  ])("refuses %s in OpenAI's shape, readable on any page", async (_name, fields) => {
    const response = await transcribe(fields);
    expect([response.status, response.headers.get("access-control-allow-origin"), await response.json()]).toMatchObject([
      400,
      "*",
      { error: { message: expect.any(String) as string } },
    ]);
  });

  it("calls what is no recording by the name that it was sent under", async () => {
    const response = await transcribe({ file: new Blob(["Dear friend, this is a letter."]) });
    expect(await response.json()).toMatchObject({ error: { param: "file", message: expect.not.stringContaining("audio") as string } });
  });

  it("refuses JSON, and an unknown model with 404", async () => {
    expect(await app.ask("/v1/audio/transcriptions", { model: "whisper-1" })).toMatchObject({ status: 400 });
    expect((await transcribe({ model: "@cf/x/y" })).status).toBe(404);
  });
});

describe("ai/run", () => {
  it("takes a recording as the body, with no content type at all, as a byte array and in base64", async () => {
    const path = `/client/v4/accounts/${app.accountId}/ai/run/@ganglion/echo-transcript`;
    const bytes = new Uint8Array(await recording.arrayBuffer());
    const replies = [
      await app.send(path, { method: "POST", body: bytes }),
      await app.send(path, { method: "POST", body: bytes, headers: { "content-type": "audio/wav" } }),
      await app.send(path, { json: { audio: [...bytes] } }),
      await app.send(path, { json: { audio: bytes } }), // JSON.stringify writes it as {"0": …, "1": …}
      await app.send(path, { json: { audio: Buffer.from(bytes).toString("base64") } }),
    ];
    for (const reply of replies) {
      expect(await reply.json()).toMatchObject({
        result: {
          text,
          word_count: 4,
          transcription_info: { duration: 1 },
          vtt: expect.stringMatching(/^WEBVTT/) as string,
          segments: [{ words: [{}, {}, {}, {}] }],
        },
      });
    }
  });

  it("answers speech as bytes", async () => {
    const response = await app.send(`/client/v4/accounts/${app.accountId}/ai/run/@ganglion/echo-speech`, { json: { text: "hi" } });
    expect([response.status, response.headers.get("content-type"), (await response.text()).slice(0, 4)]).toEqual([
      200,
      "audio/wav",
      "RIFF",
    ]);
  });
});

describe("/v1/audio/speech", () => {
  it("answers the audio with its true type, or as events", async () => {
    const response = await app.send("/v1/audio/speech", {
      json: { model: "tts-1", voice: { id: "nova" }, input: "hi", response_format: "wav" },
    });
    expect(response.headers.get("content-type")).toBe("audio/wav");
    const events = await eventsOf(
      await app.send("/v1/audio/speech", {
        json: { model: "tts-1", voice: "nova", input: "hi", response_format: "wav", stream_format: "sse" },
      }),
    );
    expect(events).toMatchObject([
      { type: "speech.audio.delta", audio: expect.stringMatching(/^UklGR/) as string },
      { type: "speech.audio.done" },
    ]);
  });

  it("says which format it cannot make", async () => {
    expect(await app.ask("/v1/audio/speech", { model: "tts-1", input: "hi", response_format: "aac" })).toMatchObject({
      status: 400,
      json: { error: { param: "response_format" } },
    });
  });

  it("lists models and voices for programs that ask", async () => {
    expect((await app.ask("/v1/audio/models")).json).toMatchObject({
      models: expect.arrayContaining([{ id: "@ganglion/echo-speech" }]) as unknown,
    });
    expect((await app.ask("/v1/audio/voices")).json).toMatchObject({
      voices: expect.arrayContaining([{ id: "alloy", name: "alloy" }]) as unknown,
    });
  });
});

describe("billing", () => {
  it("says in dollars and cents what a dashboard wants to know", async () => {
    const today = new Date().toISOString().slice(0, 10);
    for (const prefix of ["/v1", ""]) {
      expect((await app.ask(`${prefix}/dashboard/billing/subscription`)).json).toMatchObject({
        hard_limit_usd: 100_000_000,
        has_payment_method: true,
      });
      const { total_usage: cents } = (await app.ask(`${prefix}/dashboard/billing/usage?start_date=2020-01-01&end_date=${today}`)).json as {
        total_usage: number;
      };
      const { booked } = await app.ledger.budget(app.accountId, today);
      expect(cents).toBeCloseTo((booked / 1e6) * 0.0011, 9);
    }
    expect((await app.ask("/v1/dashboard/billing/usage?start_date=x&end_date=9999-99-99")).status).toBe(200);
  });

  it("shows the allocation of a limited plan", async () => {
    const poor = await openTestApp({ plan: "free" });
    try {
      expect((await poor.ask("/v1/dashboard/billing/subscription")).json).toMatchObject({ hard_limit_usd: 0.11 });
    } finally {
      await poor.close();
    }
  });
});
