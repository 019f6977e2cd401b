// A picture as a chat answer, the way One API and NextChat ask for it: any picture model works in /v1/chat/completions.
//   npm i openai
//   GANGLION_URL=http://127.0.0.1:8686 GANGLION_TOKEN=… node examples/picture-in-a-chat.mjs "a red circle on blue" picture.png
import { writeFile } from "node:fs/promises";
import OpenAI from "openai";

const [prompt = "a red circle on blue", file = "picture.png"] = process.argv.slice(2);
const model = process.env.MODEL ?? "@ganglion/tiny-draw";
const url = process.env.GANGLION_URL ?? "http://127.0.0.1:8686";
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: process.env.GANGLION_TOKEN });

const stream = await client.chat.completions.create({ model, stream: true, messages: [{ role: "user", content: prompt }] });
let markdown = "";
for await (const chunk of stream) markdown += chunk.choices[0]?.delta.content ?? "";
console.log(markdown);

const [, address] = /\((http[^)]+)\)/.exec(markdown) ?? [];
const picture = await fetch(address);
await writeFile(file, Buffer.from(await picture.arrayBuffer()));
console.log(`${file}: ${picture.headers.get("content-type")}, ${picture.headers.get("content-length")} bytes`);
