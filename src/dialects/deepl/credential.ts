import type { CredentialSource } from "../route.ts";

/**
 * The token as translation clients send it: they have one field for an address and often none for a secret.
 * `?password=` is what small workers take, `?token=` DeepLX, a path segment some forks; a header is better wherever it can be set.
 * Sources: github.com/OwO-Network/DeepLX (README), developers.deepl.com/docs (authentication), seen 2026-11.
 */
export function translationCredential({ header, query, params }: CredentialSource): string | undefined {
  const [, inHeader] = /^(?:bearer|deepl-auth-key) +(\S+)$/i.exec(header("authorization")?.trim() ?? "") ?? [];
  return inHeader ?? query.get("token") ?? query.get("password") ?? params["token"];
}
