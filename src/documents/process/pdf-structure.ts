import { escaped } from "./parse-page.ts";

/** A node of a page's tagged structure, as pdf.js gives it. Source: ISO 14289-1 and ISO 32000-1, 14.8.4. */
export type StructureNode =
  | { readonly role: string; readonly children: readonly StructureNode[]; readonly alt?: string }
  | { readonly type: "content" | "object"; readonly id: string };

/** A piece of a page's text, or the begin or end of a part that the structure points to. */
export type PageText =
  | { readonly str: string; readonly hasEOL: boolean }
  | { readonly type: "beginMarkedContent" | "beginMarkedContentProps" | "endMarkedContent"; readonly id?: string | null };

const elements: Readonly<Record<string, string>> = {
  P: "p",
  H: "h2",
  Title: "h1",
  H1: "h1",
  H2: "h2",
  H3: "h3",
  H4: "h4",
  H5: "h5",
  H6: "h6",
  BlockQuote: "blockquote",
  Code: "code",
  Em: "em",
  Strong: "strong",
  Table: "table",
  THead: "thead",
  TBody: "tbody",
  TFoot: "tfoot",
  TR: "tr",
  TH: "th",
  TD: "td",
  Caption: "p",
  Note: "p",
  TOCI: "p",
};

/** What stands before an item of a list. */
const bullet = /^\s*(?:[•◦▪▫●○■□‣⁃·*–—-]|[\uf000-\uf0ff])\s*/;
const number = /^\s*\(?(?:\d{1,4}|[A-Za-z]|[ivxlc]{1,6})[.)]\s+/;

/**
 * A tagged page as HTML; empty where the tags hold no text.
 *
 * @param links addresses by the ids of the annotations that have them
 */
export function pageAsHtml(tree: StructureNode, items: readonly PageText[], links: ReadonlyMap<string, string | undefined>): string {
  const texts = textsById(items);
  const html = write(tree);
  return /[^\s<>/]/.test(html.replace(/<[^>]*>/g, "")) ? html : "";

  function write(node: StructureNode): string {
    if (!("role" in node)) return node.type === "content" ? escaped(texts.get(node.id) ?? "") : "";
    const { role } = node;
    if (role === "L") return list(node.children);
    const inner = node.children.map(write).join("");
    if (role === "Link") {
      const url = urlWithin(node);
      return url === undefined ? inner : `<a href="${escaped(url)}">${inner}</a>`;
    }
    const element = elements[role];
    return element === undefined ? inner : `<${element}>${inner}</${element}>`;
  }

  function urlWithin(node: StructureNode): string | undefined {
    if (!("role" in node)) return node.type === "object" ? links.get(node.id) : undefined;
    return node.children.map(urlWithin).find((url) => url !== undefined);
  }

  function list(children: readonly StructureNode[]): string {
    const written = children.map((child) => ({ html: write(child), isItem: "role" in child && child.role === "LI" }));
    const inner = written.map(({ html: item, isItem }) => (isItem ? `<li>${unlabelled(item)}</li>` : item)).join("");
    const ordered = written.some(({ html: item, isItem }) => isItem && number.test(item.replace(/<[^>]*>/g, "")));
    return ordered ? `<ol>${inner}</ol>` : `<ul>${inner}</ul>`;
  }
}

/** Labels are part of the text, in an element of their own or not. */
function unlabelled(html: string): string {
  return html.replace(/^((?:<[^>]*>|\s)*)([^<]*)/, (_, tags: string, text: string) => tags + text.replace(bullet, "").replace(number, ""));
}

/** The text of every part that has an id. */
function textsById(items: readonly PageText[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const within: (string | undefined)[] = [];
  for (const item of items) {
    if ("str" in item) {
      const id = within.findLast((one) => one !== undefined);
      if (id !== undefined) texts.set(id, (texts.get(id) ?? "") + item.str + (item.hasEOL ? " " : ""));
    } else if (item.type === "endMarkedContent") within.pop();
    else within.push(item.id ?? undefined);
  }
  return texts;
}
