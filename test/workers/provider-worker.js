// A Worker that uses the AI SDK through env.AI. Bundled with the packages of ai6/ and of ai7/; plain JavaScript, for two versions of one API.
import * as sdk from "ai";
import { createWorkersAI } from "workers-ai-provider";
import * as z from "zod";

const echo = "@ganglion/echo";
// Named so in both.
const { experimental_transcribe: transcribe, experimental_generateSpeech: generateSpeech } = sdk;

const speak = (tool) => ({ tools: { weather: sdk.tool({ inputSchema: z.object({ city: z.string() }) }) }, prompt: `call weather ${tool}` });

const kinds = {
  async "a text"(provider) {
    const { text, usage, finishReason } = await sdk.generateText({ model: provider(echo), prompt: "one two" });
    return { text, tokens: usage.totalTokens, finishReason };
  },
  async "a stream"(provider) {
    const { textStream, usage } = sdk.streamText({ model: provider(echo), prompt: "one two three" });
    const texts = [];
    for await (const text of textStream) texts.push(text);
    return { text: texts.join(""), cameInPieces: texts.length > 1, tokens: (await usage).totalTokens };
  },
  async "a tool call"(provider) {
    const { toolCalls } = await sdk.generateText({ model: provider(echo), ...speak('{"city":"Lima"}') });
    return toolCalls.map(({ toolName, input }) => ({ toolName, input }));
  },
  async "a streamed tool call"(provider) {
    const { toolCalls } = sdk.streamText({ model: provider(echo), ...speak('{"city":"Lima"}') });
    return (await toolCalls).map(({ toolName, input }) => ({ toolName, input }));
  },
  async "a form, whole and streamed"(provider) {
    const output = sdk.Output.object({ schema: z.object({ name: z.string(), age: z.int() }) });
    const prompt = "Anna is 31 years old. Answer as JSON with keys name and age.";
    const ask = { model: provider("@ganglion/tiny-chat"), output, prompt, temperature: 0 };
    const whole = await sdk.generateText(ask);
    let last;
    for await (const partial of sdk.streamText(ask).partialOutputStream) last = partial;
    return [whole.output, last];
  },
  async vectors(provider) {
    const values = ["a cat", "a dog that barks", "a small cat"];
    const { embeddings } = await sdk.embedMany({ model: provider.textEmbedding("@cf/baai/bge-base-en-v1.5"), values });
    const [cat = [], dog = [], small = []] = embeddings;
    return { count: embeddings.length, likeliest: sdk.cosineSimilarity(cat, small) > sdk.cosineSimilarity(cat, dog) };
  },
  async "a ranking"(provider) {
    const documents = ["Bananas are yellow", "A cat sleeps on the sofa", "The bank opens at nine"];
    const model = provider.reranking("@cf/baai/bge-m3");
    const { rerankedDocuments } = await sdk.rerank({ model, documents, query: "a sleeping cat", topN: 3 });
    return { best: rerankedDocuments[0], count: rerankedDocuments.length };
  },
  async "a picture"(provider) {
    const { image } = await sdk.generateImage({ model: provider.image("@ganglion/echo-picture"), prompt: "a cat", size: "256x256" });
    return { mediaType: image.mediaType, isLong: image.uint8Array.length > 100 };
  },
  async "speech, and what it said"(provider) {
    const { audio } = await generateSpeech({ model: provider.speech("@ganglion/echo-speech"), text: "four words of speech" });
    const { text } = await transcribe({ model: provider.transcription("@ganglion/echo-transcript"), audio: audio.uint8Array });
    return text;
  },
  async "an error, which is not tried again"(provider) {
    try {
      return await sdk.generateText({ model: provider("@cf/never/was"), prompt: "x" });
    } catch (thrown) {
      return { name: thrown.name, message: thrown.message, statusCode: thrown.statusCode, isRetryable: thrown.isRetryable };
    }
  },
};

export default {
  async fetch(_request, { AI }) {
    const provider = createWorkersAI({ binding: AI });
    const found = {};
    for (const [name, ask] of Object.entries(kinds)) {
      found[name] = await ask(provider).catch((thrown) => ({ failed: String(thrown.stack ?? thrown) }));
    }
    return Response.json(found);
  },
};
