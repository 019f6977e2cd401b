import domino from "@mixmark-io/domino";

/** The elements of a page, as browsers read it. No script of it runs, and nothing is fetched. */
export function parsePage(html: string): Document {
  return domino.createDocument(html);
}

/** A text as it is written in a page, in an element or between double quotes. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
