import { Problem } from "../core/index.ts";
import type { Files, StoredFile } from "../files/index.ts";
import { openai } from "./openai/index.ts";
import { problemResponse, replyHeaders } from "./mount.ts";

/** A file never changes under its name. */
const forEver = "public, max-age=31536000, immutable";

/**
 * Serves a stored file to whoever has its name, as RFC 9110 has it: validators before ranges, and no caching of errors.
 *
 * @param id the request's id
 */
export async function serveFile(request: Request, name: string, files: Files, id: string): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(new Problem("wrong-method", "a file is read with GET or HEAD", { details: { allowed: ["GET", "HEAD"] } }), id);
  }
  const file = await files.get(name);
  if (!file) return refuse(new Problem("not-found", "there is no such file, or it has expired"), id);

  const headers = {
    ...replyHeaders(id),
    "cache-control": forEver,
    etag: file.etag,
    "last-modified": new Date(file.createdAt).toUTCString(),
    "accept-ranges": "bytes",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
  };
  if (notModified(request, file)) return new Response(null, { status: 304, headers });
  const range = rangeOf(request, file);
  if (range === "unsatisfiable") {
    return new Response(null, {
      status: 416,
      headers: { ...headers, "cache-control": "no-store", "content-range": `bytes */${file.bytes.length}` },
    });
  }
  const [first, last] = range ?? [0, file.bytes.length - 1];
  const part = file.bytes.subarray(first, last + 1);
  return new Response(request.method === "HEAD" ? null : part, {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      "content-type": file.mediaType,
      "content-length": String(part.length),
      ...(range && { "content-range": `bytes ${first}-${last}/${file.bytes.length}` }),
    },
  });
}

function refuse(problem: Problem, id: string): Response {
  const response = problemResponse(openai, problem, id);
  response.headers.set("cache-control", "no-store");
  return response;
}

function notModified(request: Request, { etag, createdAt }: StoredFile): boolean {
  const tags = request.headers.get("if-none-match");
  if (tags !== null) return tags.split(",").some((tag) => [etag, "*"].includes(tag.trim().replace(/^W\//, "")));
  const since = Date.parse(request.headers.get("if-modified-since") ?? "");
  return Math.floor(createdAt / 1000) * 1000 <= since;
}

/** One range; more than one, and what is no range of bytes, is answered whole, as the standard allows. */
function rangeOf(request: Request, { bytes, etag }: StoredFile): readonly [number, number] | "unsatisfiable" | undefined {
  const condition = request.headers.get("if-range");
  if (condition !== null && condition !== etag) return undefined;
  const [, from = "", to = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(request.headers.get("range") ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const first = from === "" ? Math.max(0, bytes.length - Number(to)) : Number(from);
  const last = from === "" || to === "" ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1);
  if (from !== "" && to !== "" && Number(to) < Number(from)) return undefined;
  return first > last || (from === "" && Number(to) === 0) ? "unsatisfiable" : [first, last];
}
