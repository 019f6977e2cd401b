import { getDocumentProxy } from "unpdf";
import { Problem } from "../../core/index.ts";
import { tooLong } from "./errors.ts";
import { pagePictures, type PdfDocument, type PdfPage } from "./pdf-pictures.ts";
import { pageAsHtml, type PageText, type StructureNode } from "./pdf-structure.ts";
import { parsePage } from "./parse-page.ts";
import type { ReadText } from "./read-text.ts";
import { writePage } from "./write-page.ts";

const mostPages = 5_000;

/**
 * A PDF page by page: where it is tagged, with headings, lists, tables and links; else the text as it is.
 * Source: developers.cloudflare.com/workers-ai/features/markdown-conversion/how-it-works, seen 2026-11.
 */
export const readPdf: ReadText = async ({ file, options, limits }, pictures) => {
  const marked = options.writing === "markdown";
  const document = await open(file.bytes);
  if (document.numPages > mostPages) throw new Problem("bad-input", `the document has more than ${mostPages} pages`);
  const parts: string[] = [];
  if (marked) parts.push(`# ${file.name.replace(/\s+/g, " ")}`);
  if (options.pdf.metadata) {
    const { info } = await document.getMetadata();
    const facts = Object.entries(info).filter(([, value]) => value !== "" && ["string", "number", "boolean"].includes(typeof value));
    const lines = facts.map(([name, value]) => `${marked ? "- " : ""}${name}=${String(value).replace(/\s+/g, " ")}`);
    parts.push(`${marked ? "## Metadata\n" : ""}${lines.join("\n")}`);
  }
  if (marked) parts.push("## Contents");
  let characters = 0;
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const text = await textOf(page, options.writing);
    const found = pictures.wanted ? await pagePictures(page, pictures) : "";
    const whole = [marked ? `### Page ${number}` : "", text, found].filter((part) => part !== "").join("\n");
    characters += whole.length;
    if (characters > limits.characters) throw tooLong(limits);
    parts.push(whole);
    page.cleanup();
  }
  return parts.join("\n\n");
};

async function open(bytes: Uint8Array): Promise<PdfDocument> {
  try {
    // Its bytes are handed over, so it gets its own.
    return await getDocumentProxy(new Uint8Array(bytes), { isEvalSupported: false, stopAtErrors: false, verbosity: 0 });
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "PasswordException")
      throw new Problem("bad-input", "the document is locked with a password");
    throw thrown;
  }
}

async function textOf(page: PdfPage, writing: "markdown" | "text"): Promise<string> {
  const { items } = (await page.getTextContent({ includeMarkedContent: true })) as { items: PageText[] }; // as pdf.js describes them
  const tree = (await page.getStructTree()) as StructureNode | null;
  const annotations = (await page.getAnnotations()) as { id: string; url?: string }[]; // the same
  const links = new Map(annotations.map(({ id, url }) => [id, url]));
  const html = tree ? pageAsHtml(tree, items, links) : "";
  const tagged = html === "" ? "" : writePage(parsePage(html).body, writing, () => "");
  return tagged === "" ? plainText(items) : tagged;
}

function plainText(items: readonly PageText[]): string {
  return items
    .map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : ""))
    .join("")
    .replace(/[ \t]+\n/g, "\n")
    .trim();
}
