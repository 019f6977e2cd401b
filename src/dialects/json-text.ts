import { Problem } from "../core/index.ts";

/**
 * The most that one body may hold. Everybody is answered by one thread: what takes long is done in slices, and of what cannot be cut,
 * `JSON.parse` and the schemas, these limits leave some tenths of a second.
 */
const limits = {
  /** Deeper than any schema or conversation; keeps recursive readers from overflowing the stack. */
  depth: 200,
  /** Objects and lists together, more than any conversation; a schema looks at each in a few microseconds. */
  containers: 20_000,
  /** With the names of properties; each takes up to a microsecond and a half. */
  strings: 100_000,
  /** Numbers, most of all: a thousand vectors of 1,536. */
  values: 2_000_000,
  /** Backslashes; PHP writes one before each slash of a base64 text. */
  escapes: 1_000_000,
};
const sliceBytes = 500_000;
/** A longer list of small numbers is a file. Vectors and lists of tokens are shorter. */
const shortestFile = 100_000;
/** `JSON.stringify` writes a Uint8Array as an object whose names count its bytes. */
const shortestNamedFile = 1_000;

/** A file in the text, which is read apart: `JSON.parse` would take a second for one of ten megabytes. */
interface FileInText {
  readonly begin: number;
  readonly end: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads the text of a body, with others' turns in between. Long lists of bytes, `[255, 216, …]` and `{"0": 255, "1": 216, …}` alike,
 * come as a Uint8Array.
 *
 * @throws Problem bad-input
 */
export async function readJsonText(text: Uint8Array): Promise<unknown> {
  if (text.length === 0) throw new Problem("bad-input", "the body is empty; send a JSON object");
  const files: FileInText[] = [];
  for (const _slice of scan(text, files)) await othersTurn();
  if (files.length === 0) return parse(await decode(text));
  // Nobody can guess what stands in a file's place.
  const mark = crypto.randomUUID();
  const pieces: string[] = [];
  let at = 0;
  for (const [index, { begin, end }] of files.entries()) {
    pieces.push(await decode(text.subarray(at, begin)), `"${mark}${index}"`);
    at = end;
  }
  pieces.push(await decode(text.subarray(at)));
  return withFiles(parse(pieces.join("")), mark, files);
}

/** Lets the thread answer others before it goes on with something long. */
export function othersTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

const whole = new TextDecoder("utf-8", { fatal: true });

async function decode(text: Uint8Array): Promise<string> {
  try {
    if (text.length <= sliceBytes) return whole.decode(text);
    const decoder = new TextDecoder("utf-8", { fatal: true });
    let decoded = "";
    for (let at = 0; at < text.length; at += sliceBytes) {
      if (at > 0) await othersTurn();
      decoded += decoder.decode(text.subarray(at, at + sliceBytes), { stream: true });
    }
    return decoded + decoder.decode();
  } catch {
    throw new Problem("bad-input", "the body is not UTF-8 text");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const at = /position (\d+)/.exec(thrown instanceof Error ? thrown.message : "")?.[1];
    throw new Problem("bad-input", `the body is not valid JSON${at === undefined ? "" : ` (at character ${at})`}`);
  }
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
const colon = 0x3a;
const zero = 0x30;

/** Counts what a text holds and finds its files; yields where a slice ends. What is no JSON is not noticed. */
function* scan(text: Uint8Array, files: FileInText[]): Generator<void, void> {
  const counts = { containers: 0, strings: 0, values: 0, escapes: 0 };
  const count = (what: keyof typeof counts, more = 1) => {
    counts[what] += more;
    if (counts[what] > limits[what]) throw new Problem("bad-input", `the JSON body has more than ${limits[what]} ${words[what]}`);
  };
  let depth = 0;
  let escape = -1; // the next backslash
  let pauseAt = sliceBytes;
  for (let at = 0; at < text.length; at++) {
    if (at >= pauseAt) {
      yield;
      pauseAt = at + sliceBytes;
    }
    const byte = text[at];
    if (byte === quote) {
      count("strings");
      let end = placeOf(quote, text, at + 1);
      for (;;) {
        if (escape <= at) escape = placeOf(backslash, text, at + 1);
        if (end < escape) break;
        if (escape === text.length) return;
        count("escapes");
        at = escape + 1;
        if (end <= at) end = placeOf(quote, text, at + 1);
        if (at < pauseAt) continue;
        yield;
        pauseAt = at + sliceBytes;
      }
      at = end;
    } else if (byte === comma) count("values");
    else if (byte === openList || byte === openObject) {
      count("containers");
      if (++depth > limits.depth) throw new Problem("bad-input", `the JSON body is nested more than ${limits.depth} deep`);
      const named = byte === openObject;
      const { last, length, bytes } = yield* readBytes(text, at, named);
      if (bytes && length >= (named ? shortestNamedFile : shortestFile)) files.push({ begin: at, end: last + 1, bytes });
      else {
        count("values", length);
        if (named) count("strings", length);
      }
      if (bytes) depth--;
      at = last;
    } else if (byte === closeList || byte === closeObject) depth--;
  }
}

const words = { containers: "objects and lists", strings: "names and texts", values: "values", escapes: "backslashes" };

function placeOf(byte: number, text: Uint8Array, from: number): number {
  const found = text.indexOf(byte, from);
  return found < 0 ? text.length : found;
}

/**
 * Reads a list of bytes as far as it is one.
 *
 * @returns the place of its end, or of the last thing before what is no byte; bytes: absent where it is something else
 */
function* readBytes(
  text: Uint8Array,
  begin: number,
  named: boolean,
): Generator<void, { readonly last: number; readonly length: number; readonly bytes?: Uint8Array<ArrayBuffer> }> {
  let bytes = new Uint8Array();
  let length = 0;
  let last = begin;
  let pauseAt = begin + sliceBytes;
  for (;;) {
    const from = afterSpace(text, last + 1);
    const number = readByte(text, named ? afterName(text, from, length) : from);
    if (!number) return { last, length };
    const at = afterSpace(text, number.end);
    const isLast = text[at] === (named ? closeObject : closeList);
    if (!isLast && text[at] !== comma) return { last, length };
    if (length === bytes.length) {
      const larger = new Uint8Array(Math.max(64, 2 * length));
      larger.set(bytes);
      bytes = larger;
    }
    bytes[length++] = number.value;
    last = at;
    if (isLast) return { last, length, bytes: bytes.slice(0, length) };
    if (at < pauseAt) continue;
    yield;
    pauseAt = at + sliceBytes;
  }
}

/** 0 to 255, as JSON writes it. */
function readByte(text: Uint8Array, at: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  let end = at;
  for (; end < at + 3 && isDigit(text[end]); end++) value = 10 * value + (text[end] ?? 0) - zero;
  const isByte = end > at && value <= 255 && (end === at + 1 || text[at] !== zero);
  return isByte ? { value, end } : undefined;
}

/** Where the value of a property begins whose name is this number; NaN where another one is there. */
function afterName(text: Uint8Array, at: number, index: number): number {
  if (text[at] !== quote) return Number.NaN;
  let value = 0;
  let end = at + 1;
  for (; end < at + 10 && isDigit(text[end]); end++) value = 10 * value + (text[end] ?? 0) - zero;
  const isIndex = end > at + 1 && value === index && (end === at + 2 || text[at + 1] !== zero);
  if (!isIndex || text[end] !== quote) return Number.NaN;
  const then = afterSpace(text, end + 1);
  return text[then] === colon ? afterSpace(text, then + 1) : Number.NaN;
}

/** Where something else than white space is. */
export function afterSpace(text: Uint8Array, from: number): number {
  let at = from;
  while (text[at] === 0x20 || text[at] === 0x0a || text[at] === 0x0d || text[at] === 0x09) at++;
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= 0x39;
}

/** Puts files where their marks are. */
function withFiles(value: unknown, mark: string, files: readonly FileInText[]): unknown {
  const fileAt = (inside: unknown) =>
    typeof inside === "string" && inside.startsWith(mark) ? files[Number(inside.slice(mark.length))] : undefined;
  const top = fileAt(value);
  if (top) return top.bytes;
  const open = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const put = (inside: unknown, name: PropertyKey) => {
      if (typeof inside === "object") open.push(inside);
      const file = fileAt(inside);
      if (file) Reflect.set(next, name, file.bytes);
    };
    if (Array.isArray(next)) next.forEach(put);
    else for (const [name, inside] of Object.entries(next)) put(inside, name);
  }
  return value;
}
