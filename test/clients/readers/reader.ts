/** Where a client was told to ask. */
export interface Way {
  /** The server, without a path and without a slash at the end. */
  readonly url: string;
  readonly accountId: string;
  readonly token: string;
}

export interface Asked {
  readonly model: string;
  readonly text: string;
  /** Functions that the model may call, as JSON Schemas. */
  readonly tools?: readonly { readonly name: string; readonly description: string; readonly parameters: object }[];
}

/** What has reached the client's user in the end. */
export interface Heard {
  readonly text: string;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[];
  /** Tokens of the answer; undefined where the client was told none. */
  readonly made: number | undefined;
  /** What it says has gone wrong. */
  readonly wrong: string | undefined;
}

/**
 * How one client asks for a stream and reads it, with all that it does not understand. Made anew from what is known of its source, so
 * that its habits are tested where the client itself, a server or a browser page, cannot run in a test.
 */
export interface Reader {
  readonly name: string;
  stream(way: Way, asked: Asked): Promise<Heard>;
  /** What never reaches its user, whatever a server does, and why. */
  readonly deafTo: { readonly [E in "toolCalls" | "made" | "wrong" | "refusal"]?: string };
}

/** As much of a chunk as any of them reads. */
export interface Chunk {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: unknown;
      readonly tool_calls?: readonly {
        readonly index?: number;
        readonly id?: string;
        readonly function?: { readonly name?: string; readonly arguments?: string };
      }[];
    };
  }[];
  readonly usage?: { readonly completion_tokens?: number } | null;
  readonly error?: { readonly message?: string } | null;
}

export function post(url: string, token: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const all = { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers };
  return fetch(url, { method: "POST", headers: all, body: JSON.stringify(body) });
}

/** Functions in the form of OpenAI's route. */
export function wrapped(tools: Asked["tools"]): object {
  return tools ? { tools: tools.map((tool) => ({ type: "function", function: tool })) } : {};
}

/**
 * The lines of a body, each decoded when all its bytes are there. A longer one than a client's scanner holds is an error there, and
 * here.
 */
export async function* linesOf(response: Response, mostBytes: number): AsyncGenerator<string> {
  let kept = Buffer.alloc(0);
  for await (const chunk of response.body ?? []) {
    kept = Buffer.concat([kept, chunk]);
    for (let end = kept.indexOf(10); end >= 0; end = kept.indexOf(10)) {
      if (end > mostBytes) throw new Error(`a line of ${end} bytes`);
      yield kept.subarray(0, end).toString("utf8").replace(/\r$/, "");
      kept = kept.subarray(end + 1);
    }
    if (kept.length > mostBytes) throw new Error("a line without an end");
  }
  if (kept.length > 0) yield kept.toString("utf8");
}
