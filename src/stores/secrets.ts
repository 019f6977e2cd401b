// Web Crypto only: the same code runs on Node and on workerd.

/** 40 characters of A-Z a-z 0-9 - _: 240 random bits. */
export function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(30));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}

/** 32 hexadecimal digits, as Cloudflare's account ids. */
export function randomId(): string {
  return hexOf(crypto.getRandomValues(new Uint8Array(16)));
}

/**
 * What is kept of a secret, and what it is looked up by. No comparison of secrets exists whose time could tell something: who guesses
 * does not know the hash of the guess's neighbours. Secrets have 240 random bits, so a slow hash would protect nothing more.
 */
export async function webSha256(text: string): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

const hexadecimal = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += hexadecimal[byte] ?? "";
  return text;
}
