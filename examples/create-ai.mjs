// What env.AI is in a Worker, in any program. In a project of your own: npm i ../ganglion, the clone that `npm run build` was run in.
//   GANGLION_URL=http://127.0.0.1:8686 GANGLION_TOKEN=… node examples/create-ai.mjs "What is the capital of France?"
import { createAi } from "ganglion/ai";

const [prompt = "Hello"] = process.argv.slice(2);
const ai = createAi({ baseUrl: process.env.GANGLION_URL ?? "http://127.0.0.1:8686", token: process.env.GANGLION_TOKEN });

const { response, usage } = await ai.run("@ganglion/tiny-chat", { prompt, temperature: 0 });
console.log(`${response} (${usage.total_tokens} tokens, request ${ai.lastRequestId})`);

const pictures = await ai.models({ task: "Text-to-Image" });
console.log(`${pictures.length} models draw pictures`);
