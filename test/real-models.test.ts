import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runCommand } from "./server.ts";

/**
 * Asks models of the size that people use what everybody knows, as `ganglion run` does. They are on the disk already: GANGLION_REAL_MODELS=1
 * takes all of the data folder (GANGLION_DATA, else ~/.ganglion) that do not come along, `GANGLION_REAL_MODELS=NAME,NAME` those.
 */
const asked = process.env["GANGLION_REAL_MODELS"];
const folder = mkdtempSync(join(tmpdir(), "ganglion-real-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const command = (words: readonly string[]) =>
  runCommand(words, { dataFolder: process.env["GANGLION_DATA"] ?? join(homedir(), ".ganglion"), folder });

async function models(): Promise<readonly { name: string; task: string }[]> {
  if (!asked) return [];
  const { stdout, stderr } = await command(["models", "--here", "--json"]);
  if (!stdout) throw new Error(stderr);
  const all = JSON.parse(stdout) as { name: string; task: string; origin: string }[];
  const named = asked.split(",");
  return all.filter(({ name, origin }) => (asked === "1" ? origin !== "built-in" : named.includes(name)));
}

async function run(model: string, ...words: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await command(["run", model, ...words, "--json"]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const drawing = fileURLToPath(new URL("../models/tiny-shapes/held-out/detect-01.webp", import.meta.url));
const news =
  "The bridge over the river Tamsel was closed on Monday. Engineers had found a crack in one of its pillars during a routine check. " +
  "About nine thousand cars use the bridge every day. The town council expects the repair to take six weeks and to cost two million euros. " +
  "Until then traffic is sent through the old town, where shopkeepers hope for more guests and parents fear for the way to school.";

interface Scored {
  readonly label: string;
  readonly score: number;
}

/** What a model of each task is asked, and what must be true of any good answer. */
const questions: Readonly<Record<string, (model: string) => Promise<void>>> = {
  "Text Generation": async (model) => {
    const reply = (await run(model, "What is the capital of France?", "--temperature", "0", "--max-tokens", "200")) as {
      choices: { message: { content: string } }[];
    };
    expect(reply.choices[0]?.message.content).toContain("Paris");
  },
  "Text Embeddings": async (model) => {
    const vectorOf = async (text: string) => ((await run(model, text)) as { data: { embedding: number[] }[] }).data[0]?.embedding ?? [];
    const [cat, kitten, taxes] = [
      await vectorOf("a cat sleeps"),
      await vectorOf("a kitten is asleep"),
      await vectorOf("taxes are due in May"),
    ];
    const dot = (one: readonly number[], other: readonly number[]) => one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
    expect(dot(cat, cat)).toBeGreaterThan(0);
    expect(dot(cat, kitten)).toBeGreaterThan(dot(cat, taxes));
  },
  Reranking: async (model) => {
    const file = join(folder, "passages.txt");
    writeFileSync(file, "The tax office opens at nine.\nA dog barks at the postman.\n");
    const { results } = (await run(model, "Which animal makes a noise?", "--file", file)) as { results: { index: number }[] };
    expect(results[0]?.index).toBe(1);
  },
  "Text Classification": async (model) => {
    const best = async (text: string) => ((await run(model, text)) as Scored[]).toSorted((one, other) => other.score - one.score)[0]?.label;
    expect(await best("What a wonderful film, I loved it.")).not.toBe(await best("A boring film, I hated it."));
  },
  Translation: async (model) => {
    const { translated_text: text } = (await run(model, "--from", "en", "--to", "es", "Good morning!")) as { translated_text: string };
    expect(text.toLowerCase()).toMatch(/buen(os)? d[ií]as?/);
  },
  Summarization: async (model) => {
    const { summary } = (await run(model, news)) as { summary: string };
    expect(summary.toLowerCase()).toContain("bridge");
    expect(summary.length).toBeLessThan(news.length);
  },
  "Automatic Speech Recognition": async (model) => {
    const file = join(folder, "question.wav");
    const spoken = await command(["run", "@ganglion/tiny-speak", "Where is the station?", "--output", file]);
    expect(spoken.code).toBe(0);
    const { text } = (await run(model, file)) as { text: string };
    expect(text.toLowerCase()).toContain("where is the station");
  },
  "Image Classification": async (model) => {
    const scored = (await run(model, drawing)) as Scored[];
    expect(scored.length).toBeGreaterThan(0);
    for (const { score } of scored) expect(score).toBeGreaterThanOrEqual(0);
  },
  "Object Detection": async (model) => {
    for (const { score } of (await run(model, drawing)) as Scored[]) expect(score).toBeGreaterThan(0);
  },
  "Image-to-Text": async (model) => {
    expect(((await run(model, drawing)) as { description: string }).description).toMatch(/\w+ \w+/);
  },
  "Text-to-Image": async (model) => {
    const file = join(folder, "drawn.png");
    const drawn = await command(["run", model, "a red circle on a blue background", "--steps", "4", "--output", file]);
    expect(drawn).toMatchObject({ code: 0 });
    expect(readFileSync(file).subarray(1, 4).toString()).toBe("PNG");
    expect(readFileSync(file).length).toBeGreaterThan(1_000);
  },
  "Text-to-Speech": async (model) => {
    const file = join(folder, "spoken.wav");
    expect(await command(["run", model, "Where is the station?", "--output", file])).toMatchObject({ code: 0 });
    expect(readFileSync(file).length).toBeGreaterThan(10_000);
  },
};

const here = await models();
describe.skipIf(here.length === 0)("models of the size that people use", () => {
  it.each(here)(
    "$name does $task",
    async ({ name, task }) => {
      const question = questions[/rerank/.test(name) ? "Reranking" : task]; // they share a task at Cloudflare
      if (!question) throw new Error(`nobody has written a question for ${task}`);
      await question(name);
    },
    600_000,
  );
});

describe.skipIf(asked !== "1")("with GANGLION_REAL_MODELS=1", () => {
  it("there are models to ask", () => expect(here).not.toEqual([]));
});
