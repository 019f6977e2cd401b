import { DOMParser } from "@xmldom/xmldom";
import JSZip from "jszip";
import type { Pictures } from "./pictures.ts";
import { escaped, parsePage } from "./parse-page.ts";
import type { ReadText } from "./read-text.ts";
import { writePage } from "./write-page.ts";

/** A text of LibreOffice and its kin. Source: docs.oasis-open.org/office/OpenDocument/v1.3, part 3. */
export const readOpenText: ReadText = async ({ file, options }, pictures) => {
  const zip = await JSZip.loadAsync(file.bytes);
  const content = await partOf(zip, "content.xml");
  const text = content?.getElementsByTagName("office:text")[0];
  if (!content || !text) throw new Error("no text");
  const html = createHtml([await partOf(zip, "styles.xml"), content]).of(text);
  const marks = await marksOf(html, zip, pictures);
  return writePage(parsePage(html).body, options.writing, (picture) => {
    const name = picture.getAttribute("src") ?? "";
    const mark = marks.get(name) ?? "";
    marks.delete(name); // one that is on every page is told of once
    return `\n\n${mark}\n\n`;
  });
};

/** Entities that a document defines are left as they are. */
async function partOf(zip: JSZip, name: string): Promise<Document | undefined> {
  const xml = await zip.file(name)?.async("string");
  return xml === undefined ? undefined : new DOMParser().parseFromString(xml, "text/xml");
}

/** Pictures are files of the archive. */
async function marksOf(html: string, zip: JSZip, pictures: Pictures): Promise<Map<string, string>> {
  const marks = new Map<string, string>();
  for (const [, name = ""] of html.matchAll(/<img src="([^"]*)">/g)) {
    const bytes = pictures.wanted && !marks.has(name) ? await zip.file(name)?.async("uint8array") : undefined;
    if (bytes) marks.set(name, pictures.mark({ bytes }));
  }
  return marks;
}

/** Of repeated cells and spaces: a sheet's last cell is often repeated to the edge of all sheets. */
const mostRepeats = 100;

/** Elements that are about a text and not in it. */
const apart = new Set(["text:tracked-changes", "office:annotation", "office:forms", "text:sequence-decls", "svg:desc", "svg:title"]);

/** Paragraphs that are headings by their style only. */
const headingStyles = [
  [/^(?:Title|Heading_20_1)$/, "h1"],
  [/^(?:Subtitle|Heading_20_2)$/, "h2"],
  [/^Heading_20_3$/, "h3"],
] as const;

/** @param parts with styles; those that come later count */
function createHtml(parts: readonly (Document | undefined)[]): { of(element: Element): string } {
  const byName = (tag: string) => {
    const all = parts.flatMap((part) => (part ? [...elementsOf(part, tag)] : []));
    return new Map(all.map((style) => [style.getAttribute("style:name") ?? "", style]));
  };
  const styles = byName("style:style");
  const listStyles = byName("text:list-style");

  const tags: Readonly<Record<string, (element: Element) => string>> = {
    "text:h": (element) => {
      const level = Math.min(6, Math.max(1, Number(element.getAttribute("text:outline-level")) || 1));
      return `<h${level}>${inner(element)}</h${level}>`;
    },
    "text:p": (element) => {
      const tag = headingStyles.find(([style]) => style.test(parentStyleOf(element)))?.[1] ?? "p";
      return `<${tag}>${inner(element)}</${tag}>`;
    },
    "text:list": (element) => (isNumbered(element) ? `<ol>${inner(element)}</ol>` : `<ul>${inner(element)}</ul>`),
    "text:list-item": (element) => `<li>${inner(element)}</li>`,
    "text:a": (element) => `<a href="${escaped(element.getAttribute("xlink:href") ?? "")}">${inner(element)}</a>`,
    "text:span": (element) => spanOf(element),
    "text:s": (element) => " ".repeat(Math.min(mostRepeats, Number(element.getAttribute("text:c")) || 1)),
    "text:tab": () => " ",
    "text:line-break": () => "<br>",
    "text:note-body": (element) => ` (${inner(element)})`,
    "table:table": (element) => `<table>${inner(element)}</table>`,
    "table:table-header-rows": (element) => `<thead>${inner(element)}</thead>`,
    "table:table-row": (element) => `<tr>${inner(element)}</tr>`,
    "table:table-cell": (element) => cellOf(element),
    "table:covered-table-cell": () => "",
    "draw:image": (element) => `<img src="${escaped(element.getAttribute("xlink:href") ?? "")}">`,
    "text:note-citation": () => "",
  };

  function of(element: Element): string {
    return tags[element.nodeName]?.(element) ?? (apart.has(element.nodeName) ? "" : inner(element));
  }

  function inner(element: Element): string {
    let html = "";
    for (let node = element.firstChild; node; node = node.nextSibling) {
      if (node.nodeType === 1) html += of(node as Element);
      else if (node.nodeType === 3 || node.nodeType === 4) html += escaped(node.nodeValue ?? "");
    }
    return html;
  }

  function spanOf(element: Element): string {
    const properties = styles.get(element.getAttribute("text:style-name") ?? "")?.getElementsByTagName("style:text-properties")[0];
    const bold = properties?.getAttribute("fo:font-weight") === "bold";
    const italic = properties?.getAttribute("fo:font-style") === "italic";
    const html = italic ? `<em>${inner(element)}</em>` : inner(element);
    return bold ? `<strong>${html}</strong>` : html;
  }

  function cellOf(element: Element): string {
    const span = Number(element.getAttribute("table:number-columns-spanned")) || 1;
    const repeats = Math.min(mostRepeats, Number(element.getAttribute("table:number-columns-repeated")) || 1);
    return `<td${span > 1 ? ` colspan="${span}"` : ""}>${inner(element)}</td>`.repeat(repeats);
  }

  function parentStyleOf(element: Element): string {
    const name = element.getAttribute("text:style-name") ?? "";
    return styles.get(name)?.getAttribute("style:parent-style-name") ?? name;
  }

  /** A list within a list has the style of the outer one, at its own level. */
  function isNumbered(element: Element): boolean {
    let level = 1;
    let list: Element = element;
    for (let up = element.parentNode as Element | null; up && !list.getAttribute("text:style-name"); up = up.parentNode as Element | null) {
      if (up.nodeName !== "text:list") continue;
      list = up;
      level++;
    }
    const style = listStyles.get(list.getAttribute("text:style-name") ?? "");
    const levels = style ? [...elementsOf(style, "text:list-level-style-number")] : [];
    return levels.some((one) => one.getAttribute("text:level") === String(level));
  }

  return { of };
}

/** xmldom's lists have no iterator. */
function* elementsOf(root: Document | Element, name: string): Generator<Element> {
  const found = root.getElementsByTagName(name);
  for (let i = 0; i < found.length; i++) {
    const element = found.item(i);
    if (element) yield element;
  }
}
