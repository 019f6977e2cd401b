/** How a text may hold what is not for translation. */
export type MarkupKind = "none" | "html" | "xml" | "placeholders";

/** A text cut into what is translated and what is kept. Joined in order, with the translated pieces in their places, it is whole again. */
export interface CutText {
  /** What to translate, without markup and with entities read. */
  readonly runs: readonly string[];
  /** The text with the translated runs in it. */
  join(translated: readonly string[]): string;
}

const placeholder = /\{\d{1,4}\}|<\/?b\d{1,4}\s*\/?>/;
const tag = /<!--[\s\S]{0,100000}?-->|<\/?[A-Za-z][^<>]{0,10000}>|<![^<>]{0,1000}>|<\?[^<>]{0,1000}>/;
const kept: Readonly<Record<Exclude<MarkupKind, "none">, RegExp>> = {
  placeholders: new RegExp(placeholder.source, "g"),
  html: new RegExp(`${tag.source}|\\{\\d{1,4}\\}`, "g"),
  xml: new RegExp(`${tag.source}|\\{\\d{1,4}\\}`, "g"),
};

const untranslatedElements: ReadonlySet<string> = new Set(["code", "pre", "script", "style", "kbd", "samp", "var"]);

interface Piece {
  readonly text: string;
  readonly translate: boolean;
}

/** Models mangle markup that is left in: it is cut out, and put back in the same order. Elements in `ignore`, code and `translate="no"` stay. */
export function cutText(text: string, kind: MarkupKind, ignore: readonly string[] = []): CutText {
  const pieces =
    kind === "none" ? [{ text, translate: true }] : piecesOf(text, kept[kind], new Set(ignore.map((name) => name.toLowerCase())));
  const entities = kind === "html" || kind === "xml";
  const parts = pieces.map(({ text: piece, translate }) => {
    const [, before = "", core = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(piece) ?? [];
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

function piecesOf(text: string, marks: RegExp, ignore: ReadonlySet<string>): Piece[] {
  const pieces: Piece[] = [];
  const closed: string[] = []; // names of the open elements whose content is kept, outermost first
  let at = 0;
  for (const match of text.matchAll(marks)) {
    pieces.push({ text: text.slice(at, match.index), translate: closed.length === 0 });
    pieces.push({ text: match[0], translate: false });
    at = match.index + match[0].length;
    follow(match[0], ignore, closed);
  }
  pieces.push({ text: text.slice(at), translate: closed.length === 0 });
  return pieces.filter(({ text: piece }) => piece !== "");
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
