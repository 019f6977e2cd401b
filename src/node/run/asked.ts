import type { ModelCard } from "../../core/index.ts";
import type { Connection } from "../connection.ts";
import { checked } from "../replies.ts";
import type { SentFile } from "./input.ts";

export interface RunOptions {
  /** `-` is stdin. */
  readonly file?: string;
  /** Where a picture or a sound is written; `-` is stdout. */
  readonly output?: string;
  /** Language of what is given. */
  readonly from?: string;
  /** Language that is wanted. */
  readonly to?: string;
  /** `WIDTHxHEIGHT` in pixels. */
  readonly size?: string;
  readonly steps?: number;
  readonly seed?: number;
  readonly voice?: string;
  readonly system?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** Prints the whole reply as the API gives it. */
  readonly json?: boolean;
}

/** One question to a model, with what it takes to ask it. */
export interface Asked {
  readonly model: ModelCard;
  readonly connection: Connection;
  readonly prompt: string;
  readonly file: SentFile | undefined;
  readonly options: RunOptions;
  readonly signal: AbortSignal;
}

/** Sends JSON. @throws Problem with what the server said where it refuses */
export async function post({ connection, signal }: Asked, path: string, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return served(await connection.send(path, { method: "POST", headers, body: JSON.stringify(body), signal }));
}

/** Sends a form with files. Fields that are undefined are left out. */
export async function postForm(
  { connection, signal }: Asked,
  path: string,
  fields: Readonly<Record<string, string | number | boolean | SentFile | undefined>>,
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (typeof value === "object") form.set(name, new Blob([value.bytes], { type: value.mediaType }), value.name);
    else form.set(name, String(value));
  }
  return served(await connection.send(path, { method: "POST", body: form, signal }));
}

/** Runs the model as Workers AI does; a file is sent as it is. */
export async function runNative({ connection, model, signal }: Asked, input: object | SentFile): Promise<unknown> {
  const path = `/client/v4/accounts/${connection.accountId}/ai/run/${model.name}`;
  const [type, body] =
    "bytes" in input ? (["application/octet-stream", input.bytes] as const) : (["application/json", JSON.stringify(input)] as const);
  const response = served(await connection.send(path, { method: "POST", headers: { "content-type": type }, body, signal }));
  const reply: unknown = await (await response).json();
  return Reflect.get(Object(reply), "result");
}

async function served(sent: Response): Promise<Response> {
  const response = await checked(sent);
  const other = response.headers.get("ganglion-served-by");
  if (other !== null) process.stderr.write(`(${other} answers in its place)\n`);
  return response;
}

export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}
