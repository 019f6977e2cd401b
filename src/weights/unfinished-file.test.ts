import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { keptBytes, openUnfinished } from "./unfinished-file.ts";

const root = mkdtempSync(join(tmpdir(), "ganglion-unfinished-"));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
const newFolder = () => join(root, String(++count));
const file = { path: "model.gguf", bytes: 25, digest: "sha256:abc" } as const;
const piecework = { segmentBytes: 10, requestBytes: 20, connections: 1 };
const journalIn = (folder: string) => join(folder, "sha256-abc.done");

describe("a file that is being fetched", () => {
  it("is missing in a small first piece and then in as large ones as are allowed", async () => {
    const part = await openUnfinished(newFolder(), { ...file, bytes: 45 }, piecework);
    expect(part.missing()).toEqual([
      { start: 0, end: 10 },
      { start: 10, end: 30 },
      { start: 30, end: 45 },
    ]);
    await part.discard();
  });

  it("is missing in shares for all connections", async () => {
    const part = await openUnfinished(newFolder(), { ...file, bytes: 50 }, { ...piecework, requestBytes: 1000, connections: 2 });
    expect(part.missing().map(({ start }) => start)).toEqual([0, 10, 40]);
    await part.discard();
  });

  it("keeps whole segments for a later pull, and fetches begun ones again", async () => {
    const folder = newFolder();
    const first = await openUnfinished(folder, file, piecework);
    await first.write(20, Buffer.from("klmno"));
    await first.write(0, Buffer.from("abcdefghijXY")); // a segment, and the beginning of the next
    await first.leave();

    expect(await keptBytes(folder, file, piecework)).toBe(15);
    const second = await openUnfinished(folder, file, piecework);
    expect(second.kept).toBe(15);
    expect(second.missing()).toEqual([{ start: 10, end: 20 }]);
    expect(await second.write(5, Buffer.from("?????0123456789?????"))).toBe(10);
    await second.finish(join(folder, "deep/down/model.gguf"));
    expect(readFileSync(join(folder, "deep/down/model.gguf"), "utf8")).toBe("abcdefghij0123456789klmno");
    expect(readdirSync(folder)).toEqual(["deep"]);
  });

  it("does not believe a line that was being written when the process died", async () => {
    const folder = newFolder();
    const part = await openUnfinished(folder, file, piecework);
    await part.write(0, Buffer.from("abcdefghij"));
    await part.leave();
    appendFileSync(journalIn(folder), "1");
    expect(await keptBytes(folder, file, piecework)).toBe(10);
  });

  it.each<[string, { segmentBytes?: number; bytes?: number; cutTo?: number }]>([
    ["is in other segments", { segmentBytes: 5 }],
    ["is of a file of another size", { bytes: 24 }],
    ["is of a file that was cut since", { cutTo: 12 }],
  ])("starts again where its journal %s", async (_case, { segmentBytes = 10, bytes = 25, cutTo = 25 }) => {
    const folder = newFolder();
    const part = await openUnfinished(folder, file, piecework);
    await part.write(0, Buffer.from("abcdefghij"));
    await part.leave();
    truncateSync(join(folder, "sha256-abc.part"), cutTo);
    expect(await keptBytes(folder, { ...file, bytes }, { ...piecework, segmentBytes })).toBe(0);
  });

  it("leaves nothing where nothing is whole", async () => {
    const folder = newFolder();
    const part = await openUnfinished(folder, file, piecework);
    await part.write(0, Buffer.from("abc"));
    await part.leave();
    expect(readdirSync(folder)).toEqual([]);
  });
});
