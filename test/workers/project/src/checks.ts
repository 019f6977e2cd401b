import type { AiBinding } from "../../../../src/binding/index.ts";

/** What a Worker does with `env.AI`. Each check returns what can be compared as JSON; `test/workers/expected.ts` has what it must be. */
export type Check = (ai: AiBinding) => Promise<unknown>;

const echo = "@ganglion/echo";

export const checks = {
  "run answers with an object": async (ai) => {
    const answer = await ai.run(echo, { prompt: "one two" });
    return { answer, id: ai.lastRequestId, status: ai.lastRequestHttpStatusCode };
  },
  "any text model of the catalogue answers": async (ai) => {
    const { response } = await objectOf(ai.run("@cf/meta/llama-3-8b-instruct", { prompt: "Hello" }));
    return { answered: typeof response === "string" && response.length > 0 };
  },
  "run streams events": async (ai) => {
    const text = await textOf(await ai.run(echo, { prompt: "one two", stream: true }));
    const events = text.match(/(?<=^data: )\{.*\}$/gm) ?? [];
    return text.endsWith("\n\ndata: [DONE]\n\n") ? events.map((event) => (JSON.parse(event) as { response: string }).response) : text;
  },
  "run gives a picture as bytes": async (ai) => {
    const bytes = await bytesOf(await ai.run("@ganglion/echo-picture", { prompt: "a cat", width: 256, height: 256 }));
    return { signature: Array.from(bytes.subarray(0, 8)), isLong: bytes.length > 100 };
  },
  "an error has a name and a code": async (ai) => ({
    ...(await thrownBy(() => ai.run("@cf/never/was", { prompt: "x" }))),
    status: ai.lastRequestHttpStatusCode,
    internal: ai.lastRequestInternalStatusCode,
  }),
  "an error names the field": async (ai) => thrownBy(() => ai.run(echo, { prompt: 5 })),
  "models finds models": async (ai) =>
    (await ai.models({ search: "tiny-chat" })).map((model) => Reflect.get(Object(model), "name") as string),
  "toMarkdown converts one file or several": async (ai) => {
    const page = { name: "a.html", blob: new Blob(["<h1>Hi</h1><p>there"], { type: "text/html" }) };
    const [first, second] = await ai.toMarkdown([page, { name: "b.exe", blob: new Blob(["MZ"]) }]);
    const alone = await ai.toMarkdown(page, { conversionOptions: { output: { format: "text" }, html: { cssSelector: "p" } } });
    return [first, second, alone].map((made) => (made?.format === "error" ? made.format : made?.data));
  },
  "toMarkdown().supported() is a list": async (ai) => (await ai.toMarkdown().supported()).some(({ extension }) => extension === ".pdf"),
  "returnRawResponse gives the whole reply": async (ai) => {
    const reply = await responseOf(ai.run(echo, { prompt: "one two" }, { returnRawResponse: true }));
    const refused = await responseOf(ai.run("@cf/never/was", {}, { returnRawResponse: true }));
    const { response } = (await reply.json()) as { response: string };
    return { status: reply.status, type: reply.headers.get("content-type"), response, refused: refused.status };
  },
  "a stream goes in": async (ai) => {
    const body = streamOf(await bytesOf(await ai.run("@ganglion/echo-speech", { text: "four words of speech" })));
    const { text } = await objectOf(ai.run("@ganglion/echo-transcript", { audio: { body, contentType: "audio/wav" } }));
    return text;
  },
  "bytes go in, as an array and as a Uint8Array": async (ai) => {
    const bytes = await bytesOf(await ai.run("@ganglion/echo-speech", { text: "two words" }));
    const heard = await Promise.all([[...bytes], bytes].map((audio) => objectOf(ai.run("@ganglion/echo-transcript", { audio }))));
    return heard.map(({ text }) => text);
  },
  "two streams are refused before they are sent": async (ai) => {
    const audio = { body: streamOf(new Uint8Array(1)), contentType: "audio/wav" };
    return thrownBy(() => ai.run("@ganglion/echo-transcript", { audio, other: audio }));
  },
  "a gateway changes nothing": async (ai) => {
    const { response } = await objectOf(ai.run(echo, { prompt: "one two" }, { gateway: { id: "mine", skipCache: true } }));
    return { response, log: ai.aiGatewayLogId };
  },
  "a gateway has an address": async (ai) => new URL(await ai.gateway("mine").getUrl("openai")).pathname,
  "a gateway has no logs": async (ai) => {
    const gateway = ai.gateway("mine");
    return [await thrownBy(() => gateway.getLog("x")), await thrownBy(() => gateway.patchLog("x", { score: 1 }))].map(({ name }) => name);
  },
  "fetch passes a request through": async (ai) => {
    const headers = { "cf-consn-model-id": echo, "content-type": "application/json" };
    const body = JSON.stringify({ inputs: { prompt: "one two" } });
    const reply = await ai.fetch("http://workers-binding.ai/run?version=2", { method: "POST", headers, body });
    return ((await reply.json()) as { response: string }).response;
  },
  "an aborted call throws an AbortError": async (ai) => {
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(), 50);
    // The longest answer that the slowest machine does not give in 50 ms.
    const call = ai.run(echo, { prompt: "one two ".repeat(40_000), stream: true, max_tokens: 80_000 }, { signal: leaving.signal });
    return (await thrownBy(async () => textOf(await call))).name;
  },
} as const satisfies Record<string, Check>;

export type CheckName = keyof typeof checks;

/** What each check found, or what it threw. */
export async function runChecks(ai: AiBinding): Promise<Record<CheckName, unknown>> {
  const found: [string, unknown][] = [];
  for (const [name, check] of Object.entries(checks)) {
    found.push([name, await check(ai).catch((thrown: unknown) => ({ failed: String(thrown) }))]);
  }
  return Object.fromEntries(found) as Record<CheckName, unknown>; // the keys of `checks`
}

async function thrownBy(call: () => Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    return { name: "nothing was thrown", message: JSON.stringify(await call()) };
  } catch (thrown) {
    const { name, message } = thrown as Error;
    return { name, message };
  }
}

async function objectOf(answer: Promise<unknown>): Promise<Record<string, unknown>> {
  return (await answer) as Record<string, unknown>;
}

async function responseOf(answer: Promise<unknown>): Promise<Response> {
  return (await answer) as Response;
}

async function bytesOf(answer: unknown): Promise<Uint8Array> {
  if (!(answer instanceof ReadableStream)) throw new Error(`no stream but ${JSON.stringify(answer)}`);
  return new Uint8Array(await new Response(answer).arrayBuffer());
}

async function textOf(answer: unknown): Promise<string> {
  return new TextDecoder().decode(await bytesOf(answer));
}

function streamOf(bytes: Uint8Array): ReadableStream {
  return new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
}
