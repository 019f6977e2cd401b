export type { DocumentFile, Documents, Piece, Writing, Reader, Reading, ReadingOptions } from "./documents.ts";
export { formatOf, formats, type DocumentFormat, type DocumentKind } from "./formats.ts";
