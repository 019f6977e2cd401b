/** A picture or a recording that has an address. */
export interface StoredFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** Strong: the same content has the same one. */
  readonly etag: string;
}

export interface NewFile {
  /** Whose it is: another account's file of the same content has another name. */
  readonly accountId: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Files with an address that cannot be guessed: who has the name may read it, so the name is a keyed hash of account and content.
 * What a driver must promise is checked by conformance.ts.
 */
export interface Files {
  /**
   * Keeps a file and gives its name, `HASH.EXTENSION`; the same file of the same account is kept once.
   *
   * @throws Problem bad-input where the content is none of `fileTypes`, store-failed where it cannot be kept
   */
  put(file: NewFile): Promise<string>;
  /** undefined: never kept, expired, or no name of a file. */
  get(name: string): Promise<StoredFile | undefined>;
}

interface FileType {
  readonly extension: string;
  readonly mediaType: string;
  /** Bytes at the beginning, `undefined` for any. */
  readonly magic: readonly (number | undefined)[];
}

const ascii = (text: string) => Array.from(text, (character) => character.charCodeAt(0));
const any = (count: number): undefined[] => Array.from({ length: count }, () => undefined);

/** Pictures only, and never a type that runs in a browser (SVG, HTML): files are served from our own origin. */
export const fileTypes: readonly FileType[] = [
  { extension: "png", mediaType: "image/png", magic: [0x89, ...ascii("PNG\r\n"), 0x1a, 0x0a] },
  { extension: "jpg", mediaType: "image/jpeg", magic: [0xff, 0xd8, 0xff] },
  { extension: "webp", mediaType: "image/webp", magic: [...ascii("RIFF"), ...any(4), ...ascii("WEBP")] },
  { extension: "gif", mediaType: "image/gif", magic: ascii("GIF8") },
];

/** What the bytes are, whatever anybody calls them. */
export function typeOf(bytes: Uint8Array): FileType | undefined {
  return fileTypes.find(({ magic }) => magic.every((byte, at) => byte === undefined || bytes[at] === byte));
}

/** 43 characters of base64url, a dot, an extension: nothing that could be a path. */
const namePattern = new RegExp(`^[\\w-]{43}\\.(?:${fileTypes.map(({ extension }) => extension).join("|")})$`);

export function isFileName(name: string): boolean {
  return namePattern.test(name);
}

/** HMAC-SHA-256 of account and content under a key of the server. */
export async function fileNameOf(key: CryptoKey, { accountId, bytes }: NewFile, extension: string): Promise<string> {
  const account = new TextEncoder().encode(`${accountId}\n`);
  const message = new Uint8Array(account.length + bytes.length);
  message.set(account);
  message.set(bytes, account.length);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
  const hash = btoa(String.fromCharCode(...mac))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
  return `${hash}.${extension}`;
}

export function importKey(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}
