import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { describeFiles } from "../conformance.ts";
import { openDiskFiles } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "ganglion-files-"));
let folders = 0;
const newFolder = () => join(root, String(folders++), "files");
afterAll(() => rmSync(root, { recursive: true }));

describeFiles("on disk", (options) => openDiskFiles({ folder: newFolder(), ...options }));

const gif = new Uint8Array(Buffer.from("GIF89a"));

it("has the same names after a restart", async () => {
  const folder = newFolder();
  const name = await (await openDiskFiles({ folder })).put({ accountId: "a", bytes: gif });
  const again = await openDiskFiles({ folder });
  expect(await again.get(name)).toBeDefined();
  expect(await again.put({ accountId: "a", bytes: gif })).toBe(name);
});

it("lets nobody else look into its folder, and leaves nothing half-written", async () => {
  const folder = newFolder();
  const files = await openDiskFiles({ folder });
  const names = await Promise.all(Array.from({ length: 20 }, () => files.put({ accountId: "a", bytes: gif })));
  expect(readdirSync(folder).toSorted()).toEqual(["key", ...new Set(names)].toSorted());
  expect(statSync(folder).mode & 0o077).toBe(0);
  expect(statSync(join(folder, "key")).mode & 0o077).toBe(0);
});

it("removes expired files from the disk while others are kept", async () => {
  const folder = newFolder();
  let at = Date.now();
  const files = await openDiskFiles({ folder, expiresAfter: 1000, now: () => at });
  const old = await files.put({ accountId: "a", bytes: gif });
  at += 4_000_000;
  await files.put({ accountId: "b", bytes: gif });
  expect(readdirSync(folder)).not.toContain(old);
});

it("says what is wrong with a folder or a key that cannot be used", async () => {
  const file = join(root, "file");
  writeFileSync(file, "x");
  await expect(openDiskFiles({ folder: join(file, "files") })).rejects.toMatchObject({ code: "bad-setting" });
  const folder = newFolder();
  await openDiskFiles({ folder });
  writeFileSync(join(folder, "key"), "short");
  await expect(openDiskFiles({ folder })).rejects.toMatchObject({ code: "bad-setting" });
});
