import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { program, startTestServer, type TestServer } from "../server.ts";
import { expected, expectedVectors } from "./expected.ts";
import { absent, oldWrangler, plugins, wholeRun, wrangler } from "./installed.ts";
import { createProject, freePort, type Project, startTool, type Tool } from "./tool.ts";

const noWrangler = absent(wrangler) !== undefined;
const noPlugins = absent(plugins) !== undefined;
const noOldWrangler = absent(oldWrangler) !== undefined;
const minutes = 60_000;
/** What a smoke test can do without. */
const itAtLength = it.skipIf(!wholeRun);

/** All that wrangler is told of a server. */
function variablesFor({ url, accountId, token }: TestServer): Record<string, string> {
  return { CLOUDFLARE_API_BASE_URL: `${url}/client/v4`, CLOUDFLARE_ACCOUNT_ID: accountId, CLOUDFLARE_API_TOKEN: token };
}

const allChecks = { class: "Ai", found: expected, vectors: expectedVectors };

function aiOnly(compatibility_date: string): string {
  return JSON.stringify({ name: "checks", main: "src/index.ts", compatibility_date, ai: { binding: "AI" } });
}

async function jsonOf(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

describe.skipIf(noWrangler)("the newest wrangler, which nobody has logged in to", () => {
  let project: Project;
  beforeAll(() => {
    project = createProject(wrangler);
  });
  afterAll(() => project.remove());

  const wranglerOf = (words: readonly string[], environment?: Readonly<Record<string, string>>): Tool =>
    startTool(wrangler.node, [join(project.path, "node_modules/wrangler/bin/wrangler.js"), ...words], project, environment);
  const ganglionDev = async (words: readonly string[], environment?: Readonly<Record<string, string>>) => {
    const port = await freePort();
    const tool = startTool(wrangler.node, [program, "dev", "--port", String(port), ...words], project, environment);
    return { url: `http://127.0.0.1:${port}/`, tool };
  };

  it(
    "passes every check in `ganglion dev`, which starts a server of its own and ends with it",
    async () => {
      const { url, tool } = await ganglionDev([]);
      await tool.says(/Ready on/);
      expect(await jsonOf(url)).toEqual(allChecks);
      expect(await tool.interrupt()).toMatchObject({ code: 0 });
    },
    2 * minutes,
  );

  itAtLength(
    "asks the server that GANGLION_URL names",
    async () => {
      const server = await startTestServer();
      try {
        writeFileSync(join(project.path, "ai.jsonc"), aiOnly("2026-04-01"));
        const { url, tool } = await ganglionDev(["--config", "ai.jsonc"], { GANGLION_URL: server.url, GANGLION_TOKEN: server.token });
        await tool.says(/Ready on/);
        // No stand-ins there.
        const failed = { failed: expect.stringMatching(/^AiError: 5007: .*GANGLION_STAND_INS/) as string };
        expect(await jsonOf(url)).toEqual({ class: "Ai", found: { ...expected, "any text model of the catalogue answers": failed } });
        await tool.interrupt();
      } finally {
        await server.stop();
      }
    },
    2 * minutes,
  );

  it("is told by `ganglion dev` that nothing answers where GANGLION_URL says that a server is", async () => {
    const { tool } = await ganglionDev([], { GANGLION_URL: "http://127.0.0.1:1", GANGLION_TOKEN: "some-token" });
    expect(await tool.ended).toMatchObject({
      code: 1,
      output: expect.stringContaining("no server answers at http://127.0.0.1:1") as string,
    });
  });

  it("is told by `ganglion dev` that the configuration has no AI binding", async () => {
    writeFileSync(join(project.path, "without.jsonc"), '{ "name": "without", "main": "src/index.ts", "compatibility_date": "2026-04-01" }');
    const { tool } = await ganglionDev(["--config", "without.jsonc"]);
    expect(await tool.ended).toMatchObject({ code: 1, output: expect.stringContaining('add "ai": { "binding": "AI" }') as string });
  });

  it(
    "passes every check in `wrangler dev` with an environment that names the plugin",
    async () => {
      const port = await freePort();
      const tool = wranglerOf(["dev", "--env", "local", "--port", String(port)]);
      await tool.says(/Ready on/);
      expect(await jsonOf(`http://127.0.0.1:${port}/`)).toEqual(allChecks);
      await tool.interrupt();
    },
    2 * minutes,
  );

  itAtLength(
    "gives the binding to a program, by getPlatformProxy",
    async () => {
      const file = join(project.path, "platform.mjs");
      writeFileSync(
        file,
        `import { getPlatformProxy } from "wrangler";
        const { env, dispose } = await getPlatformProxy({ environment: "local" });
        const { response } = await env.AI.run("@ganglion/echo", { prompt: "one two" });
        const failed = await env.AI.run("@cf/never/was", {}).catch(({ name, message }) => name + ": " + message);
        console.log("found", JSON.stringify({ response, failed }));
        await dispose();`,
      );
      const { code, output } = await startTool(wrangler.node, [file], project).ended;
      expect(output).toContain('found {"response":"one two","failed":"AiError: 5007: No such model @cf/never/was');
      expect(code).toBe(0);
    },
    2 * minutes,
  );

  describe("with three variables", () => {
    let server: TestServer;
    let variables: Record<string, string>;
    beforeAll(async () => {
      server = await startTestServer();
      variables = variablesFor(server);
    });
    afterAll(() => server.stop());

    it("lists the models", async () => {
      const { code, output } = await wranglerOf(["ai", "models"], variables).ended;
      expect(output).toContain("@ganglion/tiny-chat");
      expect(output).toContain("@cf/openai/gpt-oss-120b");
      expect(code).toBe(0);
    }, 60_000);

    itAtLength(
      "makes an index of vectors, fills it from a file, and asks it",
      async () => {
        const vectorize = async (...words: string[]) => {
          const { code, output } = await wranglerOf(["vectorize", ...words], variables).ended;
          expect(code, output).toBe(0);
          return output;
        };
        const file = join(project.path, "vectors.ndjson");
        const vectors = [
          { id: "a", values: [1, 0], metadata: { kind: "cat" } },
          { id: "b", values: [0, 1], metadata: { kind: "dog" } },
        ];
        writeFileSync(file, vectors.map((vector) => JSON.stringify(vector)).join("\n"));
        await vectorize("create", "pets", "--dimensions", "2", "--metric", "cosine");
        await vectorize("create-metadata-index", "pets", "--property-name", "kind", "--type", "string");
        await vectorize("insert", "pets", "--file", file);
        expect(await vectorize("info", "pets")).toMatch(/\b2\b/);
        const asked = await vectorize(
          "query",
          "pets",
          "--vector",
          "1",
          "0",
          "--top-k",
          "1",
          "--return-metadata",
          "all",
          "--filter",
          '{"kind":"cat"}',
        );
        expect(asked).toMatch(/"id": "a"/);
        expect(asked).not.toMatch(/"id": "b"/);
        expect(await vectorize("list")).toContain("pets");
        expect(await vectorize("list-vectors", "pets")).toMatch(/\bb\b/);
        await vectorize("get-vectors", "pets", "--ids", "a");
        await vectorize("delete-vectors", "pets", "--ids", "a");
        await vectorize("delete", "pets", "--force");
        expect(await vectorize("list")).not.toContain("pets");
      },
      180_000,
    );

    it("prints a model's schema", async () => {
      const { code, output } = await wranglerOf(["ai", "models", "schema", "@ganglion/tiny-chat"], variables).ended;
      expect(output).toMatch(/"max_tokens"/);
      expect(code).toBe(0);
    }, 60_000);
  });
});

it.skipIf(noOldWrangler)(
  "wrangler 4.35 asks through ai/run/proxy, with three variables and nothing else",
  async () => {
    const server = await startTestServer({ environment: { GANGLION_STAND_INS: "1" } });
    const project = createProject(oldWrangler);
    try {
      const port = await freePort();
      writeFileSync(join(project.path, "wrangler.jsonc"), aiOnly("2025-08-01"));
      const words = [join(project.path, "node_modules/wrangler/bin/wrangler.js"), "dev", "--port", String(port)];
      const tool = startTool(oldWrangler.node, words, project, variablesFor(server));
      await tool.says(/Ready on/);
      expect(await jsonOf(`http://127.0.0.1:${port}/`)).toEqual({
        class: "Ai",
        found: {
          ...expected,
          // Its workerd knows neither yet.
          "toMarkdown().supported() is a list": { failed: expect.stringContaining("supported is not a function") as string },
          "an aborted call throws an AbortError": "nothing was thrown",
        },
      });
      await tool.interrupt();
    } finally {
      project.remove();
      await server.stop();
    }
  },
  2 * minutes,
);

describe.skipIf(noPlugins)("the newest plugins, which nobody has logged in to", () => {
  let project: Project;
  beforeAll(() => {
    project = createProject(plugins);
  });
  afterAll(() => project.remove());

  it(
    "pass every check in Vite",
    async () => {
      const port = await freePort();
      const words = [join(project.path, "node_modules/vite/bin/vite.js"), "--host", "127.0.0.1", "--port", String(port)];
      const tool = startTool(plugins.node, words, project);
      await tool.says(/Local:/);
      expect(await jsonOf(`http://127.0.0.1:${port}/`)).toEqual(allChecks);
      await tool.interrupt();
    },
    2 * minutes,
  );

  it(
    "pass every check in Vitest",
    async () => {
      const { code, output } = await startTool(plugins.node, [join(project.path, "node_modules/vitest/vitest.mjs"), "run"], project).ended;
      const [, found = "{}"] = /^checks (\{.*\})$/m.exec(output) ?? [];
      expect(JSON.parse(found), output).toEqual(allChecks);
      expect(code).toBe(0);
    },
    2 * minutes,
  );
});
