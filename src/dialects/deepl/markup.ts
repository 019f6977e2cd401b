/** How a text may hold what is not for translation. */
export type MarkupKind = "none" | "html" | "xml" | "placeholders";

/** A text cut into what is translated and what is kept. Joined in order, with the translated pieces in their places, it is whole again. */
export interface CutText {
  /** What to translate, without markup and with entities read. */
  readonly runs: readonly string[];
  /** The text with the translated runs in it. */
  join(translated: readonly string[]): string;
}

// Each is tried at one place only, and none reads past the next angle bracket: hostile texts are read in linear time.
const placeholder = /\{\d{1,4}\}|<\/?b\d{1,4}\s{0,9}\/?>/y;
const tag = /<\/?[A-Za-z][^<>]*>|<[!?][^<>]*>|\{\d{1,4}\}/y;

const untranslatedElements: ReadonlySet<string> = new Set(["code", "pre", "script", "style", "kbd", "samp", "var"]);

interface Piece {
  readonly text: string;
  readonly translate: boolean;
}

/** Models mangle markup that is left in: it is cut out, and put back in the same order. Elements in `ignore`, code and `translate="no"` stay. */
export function cutText(text: string, kind: MarkupKind, ignore: readonly string[] = []): CutText {
  const pieces = kind === "none" ? [{ text, translate: true }] : piecesOf(text, kind, new Set(ignore.map((name) => name.toLowerCase())));
  const entities = kind === "html" || kind === "xml";
  const parts = pieces.map(({ text: piece, translate }) => {
    const core = piece.trim();
    const before = piece.slice(0, piece.length - piece.trimStart().length);
    const after = piece.slice(before.length + core.length);
    const run = entities ? unescapeEntities(core) : core;
    return translate && hasWords(run) ? { before, run, after } : { before: piece, run: undefined, after: "" };
  });
  return {
    runs: parts.flatMap(({ run }) => (run === undefined ? [] : [run])),
    join(translated) {
      let next = 0;
      return parts
        .map(({ before, run, after }) => {
          if (run === undefined) return before;
          const made = translated[next++] ?? run;
          return before + (entities ? escapeEntities(made) : made) + after;
        })
        .join("");
    },
  };
}

/** A text of digits, signs and emoji only is the same in every language. */
export function hasWords(text: string): boolean {
  return /\p{L}/u.test(text);
}

function piecesOf(text: string, kind: Exclude<MarkupKind, "none">, ignore: ReadonlySet<string>): Piece[] {
  const pieces: Piece[] = [];
  const closed: string[] = []; // names of the open elements whose content is kept, outermost first
  let at = 0;
  for (const [start, end] of marksIn(text, kind)) {
    pieces.push({ text: text.slice(at, start), translate: closed.length === 0 });
    const mark = text.slice(start, end);
    pieces.push({ text: mark, translate: false });
    at = end;
    follow(mark, ignore, closed);
  }
  pieces.push({ text: text.slice(at), translate: closed.length === 0 });
  return pieces.filter(({ text: piece }) => piece !== "");
}

/** Where the marks of a text begin and end, in order. */
function* marksIn(text: string, kind: Exclude<MarkupKind, "none">): Generator<readonly [start: number, end: number]> {
  const mark = kind === "placeholders" ? placeholder : tag;
  let lastComment: number | undefined; // where the last comment ends, looked for once
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character !== 0x3c && character !== 0x7b) continue; // < or {
    if (kind !== "placeholders" && text.startsWith("<!--", at)) {
      lastComment ??= text.lastIndexOf("-->");
      const end = lastComment > at ? text.indexOf("-->", at + 4) : -1;
      if (end >= 0) {
        yield [at, end + 3];
        at = end + 2;
        continue;
      }
    }
    mark.lastIndex = at;
    if (!mark.test(text)) continue;
    yield [at, mark.lastIndex];
    at = mark.lastIndex - 1;
  }
}

function follow(mark: string, ignore: ReadonlySet<string>, closed: string[]): void {
  const [, slash, name] = /^<(\/?)([A-Za-z][\w:.-]*)/.exec(mark) ?? [];
  if (name === undefined || mark.endsWith("/>")) return;
  const element = name.toLowerCase();
  if (slash === "/") {
    if (closed.at(-1) === element) closed.pop();
    return;
  }
  const stays = ignore.has(element) || untranslatedElements.has(element) || /\stranslate\s*=\s*["']?no["'\s>]/i.test(mark);
  // Inside of what stays, the same element nested must be counted, or its end would end the outer one.
  if (stays || closed.at(-1) === element) closed.push(element);
}

const entityTexts: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

function unescapeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi,
    (whole: string, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return entityTexts[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
    },
  );
}

function escapeEntities(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\u00a0", "&nbsp;");
}
