import { mediaOfDataUrl, Problem } from "../../core/index.ts";
import type { ReadingOptions } from "../index.ts";
import { decodeText } from "./decode-text.ts";
import { parsePage } from "./parse-page.ts";
import type { Pictures } from "./pictures.ts";
import { fenced } from "./plain.ts";
import type { ReadText } from "./read-text.ts";
import { writePage } from "./write-page.ts";

/** What of a page is on all pages of its site. */
const around = "header, footer, nav";

/**
 * A page as its readers see it, below what it says of itself, and above what it says to machines.
 * Source: developers.cloudflare.com/workers-ai/features/markdown-conversion/how-it-works, seen 2026-11.
 */
export const readHtml: ReadText = async ({ file, options }, pictures) => {
  const page = parsePage(decodeText(file.bytes, file.mediaType));
  const base = baseOf(page, options.html.hostname);
  const about = options.writing === "markdown" ? aboutOf(page, base) : "";
  const data = options.writing === "markdown" ? linkedDataOf(page) : "";
  const cover = options.html.openGraphPicture ? coverOf(page, pictures) : "";
  const wanted = select(page, options.html);
  if (base) for (const link of elementsOf(wanted, "a[href]")) link.setAttribute("href", absolute(link.getAttribute("href"), base));
  const text = writePage(wanted, options.writing, (picture) => embedded(picture.getAttribute("src") ?? "", pictures));
  return [about, cover, text, data].filter((part) => part !== "").join("\n\n");
};

/** Only a picture within the page: nothing is fetched. */
export function embedded(url: string, pictures: Pictures): string {
  const bytes = pictures.wanted ? bytesOfDataUrl(url) : undefined;
  return bytes ? `\n\n${pictures.mark({ bytes })}\n\n` : "";
}

/** SVG is often sent as the text that it is. */
function bytesOfDataUrl(url: string): Uint8Array | undefined {
  const media = mediaOfDataUrl(url.trim());
  if (media) return media.bytes;
  const [, svg] = /^\s*data:image\/svg\+xml(?:;charset=[\w-]+)?,(.*)$/is.exec(url) ?? [];
  try {
    return svg === undefined ? undefined : new TextEncoder().encode(decodeURIComponent(svg));
  } catch {
    return undefined; // a lonely percent sign
  }
}

/** Elements that the selector finds, outermost only; without one, the body without what is around its content. @throws Problem */
function select(page: Document, { cssSelector }: ReadingOptions["html"]): Element {
  if (cssSelector === undefined) {
    for (const element of elementsOf(page, around)) element.remove();
    return page.body;
  }
  const root = page.createElement("div");
  try {
    // Found in the order of the page: what is within one of them comes right after it, and is moved with it.
    for (const element of elementsOf(page, cssSelector)) if (!root.contains(element)) root.appendChild(element);
  } catch {
    throw new Problem("bad-input", "html.cssSelector is no CSS selector");
  }
  return root;
}

/** domino's lists are live, and some have no iterator. */
function elementsOf(root: ParentNode, selector: string): Element[] {
  return Array.from(root.querySelectorAll(selector));
}

function baseOf(page: Document, hostname: string | undefined): URL | undefined {
  const own = page.querySelector("base[href]")?.getAttribute("href") ?? "";
  const host = hostname === undefined ? undefined : /^https?:\/\//i.test(hostname) ? hostname : `https://${hostname}`;
  if (host === undefined) return URL.canParse(own) ? new URL(own) : undefined;
  return URL.canParse(own, host) ? new URL(own, host) : undefined;
}

function absolute(href: string | null, base: URL): string {
  return href !== null && URL.canParse(href, base) ? new URL(href, base).href : "";
}

function metaOf(page: Document, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const content = page.querySelector(`meta[property="${name}"], meta[name="${name}"]`)?.getAttribute("content")?.trim();
    if (content) return content;
  }
  return undefined;
}

/** A block of YAML, as pages in Markdown begin with. */
function aboutOf(page: Document, base: URL | undefined): string {
  const image = metaOf(page, "og:image");
  const facts = [
    ["description", metaOf(page, "description", "og:description")],
    ["title", page.querySelector("title")?.textContent?.trim() || metaOf(page, "og:title")],
    ["image", image?.startsWith("data:") ? undefined : image && base ? absolute(image, base) : image],
  ].filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
  if (facts.length === 0) return "";
  return ["---", ...facts.map(([name, value]) => `${name}: ${scalar(value.replace(/\s+/g, " "))}`), "---"].join("\n");
}

/** JSON's strings are YAML's too; plain ones are easier to read. */
function scalar(text: string): string {
  return /^[\p{L}\p{N}][^:#"'\\]*$|^https?:\/\/[^\s#"'\\]+$/u.test(text) ? text : JSON.stringify(text);
}

function linkedDataOf(page: Document): string {
  return elementsOf(page, 'script[type="application/ld+json"]')
    .map((script) => (script.textContent ?? "").trim())
    .filter((text) => text !== "")
    .map((text) => fenced(text, "json"))
    .join("\n\n");
}

/** It does not count among the pictures that are wanted. */
function coverOf(page: Document, pictures: Pictures): string {
  const bytes = bytesOfDataUrl(metaOf(page, "og:image") ?? "");
  return bytes ? pictures.mark({ bytes }, "uncounted") : "";
}
