// A recording written down, with OpenAI's client.
//   npm i openai
//   GANGLION_URL=http://127.0.0.1:8686 GANGLION_TOKEN=… node examples/transcribe.mjs recording.wav
import { createReadStream } from "node:fs";
import OpenAI from "openai";

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("name a recording: node examples/transcribe.mjs recording.wav");
const url = process.env.GANGLION_URL ?? "http://127.0.0.1:8686";
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: process.env.GANGLION_TOKEN });

const answer = await client.audio.transcriptions.create({
  model: process.env.MODEL ?? "@ganglion/tiny-listen",
  file: createReadStream(file),
  response_format: "verbose_json",
  timestamp_granularities: ["word", "segment"],
});
for (const { start, end, text } of answer.segments ?? []) console.log(`${start.toFixed(2)} - ${end.toFixed(2)}  ${text.trim()}`);
