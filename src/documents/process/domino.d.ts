/** Its own types are those of another package's name. */
declare module "@mixmark-io/domino" {
  export function createDocument(html: string): Document;
}
