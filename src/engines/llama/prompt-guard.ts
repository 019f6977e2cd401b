/** Keeps the texts of clients from becoming control tokens: hides such texts from the template, and finds them again in what it wrote. */
export interface Guard {
  hide(value: unknown): unknown;
  split(rendered: string): { readonly text: string; readonly hidden: boolean }[];
}

const opening = "\ue000";
const closing = "\ue001";

export function createGuard(controlTexts: readonly string[]): Guard {
  const texts = [...controlTexts.filter((text) => text !== ""), opening, closing];
  const indexes = new Map(texts.map((text, index) => [text, index]));
  const longestFirst = texts.toSorted((a, b) => b.length - a.length);
  const found = new RegExp(longestFirst.map((text) => text.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)).join("|"), "g");
  const hideText = (text: string) => text.replace(found, (match) => `${opening}${indexes.get(match)}${closing}`);

  function hide(value: unknown): unknown {
    if (typeof value === "string") return hideText(value);
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [hideText(key), hide(inner)]));
  }

  return {
    hide,
    split: (rendered) =>
      rendered
        .split(/\ue000(\d+)\ue001/)
        .map((text, at) => (at % 2 === 0 ? { text, hidden: false } : { text: texts[Number(text)] ?? "", hidden: true })),
  };
}
