import Turndown from "turndown";
import type { Writing } from "../index.ts";
import { fenced } from "./plain.ts";

/** Writes the elements of a page as Markdown, or as text without any marks, and leaves nothing of the page whole. `pictureOf` gives what stands where an `img` is. */
export function writePage(root: Element, writing: Writing, pictureOf: (picture: Element) => string): string {
  const turndown = writing === "text" ? plainTurndown() : markdownTurndown();
  turndown.addRule("picture", { filter: "img", replacement: (_, node) => pictureOf(node) });
  turndown.remove(["script", "style", "noscript", "template", "iframe", "object", "canvas", "select", "textarea", "button", "head"]);
  turndown.addRule("unseen", {
    filter: (node) => node.nodeName.toLowerCase() === "svg" || node.hasAttribute("hidden"),
    replacement: () => "",
  });
  // Turndown works on a copy, which takes time, and which domino does not make of elements with odd names. The page is ours.
  Object.defineProperty(root, "cloneNode", { value: () => root });
  return turndown.turndown(root as HTMLElement); // all that it asks of a node, domino's nodes have
}

function markdownTurndown(): Turndown {
  const turndown = new Turndown({ headingStyle: "atx", codeBlockStyle: "fenced", bulletListMarker: "-", hr: "---" });
  const numbers = new WeakMap<Node, number>();
  turndown.addRule("item", {
    filter: "li",
    replacement(content, node) {
      const list = node.parentElement;
      const ordered = list?.nodeName === "OL";
      const number = list && ordered ? (numbers.get(list) ?? startOf(list)) : 1;
      if (list) numbers.set(list, number + 1);
      const mark = ordered ? `${number}. ` : "- ";
      const indent = " ".repeat(mark.length);
      // Of the paragraphs within an item those that hold a list alone need no line between them.
      const lines = content.trim().replace(/\n\s*\n(?=(?:- |\d+\. ))/g, "\n");
      return `${mark}${lines.replace(/\n(?!\n)/g, `\n${indent}`)}\n`;
    },
  });
  turndown.addRule("struck", { filter: ["del", "s"], replacement: (content) => (content.trim() ? `~~${content}~~` : "") });
  turndown.addRule("link without a text or a place", {
    filter: (node) => node.nodeName === "A" && (!node.textContent?.trim() || !isPlace(node.getAttribute("href") ?? "")),
    replacement: (content) => content,
  });
  turndown.addRule("code", {
    filter: "pre",
    replacement(_, node) {
      const language = /(?:^|\s)lang(?:uage)?-([\w+#-]{1,30})/.exec(`${classOf(node)} ${classOf(node.firstChild)}`)?.[1];
      return `\n\n${fenced((node.textContent ?? "").replace(/^\n|\n$/g, ""), language ?? "")}\n\n`;
    },
  });
  addTables(turndown, {
    cell: (content) =>
      ` ${content
        .trim()
        .replace(/\s*\n\s*/g, " ")
        .replaceAll("|", "\\|")} |`,
    row: (cells) => `|${cells}`,
    table(rows) {
      const [first = ""] = rows;
      const columns = rows.reduce((most, row) => Math.max(most, columnsOf(row)), 0);
      const rule = `|${" --- |".repeat(columns)}`;
      return [first + "  |".repeat(columns - columnsOf(first)), rule, ...rows.slice(1)];
    },
  });
  return turndown;
}

/** Bars that part cells: those of a text are behind a backslash. */
function columnsOf(row: string): number {
  return (row.match(/(?<!\\)\|/g)?.length ?? 1) - 1;
}

function startOf(list: Element): number {
  const start = Number(list.getAttribute("start") ?? 1);
  return Number.isSafeInteger(start) && start >= 0 ? start : 1;
}

/** No script, and no file in an address. */
function isPlace(href: string): boolean {
  return href !== "" && (!/^[a-z][a-z\d+.-]*:/i.test(href) || /^(?:https?|mailto|tel):/i.test(href));
}

function classOf(node: Node | null): string {
  return node && "getAttribute" in node ? ((node as Element).getAttribute("class") ?? "") : "";
}

const blocks = ["h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"] as const;
const inline = ["a", "b", "strong", "em", "i", "code", "del", "s"] as const;

function plainTurndown(): Turndown {
  const turndown = new Turndown();
  turndown.escape = (text) => text;
  turndown.addRule("block", { filter: [...blocks], replacement: (content) => `\n\n${content.trim()}\n\n` });
  turndown.addRule("inline", { filter: [...inline], replacement: (content) => content });
  turndown.addRule("rule", { filter: "hr", replacement: () => "\n\n" });
  turndown.addRule("item", { filter: "li", replacement: (content) => `${content.trim().replace(/\n\s*\n/g, "\n")}\n` });
  addTables(turndown, {
    cell: (content) => `${content.trim().replace(/\s+/g, " ")}\t`,
    row: (cells) => cells.trimEnd(),
    table: (rows) => rows,
  });
  return turndown;
}

interface TableWords {
  cell(content: string): string;
  row(cells: string): string;
  table(rows: string[]): string[];
}

/** What no table of values has in a cell: a table with it is one for the layout of a page, whose cells are blocks. */
const ofLayouts = "table, h1, h2, h3, h4, h5, h6, pre, blockquote";

function addTables(turndown: Turndown, words: TableWords): void {
  const layouts = new WeakMap<Node, boolean>();
  const isLayout = (node: Element): boolean => {
    const table = node.closest("table");
    if (!table) return true;
    const known = layouts.get(table) ?? Boolean(table.querySelector(ofLayouts)); // domino finds undefined, not null
    layouts.set(table, known);
    return known;
  };
  turndown.addRule("cell", {
    filter: ["td", "th"],
    replacement(content, node) {
      if (isLayout(node)) return `\n\n${content}\n\n`;
      const span = Math.min(100, Math.max(1, Number((node as Element).getAttribute("colspan") ?? 1) || 1));
      return words.cell(content) + words.cell("").repeat(span - 1);
    },
  });
  turndown.addRule("row", {
    filter: "tr",
    replacement: (content, node) => (isLayout(node) ? content : `\n${words.row(content)}`),
  });
  turndown.addRule("section", { filter: ["thead", "tbody", "tfoot"], replacement: (content) => content });
  turndown.addRule("columns", { filter: ["colgroup", "col"], replacement: () => "" });
  turndown.addRule("caption", { filter: "caption", replacement: (content) => `\n${content.trim().replace(/\s+/g, " ")}\n` });
  turndown.addRule("table", {
    filter: "table",
    replacement(content, node) {
      if (isLayout(node)) return `\n\n${content}\n\n`;
      const lines = content.split("\n").filter((line) => line.trim() !== "");
      const caption = (node as Element).querySelector("caption") ? lines.shift() : undefined;
      return `\n\n${caption === undefined ? "" : `${caption}\n\n`}${words.table(lines).join("\n")}\n\n`;
    },
  });
}
