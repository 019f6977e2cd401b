import type * as z from "zod";
import { Problem } from "../core/index.ts";
import { afterSpace, readJsonText } from "./json-text.ts";
import { readMultipart } from "./multipart.ts";

/** A request body as it came: bytes, and JSON if they are that. What it claims to be is a hint, not the truth. */
export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Without parameters, in lower case; undefined if none was sent. */
  readonly mediaType: string | undefined;
  /** Whether the first byte that is no white space opens an object or a list: no picture and no recording begins so. */
  readonly looksLikeJson: boolean;
  /** Read once. @throws Problem("bad-input") if the bytes are no JSON */
  json(): Promise<unknown>;
  /** @throws Problem("bad-input") if the body is no multipart form */
  form(): Promise<FormData>;
}

/** Reads a body, never more than the limit. */
export async function readBody(request: Request, limitBytes: number): Promise<Body> {
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    throw new Problem("bad-input", "compressed bodies are not taken; send it without Content-Encoding");
  }
  const length = Number(request.headers.get("content-length") ?? Number.NaN);
  if (length > limitBytes) throw tooLarge(limitBytes);
  // With a length the server below holds the client to it; without one the bytes are counted as they come.
  const bytes = await (Number.isNaN(length) ? readCounted(request, limitBytes) : readWhole(request));
  let json: Promise<unknown> | undefined;
  const mediaType = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  return {
    bytes,
    mediaType: mediaType || undefined,
    looksLikeJson: looksLikeJson(bytes),
    json: () => (json ??= readJsonText(bytes)),
    form: () => readMultipart(bytes, request.headers.get("content-type")),
  };
}

function looksLikeJson(bytes: Uint8Array): boolean {
  const first = bytes[afterSpace(bytes, 0)];
  return first === 0x7b || first === 0x5b;
}

async function readWhole(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await request.arrayBuffer());
  } catch {
    throw brokenOff();
  }
}

async function readCounted(request: Request, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const chunk of request.body ?? []) {
      total += chunk.byteLength;
      if (total > limitBytes) throw tooLarge(limitBytes);
      chunks.push(chunk);
    }
  } catch (thrown) {
    throw thrown instanceof Problem ? thrown : brokenOff();
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** A client that goes away is no fault of ours, and no line of the log for whoever looks for those. */
function brokenOff(): Problem {
  return new Problem("bad-input", "the connection ended before the body did");
}

function tooLarge(limitBytes: number): Problem {
  return new Problem("too-large", `the body is larger than the ${Math.floor(limitBytes / 1_000_000)} MB that this server takes`, {
    details: { limitBytes },
  });
}

/** What a schema found, as a Problem that names the field and what would fit. Values never appear in it. */
export function problemOfZod(error: z.ZodError): Problem {
  const issue = mostSpecific(error.issues);
  if (!issue) return new Problem("bad-input", "the body does not fit the schema");
  const field = `/${issue.path.map(String).join("/").slice(0, 200)}`;
  return new Problem("bad-input", sentenceOf(issue, field), { details: { field } });
}

type Issue = z.core.$ZodIssue;

/** Of a union's branches the one that came furthest says best what is wrong. */
function mostSpecific(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): Issue | undefined {
  const [first] = issues;
  if (!first) return undefined;
  const path = [...prefix, ...first.path];
  if (first.code !== "invalid_union" || first.errors.length === 0) return { ...first, path };
  const branches = first.errors.map((branch) => mostSpecific(branch, path)).filter((issue) => issue !== undefined);
  const deepest = branches.toSorted((a, b) => b.path.length - a.path.length || doubtOf(a) - doubtOf(b))[0];
  return deepest && deepest.path.length > path.length ? deepest : { ...first, path };
}

/** A branch whose property is absent, or whose `type` is another one, was less likely meant than one whose property is wrong. */
function doubtOf(issue: Issue): number {
  return isMissing(issue) ? 2 : issue.code === "invalid_value" ? 1 : 0;
}

function isMissing(issue: Issue): boolean {
  return (issue.code === "invalid_type" || issue.code === "custom") && issue.message.endsWith("received undefined");
}

function sentenceOf(issue: Issue, field: string): string {
  switch (issue.code) {
    case "invalid_type":
      return isMissing(issue) ? `required property ${field} is missing` : `type mismatch of '${field}': expected ${issue.expected}`;
    case "custom": // its words are ours
      if (isMissing(issue)) return `required property ${field} is missing`;
      return issue.message.startsWith("expected ") ? `type mismatch of '${field}': ${issue.message}` : `'${field}' is not valid`;
    case "too_big":
      return `'${field}' must be ${issue.origin === "string" ? `at most ${issue.maximum} characters long` : `<= ${issue.maximum}`}`;
    case "too_small":
      return `'${field}' must be ${issue.origin === "string" || issue.origin === "array" ? `at least ${issue.minimum} long` : `>= ${issue.minimum}`}`;
    case "invalid_value":
      return `'${field}' must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_union":
      return `'${field}' has none of the forms that are taken here; the schema is in the documentation of the route`;
    default:
      return `'${field}' is not valid`;
  }
}
