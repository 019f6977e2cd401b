import assert from "node:assert/strict";
import { test } from "node:test";
import { accountId, assertStopsEarly, freeUrl, long, token, url, weather } from "./judged.mjs";

const chat = "@ganglion/tiny-chat";
const echo = "@ganglion/echo";

/**
 * The AI SDK judges, through each of its providers.
 *
 * @param packages `ai`, its providers and `zod`, as the folder of one Node.js version has them
 */
export function judgeAiSdk({ ai, createOpenAICompatible, createOpenAI, createWorkersAI, z }) {
  const { generateText, streamText, Output, tool, stepCountIs, APICallError, embedMany, rerank, generateImage } = ai;
  const { experimental_generateSpeech: generateSpeech, experimental_transcribe: transcribe } = ai;
  const providers = {
    "@ai-sdk/openai-compatible": (base = url, apiKey = token) =>
      createOpenAICompatible({ name: "ganglion", baseURL: `${base}/v1`, apiKey, includeUsage: true, supportsStructuredOutputs: true }),
    "@ai-sdk/openai": (base = url, apiKey = token) => createOpenAI({ baseURL: `${base}/v1`, apiKey }),
    // Its host is fixed, and its documentation gives `fetch` as the way to another one.
    "workers-ai-provider": (base = url, apiKey = token) =>
      createWorkersAI({
        accountId,
        apiKey,
        fetch: (asked, init) => fetch(String(asked).replace("https://api.cloudflare.com", base), init),
      }),
  };
  const tools = (execute) => ({
    get_weather: tool({ description: weather.tool.description, inputSchema: z.object({ city: z.string() }), execute }),
  });
  const person = Output.object({ schema: z.object({ name: z.string(), age: z.int() }) });
  const anna = "Anna is 31 years old. Answer as JSON with keys name and age.";

  // Of @ai-sdk/openai the models of the chat route: `provider(name)` there is a model of OpenAI's newer route for responses.
  const textOf = (provider) => provider.chat ?? provider;

  for (const [name, at] of Object.entries(providers)) {
    const provider = at();
    const model = textOf(provider);
    const native = name === "workers-ai-provider";

    test(`${name} asks for a text`, async () => {
      const { text, finishReason, usage } = await generateText({
        model: model(chat),
        prompt: "What is the capital of France?",
        temperature: 0,
      });
      assert.equal(text, "The capital of France is Paris.");
      assert.equal(finishReason, "stop");
      assert.deepEqual([usage.inputTokens, usage.outputTokens, usage.totalTokens], [18, 12, 30]);
    });

    test(`${name} holds a conversation`, async () => {
      const messages = [
        { role: "system", content: "Answer in short sentences." },
        { role: "user", content: [{ type: "text", text: "My name is Anna." }] },
        { role: "assistant", content: "Nice to meet you, Anna!" },
        { role: "user", content: "What is my name?" },
      ];
      const { text } = await generateText({
        model: model(chat),
        messages,
        allowSystemInMessages: true,
        temperature: 0,
        maxOutputTokens: 20,
        topP: 0.9,
      });
      assert.equal(text, "Your name is Anna.");
    });

    test(`${name} reads a stream without loss`, async () => {
      const result = streamText({ model: model(echo), prompt: "naïve 日本 🦜 text" });
      const pieces = [];
      for await (const piece of result.textStream) pieces.push(piece);
      assert.deepEqual(pieces, ["naïve", " 日本", " 🦜", " text"]);
      assert.equal(await result.finishReason, "stop");
      assert.equal((await result.usage).outputTokens, 4);
    });

    test(`${name} leaves a stream, and the engine stops`, () =>
      assertStopsEarly(async () => {
        const leaving = new AbortController();
        const asked = { prompt: long.text, maxOutputTokens: long.maxTokens, abortSignal: leaving.signal, onError() {} };
        for await (const _piece of streamText({ model: model(echo), ...asked }).textStream) {
          leaving.abort();
          break;
        }
      }));

    test(`${name} asks for a form`, async () => {
      const { output } = await generateText({ model: model(chat), output: person, prompt: anna, temperature: 0 });
      assert.deepEqual(output, { name: "Anna", age: 31 });
    });

    test(`${name} reads a form from a stream`, async () => {
      const { partialOutputStream } = streamText({ model: model(chat), output: person, prompt: anna, temperature: 0 });
      let last;
      for await (const partial of partialOutputStream) last = partial;
      assert.deepEqual(last, { name: "Anna", age: 31 });
    });

    test(`${name} runs a tool and reads the answer`, async () => {
      const asked = [];
      const execute = async (input) => {
        asked.push(input);
        return weather.result;
      };
      const ask = { model: model(chat), prompt: weather.question, tools: tools(execute), stopWhen: stepCountIs(3), temperature: 0 };
      assert.equal((await generateText(ask)).text, weather.answer);
      assert.equal(await streamText(ask).text, weather.answer);
      assert.deepEqual(asked, [weather.input, weather.input]);
    });

    test(`${name} forces and forbids a call`, async () => {
      const ask = { model: model(chat), prompt: weather.question, tools: tools(), temperature: 0 };
      for (const toolChoice of ["required", { type: "tool", toolName: "get_weather" }]) {
        const { toolCalls, finishReason } = await generateText({ ...ask, toolChoice });
        assert.deepEqual(
          toolCalls.map(({ toolName, input }) => [toolName, input]),
          [["get_weather", weather.input]],
        );
        assert.equal(finishReason, "tool-calls");
      }
      assert.equal((await generateText({ ...ask, toolChoice: "none" })).toolCalls.length, 0);
    });

    test(`${name} turns texts into vectors`, async () => {
      const values = Array.from({ length: 3 }, (_, i) => `number ${i}`);
      const { embeddings, usage } = await embedMany({ model: provider.textEmbeddingModel("@ganglion/tiny-embed"), values });
      assert.deepEqual(
        embeddings.map(({ length }) => length),
        [512, 512, 512],
      );
      if (!native) assert.ok(usage.tokens > 3);
      for (const embedding of embeddings) assert.ok(Math.abs(Math.hypot(...embedding) - 1) < 1e-3);
    });

    test(`${name} hears what is wrong`, async () => {
      const refused = async (ask, statusCode, message) => {
        await assert.rejects(generateText({ prompt: "Hello", maxRetries: 0, ...ask }), (thrown) => {
          assert.ok(APICallError.isInstance(thrown), String(thrown));
          assert.equal(thrown.statusCode, statusCode);
          assert.match(thrown.message, message);
          return true;
        });
      };
      await refused({ model: model("@cf/nobody/nothing") }, native ? 400 : 404, native ? /ai\/models\/search/ : /GET \/v1\/models/);
      await refused({ model: model(chat), temperature: 9 }, 400, /'\/temperature' must be <= 5/);
      await refused({ model: textOf(at(url, "nobody-has-this"))(chat) }, 401, /ganglion tokens create/);
      await refused({ model: textOf(at(freeUrl))(echo), maxOutputTokens: 1_000_000 }, 429, /max_tokens/);
    });

    test(`${name} hears what goes wrong in the middle of a stream`, async () => {
      const asked = { prompt: "one two <fail/> three", maxRetries: 0, onError() {} };
      let said = "";
      let last;
      let wrong;
      for await (const part of streamText({ model: model(echo), ...asked }).fullStream) {
        if (part.type === "text-delta") said += part.text;
        if (part.type === "error") wrong = part.error;
        last = part;
      }
      assert.equal(said, "one two");
      assert.equal(last.type === "finish" && last.finishReason, "error");
      // workers-ai-provider has no part for what an event says is wrong: it says that the stream ended too early.
      if (native) assert.equal(last.rawFinishReason, "stream-truncated");
      else assert.match(wrong?.message ?? JSON.stringify(wrong), /echo failed/);
    });

    if (native) {
      test(`${name} orders texts by a query`, async () => {
        const documents = ["Coal is black.", "A cat sleeps on the sofa."];
        const asked = { model: provider.reranking("@ganglion/tiny-rerank"), documents, query: "Where do cats sleep?", topN: 1 };
        const { ranking } = await rerank(asked);
        assert.deepEqual(
          ranking.map(({ originalIndex, document }) => [originalIndex, document]),
          [[1, documents[1]]],
        );
      });
    }

    if (!native) {
      test(`${name} makes a picture`, async () => {
        const { image } = await generateImage({
          model: provider.imageModel("@ganglion/echo-picture"),
          prompt: "a red circle",
          size: "256x256",
        });
        assert.equal(image.mediaType, "image/png");
      });
    }

    if (name !== "@ai-sdk/openai-compatible") {
      test(`${name} speaks and listens`, async () => {
        const { audio } = await generateSpeech({
          model: provider.speech("@ganglion/tiny-speak"),
          text: "hello there",
          outputFormat: "wav",
        });
        const { text } = await transcribe({ model: provider.transcription("@ganglion/tiny-listen"), audio: audio.uint8Array });
        assert.equal(text, "hello there");
      });
    }
  }
}
