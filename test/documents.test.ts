import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Cloudflare from "cloudflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAi } from "../src/binding/index.ts";
import { runCommand, startTestServer, type TestServer } from "./server.ts";

const fixture = (name: string) => readFileSync(new URL(`../src/documents/process/fixtures/${name}`, import.meta.url));
const drawing = readFileSync(new URL("../models/tiny-shapes/held-out/caption-06.webp", import.meta.url));
/** Of the drawing, which is in tides.docx and its kin too. */
const caption = "a green triangle and an orange square on a white background";

let server: TestServer;
let client: Cloudflare;
beforeAll(async () => {
  server = await startTestServer();
  client = new Cloudflare({ baseURL: `${server.url}/client/v4`, apiToken: server.token });
});
afterAll(() => server.stop());

interface Conversion {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly format: string;
  readonly tokens?: number;
  readonly data?: string;
  readonly error?: string;
}

async function convert(at: TestServer, files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>, options: object = {}) {
  const form = new FormData();
  for (const [name, bytes] of Object.entries(files)) form.append("files", new File([bytes], name));
  form.append("conversionOptions", JSON.stringify(options));
  const reply = await fetch(`${at.url}/client/v4/accounts/${at.accountId}/ai/tomarkdown`, {
    method: "POST",
    headers: { authorization: `Bearer ${at.token}` },
    body: form,
  });
  const { result } = (await reply.json()) as { result: Conversion[] };
  return { status: reply.status, neurons: reply.headers.get("cf-ai-neurons"), result };
}

async function usedBy({ url, accountId, token }: TestServer) {
  const reply = await fetch(`${url}/client/v4/accounts/${accountId}/ai/usage`, { headers: { authorization: `Bearer ${token}` } });
  return ((await reply.json()) as { result: { neurons: number; models: { model: string; requests: number }[] } }).result;
}

describe("a picture becomes words", () => {
  it("by two models, whose neurons are booked and said", async () => {
    const before = await usedBy(server);
    const { status, neurons, result } = await convert(server, { "drawing.webp": drawing });
    expect(status).toBe(200);
    expect(result).toMatchObject([{ name: "drawing.webp", mimeType: "image/webp", format: "markdown" }]);
    const [description, things] = result[0]?.data?.split("\n\n") ?? [];
    expect(description).toBe(caption);
    expect(things).toMatch(/^Objects: (green triangle, orange square|orange square, green triangle)$/);
    const after = await usedBy(server);
    expect(after.models.map(({ model }) => model).toSorted()).toEqual(["@ganglion/tiny-caption", "@ganglion/tiny-detect"]);
    expect((after.neurons - before.neurons).toFixed(2)).toBe(neurons);
  });

  it.each(["tides.docx", "tides.odt", "tides.pdf", "tides.html"])("within %s, where that is asked for", async (name) => {
    const images = { images: { convert: true } };
    const { result } = await convert(server, { [name]: fixture(name) }, { docx: images, pdf: images, html: images });
    expect(result[0]?.data).toContain(`mañana is Spanish.`);
    expect(result[0]?.data).toMatch(/Spanish\.\n\na green triangle/);
  });

  it("or is an error in its place, where the model that was set for it is not here", async () => {
    const other = await startTestServer({ environment: { GANGLION_CAPTION_MODEL: "@cf/llava-hf/llava-1.5-7b-hf" } });
    try {
      const files = { "a.csv": Buffer.from("a,b"), "drawing.webp": drawing, "again.webp": drawing };
      const { status, neurons, result } = await convert(other, files);
      expect(status).toBe(200);
      const error = { format: "error", error: expect.stringContaining("@cf/llava-hf/llava-1.5-7b-hf") as string };
      expect(result).toMatchObject([{ format: "markdown" }, error, error]);
      const used = await usedBy(other);
      expect(used.models).toMatchObject([{ model: "@ganglion/tiny-detect", requests: 2 }]); // what was found is paid
      expect(neurons).toBe(used.neurons.toFixed(2)); // and said
    } finally {
      await other.stop();
    }
  });
});

it("cloudflare's own client converts files and lists their kinds", async () => {
  const account_id = server.accountId;
  const files = [new File([fixture("tides.docx")], "tides.docx"), new File([fixture("tides.xlsx")], "tides.xlsx")];
  const { result } = await client.ai.toMarkdown.transform({ account_id, file: { files } });
  expect(result).toMatchObject([
    { name: "tides.docx", format: "markdown", data: expect.stringMatching(/^# Tide tables\n/) as string },
    { name: "tides.xlsx", format: "markdown", data: expect.stringContaining("## High water") as string },
  ]);
  const kinds = await client.ai.toMarkdown.supported({ account_id });
  expect(kinds.result).toContainEqual({ extension: ".docx", mimeType: result[0]?.mimeType });
});

it("createAi has toMarkdown, for one file and for several", async () => {
  const ai = createAi({ baseUrl: server.url, token: server.token });
  const page = { name: "a.html", blob: new Blob(["<h1>Hi</h1>"], { type: "text/html" }) };
  const picture = { name: "drawing.webp", blob: new Blob([drawing]) };
  expect(await ai.toMarkdown(page)).toMatchObject({ format: "markdown", data: "# Hi" });
  expect(await ai.toMarkdown([page, picture])).toMatchObject([{ data: "# Hi" }, { data: expect.stringContaining(caption) as string }]);
  expect(await ai.toMarkdown().supported()).toContainEqual({ extension: ".pdf", mimeType: "application/pdf" });
});

it("a server that reads a hostile file lives, and logs nothing of it", async () => {
  const { result } = await convert(server, {
    "deep.html": Buffer.from("<table><tr><td>secretword ".repeat(20_000)),
    "broken.docx": Buffer.from("PK secretword"),
    "fine.html": Buffer.from("<p>fine"),
  });
  expect(result).toMatchObject([{ format: "error" }, { format: "error" }, { data: "fine" }]);
  expect(server.stderr + server.stdout).not.toContain("secretword");
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

describe("ganglion markdown", () => {
  const here = fileURLToPath(new URL("../src/documents/process/fixtures/", import.meta.url));
  const run = (...words: string[]) => runCommand(["markdown", ...words], { dataFolder: server.dataFolder, folder: here });

  it("shows what is in files, through the server that has the folder", async () => {
    const { code, stdout, stderr } = await run("tides.docx", "tides.xlsx", "--images");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^# Tide tables\n[\s\S]*\n\na green triangle[\s\S]*\n\n# tides\.xlsx\n\n## High water\n/);
    expect((await run("tides.html", "--text")).stdout).toMatch(/^Tide tables\n\nThe moon pulls/);
    expect(JSON.parse((await run("tides.html", "--json")).stdout)).toMatchObject([{ format: "markdown" }]);
  });

  it("says which file it could not read, and shows the others", async () => {
    const { code, stdout, stderr } = await run("tides.fods", "tides.xls");
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^# tides\.xls\n/) as string,
      stderr: expect.stringContaining("tides.fods: files of this format are not converted") as string,
    });
    expect(await run("never.was")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("never.was cannot be read") as string,
    });
  });

  it("needs no server", async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), "ganglion-markdown-"));
    try {
      const outcome = await runCommand(["markdown", "tides.odt"], { dataFolder, folder: here });
      expect(outcome).toMatchObject({ code: 0, stdout: expect.stringMatching(/^# Tide tables\n/) as string, stderr: "" });
    } finally {
      rmSync(dataFolder, { recursive: true });
    }
  });
});
