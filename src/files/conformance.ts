import { beforeEach, describe, expect, it } from "vitest";
import type { Files } from "./index.ts";

const png = (tail: string) => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Buffer.from(tail)]);
const day = 86_400_000;

/** Runs what every store of files promises. */
export function describeFiles(name: string, create: (options: { now: () => number; expiresAfter?: number }) => Promise<Files>): void {
  describe(`files ${name}`, () => {
    let at: number;
    let files: Files;
    beforeEach(async () => {
      at = Date.parse("2026-11-24T10:00:00Z");
      files = await create({ now: () => at, expiresAfter: day });
    });

    it("gives back what was kept, with its true type and its time", async () => {
      const kept = await files.put({ accountId: "a", bytes: png("one") });
      expect(kept).toMatch(/^[\w-]{43}\.png$/);
      expect(await files.get(kept)).toEqual({ bytes: png("one"), mediaType: "image/png", createdAt: at, etag: `"${kept.slice(0, 43)}"` });
      const jpeg = await files.put({ accountId: "a", bytes: new Uint8Array([0xff, 0xd8, 0xff, 0xe0]) });
      expect([jpeg.slice(-4), (await files.get(jpeg))?.mediaType]).toEqual([".jpg", "image/jpeg"]);
    });

    it("names by account and content: the same again is the same, another account's is another", async () => {
      const first = await files.put({ accountId: "a", bytes: png("one") });
      expect(await files.put({ accountId: "a", bytes: png("one") })).toBe(first);
      expect(await files.put({ accountId: "b", bytes: png("one") })).not.toBe(first);
      expect(await files.put({ accountId: "a", bytes: png("two") })).not.toBe(first);
    });

    it("names under a key of its own: another store's names are others", async () => {
      const other = await create({ now: () => at });
      expect(await other.put({ accountId: "a", bytes: png("one") })).not.toBe(await files.put({ accountId: "a", bytes: png("one") }));
    });

    it("keeps pictures only, by what they hold", async () => {
      for (const text of ["<svg onload=alert(1)>", "<html>", "%PDF-1.4", "", "GIF"]) {
        await expect(files.put({ accountId: "a", bytes: new Uint8Array(Buffer.from(text)) })).rejects.toMatchObject({ code: "bad-input" });
      }
    });

    it("finds nothing under a name that is none, wherever it points", async () => {
      const kept = await files.put({ accountId: "a", bytes: png("one") });
      for (const wrong of [
        "",
        "key",
        "../key",
        "..%2fkey",
        "/etc/passwd",
        `${kept}/`,
        `${kept}\0`,
        `x/${kept}`,
        kept.replace(".png", ".jpg"),
        kept.replace(/^./, "!"),
        `${"A".repeat(43)}.png`,
      ]) {
        expect(await files.get(wrong), wrong).toBeUndefined();
      }
    });

    it("forgets what has expired, and keeps anew what is kept again", async () => {
      const kept = await files.put({ accountId: "a", bytes: png("one") });
      at += day + 1;
      expect(await files.get(kept)).toBeUndefined();
      await files.put({ accountId: "a", bytes: png("one") });
      expect(await files.get(kept)).toBeDefined();
    });
  });
}
