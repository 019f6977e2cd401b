import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { program } from "../server.ts";
import { absent, plugins, wholeRun, wrangler } from "./installed.ts";
import { complaintsOf, createProject, freePort, type Project, startTool } from "./tool.ts";

const noWrangler = absent(wrangler) !== undefined;
const noPlugins = absent(plugins) !== undefined;
const minutes = 60_000;
/** What a smoke test can do without. */
const itAtLength = it.skipIf(!wholeRun);

async function jsonOf(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

// They import what the package exports, with its types.
beforeAll(() => {
  execFileSync(process.execPath, ["scripts/types.mjs"], { stdio: "inherit" });
});

describe.skipIf(noWrangler)("examples/chat-worker", () => {
  let project: Project;
  beforeAll(() => {
    project = createProject(wrangler, "examples/chat-worker");
  });
  afterAll(() => project.remove());

  it("fits the types of Workers", async () => {
    expect(await complaintsOf(project)).toBe("");
  });

  it(
    "streams a chat",
    async () => {
      const port = await freePort();
      const tool = startTool(wrangler.node, [program, "dev", "--port", String(port)], project);
      await tool.says(/Ready on/);
      const body = JSON.stringify({ messages: [{ role: "user", content: "What is the capital of France?" }] });
      const text = await (await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body })).text();
      const events = text.match(/(?<=^data: )\{.*\}$/gm) ?? [];
      expect(events.map((event) => (JSON.parse(event) as { response: string }).response).join("")).toContain("Paris");
      expect(await tool.interrupt()).toMatchObject({ code: 0 });
    },
    2 * minutes,
  );
});

describe.skipIf(noWrangler)("examples/rag-worker", () => {
  it(
    "fits the types of Workers, and answers from what it was told, with a database and a bucket beside it",
    async () => {
      const project = createProject(wrangler, "examples/rag-worker");
      try {
        expect(await complaintsOf(project)).toBe("");
        const port = await freePort();
        const tool = startTool(wrangler.node, [program, "dev", "--port", String(port)], project);
        await tool.says(/Ready on/);
        const pages = {
          cats: { title: "Cats", text: "A cat sleeps sixteen hours a day." },
          banks: { title: "Banks", text: "The bank opens at nine in the morning." },
          bread: { title: "Bread", text: "Bread is baked from flour, water and salt." },
        };
        for (const [name, page] of Object.entries(pages)) {
          const kept = await fetch(`http://127.0.0.1:${port}/pages/${name}`, { method: "PUT", body: JSON.stringify(page) });
          expect(kept.status).toBe(204);
        }
        const question = encodeURIComponent("How long does a cat sleep?");
        expect(await jsonOf(`http://127.0.0.1:${port}/?question=${question}`)).toMatchObject({
          answer: expect.stringMatching(/./) as string,
          sources: [{ name: "cats", title: "Cats" }, {}],
        });
        await tool.interrupt();
      } finally {
        project.remove();
      }
    },
    2 * minutes,
  );
});

describe.skipIf(noWrangler)("examples/image-worker", () => {
  itAtLength(
    "fits the types of Workers, and draws",
    async () => {
      const project = createProject(wrangler, "examples/image-worker");
      try {
        expect(await complaintsOf(project)).toBe("");
        const port = await freePort();
        const tool = startTool(wrangler.node, [program, "dev", "--port", String(port)], project);
        await tool.says(/Ready on/);
        const reply = await fetch(`http://127.0.0.1:${port}/?prompt=a+red+circle`);
        expect(reply.headers.get("content-type")).toBe("image/png");
        expect(
          Buffer.from(await reply.arrayBuffer())
            .subarray(1, 4)
            .toString(),
        ).toBe("PNG");
        await tool.interrupt();
      } finally {
        project.remove();
      }
    },
    2 * minutes,
  );
});

describe.skipIf(noWrangler)("examples/pages-function", () => {
  itAtLength(
    "fits the types of Workers, and answers in `wrangler pages dev`",
    async () => {
      const project = createProject(wrangler, "examples/pages-function");
      try {
        expect(await complaintsOf(project)).toBe("");
        const port = await freePort();
        const words = [join(project.path, "node_modules/wrangler/bin/wrangler.js"), "pages", "dev", "--port", String(port)];
        const tool = startTool(wrangler.node, words, project);
        await tool.says(/Ready on/);
        const body = JSON.stringify({ texts: ["a cat", "the bank opens at nine", "a small cat"] });
        const reply = await fetch(`http://127.0.0.1:${port}/similar`, { method: "POST", body });
        expect(await reply.json()).toMatchObject({ text: "a small cat" });
        await tool.interrupt();
      } finally {
        project.remove();
      }
    },
    2 * minutes,
  );
});

describe.skipIf(noPlugins)("examples/vitest-worker", () => {
  it(
    "fits the types of Workers, and its tests pass",
    async () => {
      const project = createProject(plugins, "examples/vitest-worker");
      try {
        expect(await complaintsOf(project)).toBe("");
        const words = [join(project.path, "node_modules/vitest/vitest.mjs"), "run"];
        expect(await startTool(plugins.node, words, project).ended).toMatchObject({
          code: 0,
          output: expect.stringMatching(/3 passed/) as string,
        });
      } finally {
        project.remove();
      }
    },
    2 * minutes,
  );
});

it.skipIf(noPlugins)(
  "docs/workers.md, followed word by word, ends in a green test",
  async () => {
    const empty = mkdtempSync(join(tmpdir(), "ganglion-empty-"));
    const project = createProject(plugins, empty);
    try {
      const page = readFileSync("docs/workers.md", "utf8");
      for (const [, name = "", text = ""] of page.matchAll(/^```\w+\n\/\/ (\S+)\n(.*?)^```$/gms)) {
        const file = join(project.path, name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
      const words = [join(project.path, "node_modules/vitest/vitest.mjs"), "run"];
      expect(await startTool(plugins.node, words, project).ended).toMatchObject({
        code: 0,
        output: expect.stringMatching(/1 passed/) as string,
      });
    } finally {
      project.remove();
      rmSync(empty, { recursive: true });
    }
  },
  2 * minutes,
);
