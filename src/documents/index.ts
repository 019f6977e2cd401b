export type { DocumentFile, Documents, Piece, Writing, Reading, ReadingOptions } from "./documents.ts";
export { formatOf, formats, type DocumentFormat, type DocumentKind } from "./formats.ts";
