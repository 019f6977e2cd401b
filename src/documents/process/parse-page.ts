import domino from "@mixmark-io/domino";

/** The elements of a page, as browsers read it. No script of it runs, and nothing is fetched. */
export function parsePage(html: string): Document {
  return domino.createDocument(html);
}
