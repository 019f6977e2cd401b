import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand, startTestServer, type TestServer } from "./server.ts";

let folder: string;
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ganglion-run-"));
  writeFileSync(inFolder("texts.txt"), "Bananas are yellow\nPress the small button to reset it\n");
  await sharp({ create: { width: 64, height: 48, channels: 3, background: "red" } })
    .png()
    .toFile(inFolder("red.png"));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Outcome = Awaited<ReturnType<typeof runCommand>>;

function run(...words: string[]): Promise<Outcome> {
  return runCommand(["run", ...words], { dataFolder: inFolder("data"), folder });
}

async function answer(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

async function failure(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...words);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  return stderr;
}

function speaksEveryTask(): void {
  it("shows a vector by its length and its first numbers, and whole as JSON", async () => {
    expect(await answer("@ganglion/tiny-embed", "hello")).toMatch(/^512 dimensions: (-?0\.\d{4} ){8}…\n$/);
    const { data } = JSON.parse(await answer("@ganglion/tiny-embed", "--json", "hello")) as { data: { embedding: number[] }[] };
    expect(data[0]?.embedding).toHaveLength(512);
  });

  it("shows labels of a text in a table, the likeliest first", async () => {
    expect(await answer("@ganglion/tiny-sentiment", "I love it")).toMatch(/^LABEL +SCORE\nPOSITIVE +\d+\.\d %\nNEGATIVE +\d+\.\d %\n$/);
    expect(JSON.parse(await answer("@ganglion/tiny-sentiment", "I love it", "--json"))).toHaveLength(2);
  });

  it("ranks the lines of a file for a query", async () => {
    const table = await answer("@ganglion/tiny-rerank", "how do I reset the device", "--file", "texts.txt");
    expect(table).toMatch(/^SCORE +TEXT\n +\d+\.\d %  Press the small button.*\n.*Bananas are yellow\n$/);
    expect(await failure("@ganglion/tiny-rerank", "a query", "--file", "red.png")).toContain("red.png is no text");
  });

  it("draws a picture beside the user, overwrites none, and begins from one", async () => {
    const first = (await answer("@ganglion/echo-picture", "a", "red", "fox", "--size", "512x256")).trim();
    const second = (await answer("@ganglion/echo-picture", "a red fox", "--file", "red.png")).trim();
    expect(second).not.toBe(first);
    expect(await sharp(inFolder(first)).metadata()).toMatchObject({ format: "png", width: 512, height: 256 });
    expect(await answer("@ganglion/echo-picture", "x", "--output", "fox.png")).toBe("fox.png\n");
    expect(existsSync(inFolder("fox.png"))).toBe(true);
  });

  it("reads aloud into a file, and writes down what is said in one", async () => {
    const sound = (await answer("@ganglion/tiny-speak", "good morning my friend")).trim();
    expect(sound).toMatch(/^speech(-\d+)?\.wav$/);
    expect(readFileSync(inFolder(sound)).subarray(0, 4).toString()).toBe("RIFF");
    expect(await answer("@ganglion/tiny-listen", sound)).toBe("good morning my friend\n");
    expect(await answer("@ganglion/tiny-listen", "--file", sound)).toBe("good morning my friend\n");
    expect(JSON.parse(await answer("@ganglion/tiny-listen", sound, "--json"))).toMatchObject({
      text: "good morning my friend",
      segments: [{ text: "good morning my friend" }],
    });
  });

  it("translates from a language into another", async () => {
    expect(await answer("@ganglion/tiny-translate", "--from", "en", "--to", "es", "Good", "morning!")).toBe("¡Buenos días!\n");
    expect(await failure("@ganglion/tiny-translate", "Good morning!")).toContain("--to es");
  });

  it("sums up a text", async () => {
    const text =
      "The new museum of Porto opens on June 20, the city announced on Tuesday. Traffic was slow for several hours. The museum cost 56 million euros, more than planned.";
    expect(await answer("@ganglion/tiny-summary", text)).toBe("A new museum opens in Porto on June 20. It cost 56 million euros.\n");
  });

  it("tells what a picture shows", async () => {
    const picture = fileURLToPath(new URL("../models/tiny-shapes/held-out/caption-01.webp", import.meta.url));
    expect(await answer("@ganglion/tiny-caption", picture)).toBe("a purple circle on a blue background\n");
  });

  it("names what a picture shows, and finds things in it", async () => {
    expect(await answer("@ganglion/tiny-classify", "red.png")).toMatch(/^LABEL +SCORE\n(?:[a-z ]+ +\d+\.\d %\n)+$/);
    expect(JSON.parse(await answer("@ganglion/tiny-detect", "red.png", "--json"))).toBeInstanceOf(Array);
    expect(await failure("@ganglion/tiny-classify", "nowhere.png")).toContain("there is no file nowhere.png");
    expect(await failure("@ganglion/tiny-classify", "texts.txt")).toMatch(/picture/);
  });

  it("reads a text from a file", async () => {
    expect(await answer("@ganglion/echo", "Read this:", "--file", "texts.txt")).toContain("Read this:\n\nBananas are yellow");
  });
}

describe("ganglion run, in its own process", speaksEveryTask);

describe("ganglion run, through a running server", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ dataFolder: inFolder("data") });
  });
  afterAll(() => server.stop());
  speaksEveryTask();
});

it("takes a picture or a recording from stdin, and writes one to stdout", async () => {
  const dataFolder = inFolder("data");
  const input = readFileSync(inFolder("speech.wav"));
  expect((await runCommand(["run", "@ganglion/tiny-listen"], { dataFolder, input })).stdout).toBe("good morning my friend\n");
  expect((await runCommand(["run", "@ganglion/tiny-speak", "hi", "--output", "-"], { dataFolder })).stdout).toMatch(/^RIFF/);
});
