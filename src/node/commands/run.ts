import { text } from "node:stream/consumers";
import { styleText } from "node:util";
import * as z from "zod";
import { type ModelCard, Problem, taskOf } from "../../core/index.ts";
import type { Configuration } from "../configuration.ts";
import { connect, type Connection } from "../connection.ts";
import { readModels } from "../models.ts";
import { checked } from "../replies.ts";
import { dataOf } from "../server-sent-events.ts";

export interface RunOptions {
  readonly system?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** Prints the whole reply as the API gives it. */
  readonly json?: boolean;
}

/** Asks a model once, and streams what it says to stdout. `-` as the prompt reads it from stdin. */
export async function run(configuration: Configuration, name: string, words: readonly string[], options: RunOptions): Promise<void> {
  const model = readModels(configuration).find(name);
  if (!model) throw new Problem("unknown-model", `there is no model ${JSON.stringify(name)}; \`ganglion models\` lists them`);
  const said = words.join(" ");
  const prompt = said === "-" || said === "" ? await text(process.stdin) : said;
  const leaving = new AbortController();
  const leave = () => {
    process.exitCode = 130;
    leaving.abort();
  };
  process.once("SIGINT", leave);
  process.once("SIGTERM", leave);
  const connection = await connect(configuration);
  try {
    if (model.task === "text-generation") await chat(connection, model, prompt, options, leaving.signal);
    else await runTask(connection, model, prompt, leaving.signal);
  } catch (thrown) {
    if (!leaving.signal.aborted) throw thrown;
  } finally {
    await connection.close();
  }
}

async function chat(connection: Connection, model: ModelCard, prompt: string, options: RunOptions, signal: AbortSignal): Promise<void> {
  const { system, maxTokens: max_tokens, temperature, json } = options;
  const messages = [...(system === undefined ? [] : [{ role: "system", content: system }]), { role: "user", content: prompt }];
  const body = { model: model.name, messages, max_tokens, temperature, stream: !json };
  const response = await checked(await connection.send("/v1/chat/completions", jsonOf(body, signal)));
  if (json) {
    process.stdout.write(`${JSON.stringify(await response.json(), null, 2)}\n`);
    return;
  }
  sayWhoAnswers(response);
  for await (const data of dataOf(response)) {
    if (data === "[DONE]") break;
    const event = chunk.parse(JSON.parse(data));
    if (event.error) throw new Problem("engine-failed", event.error.message);
    const delta = event.choices?.[0]?.delta;
    if (delta?.reasoning_content && process.stderr.isTTY) process.stderr.write(styleText("dim", delta.reasoning_content));
    if (delta?.content) process.stdout.write(delta.content);
  }
  process.stdout.write("\n");
}

/** As much of a chunk as is printed. */
const chunk = z.object({
  error: z.object({ message: z.string() }).optional(),
  choices: z
    .array(z.object({ delta: z.object({ content: z.string().nullish(), reasoning_content: z.string().nullish() }).optional() }))
    .optional(),
});

/** What the other tasks take where a single text says it all. */
const inputs: Partial<Record<ModelCard["task"], (prompt: string) => object>> = {
  "text-embeddings": (prompt) => ({ text: [prompt] }),
  "text-classification": (prompt) => ({ text: prompt }),
};

async function runTask(connection: Connection, model: ModelCard, prompt: string, signal: AbortSignal): Promise<void> {
  const input = inputs[model.task];
  if (!input) {
    const { label } = taskOf(model.task);
    throw new Problem(
      "task-unsupported",
      `${label} needs more than a prompt: start \`ganglion serve\` and ask /client/v4/accounts/${connection.accountId}/ai/run`,
    );
  }
  const path = `/client/v4/accounts/${connection.accountId}/ai/run/${model.name}`;
  const response = await checked(await connection.send(path, jsonOf(input(prompt), signal)));
  sayWhoAnswers(response);
  const { result } = z.object({ result: z.unknown() }).parse(await response.json());
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

function jsonOf(body: object, signal: AbortSignal) {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal };
}

function sayWhoAnswers(response: Response): void {
  const other = response.headers.get("ganglion-served-by");
  if (other !== null) process.stderr.write(`(${other} answers in its place)\n`);
}
