import type { DocumentFile } from "./documents.ts";

/** How a file is read. */
export type DocumentKind = "pdf" | "picture" | "html" | "xml" | "json" | "csv" | "sheets" | "word" | "open-text";

export interface DocumentFormat {
  /** With its dot. */
  readonly extension: string;
  readonly mimeType: string;
  readonly kind: DocumentKind;
}

/**
 * What can be converted: Cloudflare's list, and JSON.
 * Source: developers.cloudflare.com/workers-ai/features/markdown-conversion/supported-formats, seen 2026-11.
 */
export const formats = [
  { extension: ".pdf", mimeType: "application/pdf", kind: "pdf" },
  { extension: ".jpeg", mimeType: "image/jpeg", kind: "picture" },
  { extension: ".jpg", mimeType: "image/jpeg", kind: "picture" },
  { extension: ".png", mimeType: "image/png", kind: "picture" },
  { extension: ".webp", mimeType: "image/webp", kind: "picture" },
  { extension: ".svg", mimeType: "image/svg+xml", kind: "picture" },
  { extension: ".html", mimeType: "text/html", kind: "html" },
  { extension: ".htm", mimeType: "text/html", kind: "html" },
  { extension: ".xml", mimeType: "application/xml", kind: "xml" },
  { extension: ".json", mimeType: "application/json", kind: "json" },
  { extension: ".csv", mimeType: "text/csv", kind: "csv" },
  { extension: ".xlsx", mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", kind: "sheets" },
  { extension: ".xlsm", mimeType: "application/vnd.ms-excel.sheet.macroenabled.12", kind: "sheets" },
  { extension: ".xlsb", mimeType: "application/vnd.ms-excel.sheet.binary.macroenabled.12", kind: "sheets" },
  { extension: ".xls", mimeType: "application/vnd.ms-excel", kind: "sheets" },
  { extension: ".et", mimeType: "application/vnd.ms-excel", kind: "sheets" },
  { extension: ".ods", mimeType: "application/vnd.oasis.opendocument.spreadsheet", kind: "sheets" },
  { extension: ".numbers", mimeType: "application/vnd.apple.numbers", kind: "sheets" },
  { extension: ".docx", mimeType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", kind: "word" },
  { extension: ".odt", mimeType: "application/vnd.oasis.opendocument.text", kind: "open-text" },
] as const satisfies readonly DocumentFormat[];

/** Other names under which programs send the same. */
const aliases: ReadonlyMap<string, string> = new Map([
  ["text/xml", "application/xml"],
  ["application/xhtml+xml", "text/html"],
  ["image/jpg", "image/jpeg"],
  ["application/csv", "text/csv"],
]);

/** First bytes of files whose sender gave neither a type nor a name that says what they are, in hexadecimal. */
const signatures = [
  [/^255044462d/, "application/pdf"],
  [/^89504e470d0a1a0a/, "image/png"],
  [/^ffd8ff/, "image/jpeg"],
  [/^52494646.{8}57454250/, "image/webp"],
] as const;

/** By the type that the sender names, else by the name's extension, else by the first bytes; undefined for what is not converted. */
export function formatOf({ name, mediaType, bytes }: DocumentFile): DocumentFormat | undefined {
  const type = mediaType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const lowerName = name.toLowerCase();
  return byType(aliases.get(type) ?? type) ?? formats.find(({ extension }) => lowerName.endsWith(extension)) ?? bySignature(bytes);
}

function byType(type: string): DocumentFormat | undefined {
  return formats.find(({ mimeType }) => mimeType === type);
}

function bySignature(bytes: Uint8Array): DocumentFormat | undefined {
  const head = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const type = signatures.find(([signature]) => signature.test(head))?.[1];
  return type && byType(type);
}
