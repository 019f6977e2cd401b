import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./server.ts";

const samples = new URL("../src/media/samples/", import.meta.url);
const recording = readFileSync(new URL("speech.wav", samples)); // seven green birds

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ environment: { GANGLION_STAND_INS: "1" } });
});
afterAll(() => server.stop());

const headers = () => ({ authorization: `Bearer ${server.token}` });

const speak = (body: object) =>
  fetch(`${server.url}/v1/audio/speech`, {
    method: "POST",
    headers: { ...headers(), "content-type": "application/json" },
    body: JSON.stringify({ model: "@ganglion/tiny-speak", voice: "alloy", ...body }),
  });

function transcribe(file: Uint8Array, fields: Record<string, string> = {}) {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(file)]), "sound");
  for (const [name, value] of Object.entries({ model: "@ganglion/tiny-listen", ...fields })) form.append(name, value);
  return fetch(`${server.url}/v1/audio/transcriptions`, { method: "POST", headers: headers(), body: form });
}

const run = (model: string, body: BodyInit, type: string) =>
  fetch(`${server.url}/client/v4/accounts/${server.accountId}/ai/run/${model}`, {
    method: "POST",
    headers: { ...headers(), "content-type": type },
    body,
  });

describe("what tiny-speak says, tiny-listen writes down", () => {
  const text = "please turn on the light in the kitchen";

  it.each([
    ["wav", "audio/wav"],
    ["mp3", "audio/mpeg"],
    [undefined, "audio/mpeg"],
  ])("as %s", async (response_format, type) => {
    const spoken = await speak({ input: text, response_format });
    expect([spoken.status, spoken.headers.get("content-type")]).toEqual([200, type]);
    expect(await (await transcribe(new Uint8Array(await spoken.arrayBuffer()))).json()).toEqual({ text });
  });
});

describe("/v1/audio/speech", () => {
  it("sends sentence by sentence as events", async () => {
    const reply = await speak({ input: "Good morning. It is cold.", stream_format: "sse", response_format: "mp3" });
    const events = (await reply.text()).split("\n\n").filter(Boolean);
    expect(events.filter((event) => event.includes("speech.audio.delta")).length).toBeGreaterThanOrEqual(2);
    expect(events.at(-1)).toContain("speech.audio.done");
  });

  it("says which formats there are where it cannot make one", async () => {
    const reply = await speak({ input: "hello", response_format: "flac" });
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain("@ganglion/tiny-speak makes wav, pcm, mp3");
  });
});

describe("/v1/audio/transcriptions", () => {
  it("answers in every format", async () => {
    expect(await (await transcribe(recording, { response_format: "text" })).text()).toBe("seven green birds\n");
    expect(await (await transcribe(recording, { response_format: "vtt" })).text()).toMatch(
      /^WEBVTT\n\n00:00:00\.\d{3} --> 00:00:01\.\d{3}\nseven green birds\n$/,
    );
    expect(await (await transcribe(recording, { response_format: "srt" })).text()).toMatch(
      /^1\n00:00:00,\d{3} --> 00:00:01,\d{3}\nseven green birds\n$/,
    );
    const verbose: unknown = await (
      await transcribe(recording, { response_format: "verbose_json", "timestamp_granularities[]": "word" })
    ).json();
    expect(verbose).toMatchObject({
      language: "english",
      duration: 1.605,
      text: "seven green birds",
      segments: [{ id: 0, text: "seven green birds" }],
      words: [{ word: "seven" }, { word: "green" }, { word: "birds" }],
    });
  });

  it("reads every kind of file at every rate", async () => {
    const files = ["speech-8.wav", "speech-24.wav", "speech-float.wav", "speech-alaw.wav", "speech-mulaw.wav", "speech.mp3", "speech.flac"];
    for (const name of [...files, "speech-opus.ogg", "speech-vorbis.ogg", "speech.webm"]) {
      const reply = await transcribe(readFileSync(new URL(name, samples)));
      expect([name, reply.status, await reply.json()]).toEqual([name, 200, { text: "seven green birds" }]);
    }
  });

  it("takes OpenAI's own name for the server's model", async () => {
    const reply = await transcribe(recording, { model: "whisper-1" });
    expect([reply.status, await reply.json()]).toEqual([200, { text: "seven green birds" }]);
  });

  it("streams segments", async () => {
    const events = (await (await transcribe(recording, { stream: "true" })).text()).split("\n\n").filter(Boolean);
    expect(events.map((event) => (JSON.parse(event.replace(/^data: /, "")) as { type: string }).type)).toEqual([
      "transcript.text.delta",
      "transcript.text.done",
    ]);
  });
});

describe("ai/run", () => {
  it("takes a recording as it is and as a JSON array of its bytes", async () => {
    const bytes = { audio: Array.from(recording) };
    for (const [body, type] of [
      [recording, "application/octet-stream"],
      [JSON.stringify(bytes), "application/json"],
    ] as const) {
      const reply = await run("@ganglion/tiny-listen", body, type);
      expect(await reply.json()).toMatchObject({ success: true, result: { text: "seven green birds", word_count: 3 } });
    }
  });

  it.each([
    ["@cf/openai/whisper", Array.from(recording)],
    ["@cf/openai/whisper-large-v3-turbo", recording.toString("base64")],
  ])("answers in the place of %s, and says so", async (model, audio) => {
    const reply = await run(model, JSON.stringify({ audio }), "application/json");
    expect([reply.status, reply.headers.get("ganglion-served-by")]).toEqual([200, "@ganglion/tiny-listen"]);
    expect(await reply.json()).toMatchObject({ success: true, result: { text: "seven green birds" } });
  });

  it.each<[string, Uint8Array]>([
    ["ten silent hours", new Uint8Array(gunzipSync(readFileSync(new URL("silence.flac.gz", samples))))],
    ["junk", new Uint8Array(5000).fill(7)],
    ["a head without a body", new Uint8Array(recording.subarray(0, 44))],
  ])("refuses %s on every route, and lives", async (_, file) => {
    for (const reply of [await run("@ganglion/tiny-listen", new Blob([new Uint8Array(file)]), "audio/wav"), await transcribe(file)]) {
      expect(reply.status).toBe(400);
      expect(await reply.text()).toMatch(/\/(?:audio|file)/);
    }
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});
