/** Texts as a body of GBNF that reads their common beginnings once. */
export interface Literals {
  readonly body: string;
  /** The most ways on at one place. */
  readonly ways: number;
}

/** A rule that reads long lists letter by letter, so that a sampler need not try each of the texts before each token. */
export function literalsOf(texts: readonly string[]): Literals {
  let ways = 1;

  /** `some` are sorted, and alike before `at`. */
  function read(some: readonly (readonly string[])[], at: number): string {
    const [first = []] = some;
    const last = some.at(-1) ?? [];
    let end = at;
    while (end < first.length && first[end] === last[end]) end++;
    const common = literal(first.slice(at, end).join(""));
    if (some.length === 1) return common;
    const groups: (readonly string[])[][] = [];
    for (const text of some) {
      const group = groups.at(-1);
      if (group?.[0]?.[end] === text[end]) group?.push(text);
      else groups.push([text]);
    }
    ways = Math.max(ways, groups.length);
    return `${end === at ? "" : common} (${groups.map((group) => read(group, end)).join(" | ")})`;
  }

  // Whole characters: a grammar has no halves of them.
  const sorted = [...new Set(texts)].toSorted().map((text) => Array.from(text));
  return { body: read(sorted, 0), ways };
}

/** A text as a literal of GBNF. */
export function literal(text: string): string {
  const escaped = text
    .replace(/["\\]/g, String.raw`\$&`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\r", String.raw`\r`);
  return `"${escaped.replace(/[\u0000-\u001f\u007f]/g, (unit) => `\\x${unit.charCodeAt(0).toString(16).padStart(2, "0")}`)}"`; // oxlint-disable-line no-control-regex -- they are what is escaped
}
