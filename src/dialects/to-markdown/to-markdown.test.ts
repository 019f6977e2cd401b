import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApp, type TestApp } from "../../../test/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => {
  await app.close();
});

const page = "<title>Tides</title><h1>High water</h1><p>at <b>four</b></p>";
const converted = "---\ntitle: Tides\n---\n\n# High water\n\nat **four**";

interface Reply {
  readonly status: number;
  readonly json: { readonly result: readonly Record<string, unknown>[]; readonly errors: readonly { message: string }[] };
}

async function post(
  files: readonly (File | string)[],
  { name = "files", options }: { name?: string; options?: string } = {},
): Promise<Reply> {
  const form = new FormData();
  for (const file of files) form.append(name, file);
  if (options !== undefined) form.append("conversionOptions", options);
  const response = await app.send(`/client/v4/accounts/${app.accountId}/ai/tomarkdown`, { method: "POST", body: form });
  return { status: response.status, json: (await response.json()) as Reply["json"] };
}
const file = (content: string, name: string, type = "") => new File([content], name, { type });

describe("POST ai/tomarkdown", () => {
  it.each(["files", "files[]"])("takes files under the name %s, each with its answer", async (name) => {
    const { status, json } = await post([file(page, "a.html", "text/html"), file("a,b\n1,2", "b.csv")], { name });
    expect(status).toBe(200);
    expect(json).toEqual({
      success: true,
      errors: [],
      messages: [],
      result: [
        {
          id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
          name: "a.html",
          mimeType: "text/html",
          format: "markdown",
          tokens: 12,
          data: converted,
        },
        {
          id: expect.any(String) as string,
          name: "b.csv",
          mimeType: "text/csv",
          format: "markdown",
          tokens: 9,
          data: "| a | b |\n| --- | --- |\n| 1 | 2 |",
        },
      ],
    });
  });

  it("takes a hundred files with options, and not one more", async () => {
    const files = (count: number) => Array.from({ length: count }, () => file("MZ", "a.exe"));
    const { status, json } = await post(files(100), { options: "{}" });
    expect([status, json.result.length]).toEqual([200, 100]);
    const { json: refusal } = await post(files(101), { options: "{}" });
    expect(refusal.errors[0]?.message).toMatch(/at most 100 files/);
  });

  it("says in a file's place what is wrong with it, and converts the others", async () => {
    const { status, json } = await post([
      file("MZ", "a.exe", "application/octet-stream"),
      file("no pdf", "b.pdf"),
      file("", "c.html"),
      file("{", "d.json"),
      file("[1]", "e.json"),
    ]);
    expect(status).toBe(200);
    const about = { id: expect.any(String) as string, format: "error" };
    expect(json.result).toEqual([
      {
        ...about,
        name: "a.exe",
        mimeType: "application/octet-stream",
        error: "files of this format are not converted; GET ai/tomarkdown/supported lists those that are",
      },
      { ...about, name: "b.pdf", mimeType: "application/pdf", error: "the file is damaged, or is no pdf file" },
      { ...about, name: "c.html", mimeType: "text/html", error: "the file is empty" },
      { ...about, name: "d.json", mimeType: "application/json", error: "the file is damaged, or is no json file" },
      expect.objectContaining({ name: "e.json", data: "```json\n[1]\n```" }),
    ]);
  });

  it("does as the options say", async () => {
    const options = { output: { format: "text" }, html: { cssSelector: "p" } };
    const { json } = await post([file(page, "a.html")], { options: JSON.stringify(options) });
    expect(json.result).toMatchObject([{ format: "text", data: "at four", tokens: 2 }]);
  });

  it.each([
    ["no files", [], {}, /\/files|no files/],
    ["a text in a file's place", ["hello"], {}, /files must be files/],
    ["options that are no JSON", [file(page, "a.html")], { options: "{" }, /conversionOptions is no JSON/],
    ["options of any length", [file(page, "a.html")], { options: `[${"{},".repeat(50_000)}0]` }, /longer than 100000/],
    ["options of another type", [file(page, "a.html")], { options: '{"pdf":{"metadata":"no"}}' }, /\/pdf\/metadata/],
    ["a language that nothing is described in", [file(page, "a.html")], { options: '{"image":{"descriptionLanguage":"la"}}' }, /"de"/],
  ])("refuses %s", async (_name, files, options, message) => {
    const { status, json } = await post(files, options);
    expect([status, json.errors[0]?.message]).toEqual([400, expect.stringMatching(message)]);
  });

  it("costs nothing, and is on no ledger, where no picture is described", async () => {
    const today = new Date().toISOString().slice(0, 10);
    await post([file(page, "a.html")]);
    expect(await app.ledger.usage(app.accountId, today)).toEqual([]);
  });

  it("says in the place of a file that all together are too long, and converts those that fit", async () => {
    const wide = await openTestApp({ bodyLimit: 40_000_000 });
    try {
      const files = [8_000_000, 8_000_000, 8_000_000, 1].map((length) => ({ name: "a.xml", data: btoa("a".repeat(length)) }));
      const { json } = await wide.ask("/to-everything/markdown/transformer", { files });
      expect((json as Reply["json"]).result).toMatchObject([
        { format: "markdown" },
        { format: "markdown" },
        { format: "error", error: "all files together have more than 20000000 characters" },
        { format: "markdown" },
      ]);
    } finally {
      await wide.close();
    }
  });

  it("says in the place of a file that all together took too long, also of the one that was being read", async () => {
    const hasty = await openTestApp({ documents: { requestTime: 5 } });
    try {
      const files = ["a.html", "b.html"].map((name) => ({ name, data: btoa(page) }));
      const { status, json } = await hasty.ask("/to-everything/markdown/transformer", { files });
      expect(status).toBe(200);
      const late = { format: "error", error: "all files together took longer than 0.005 seconds" };
      expect((json as Reply["json"]).result).toMatchObject([late, late]);
    } finally {
      await hasty.close();
    }
  });

  it("is refused as a whole by a server that converts no documents", async () => {
    const none = await openTestApp({ documents: "none" });
    try {
      const files = [{ name: "a.html", data: btoa(page) }];
      expect(await none.ask("/to-everything/markdown/transformer", { files })).toMatchObject({
        status: 400,
        json: { errors: [{ message: expect.stringContaining("this server converts no documents") as string }] },
      });
    } finally {
      await none.close();
    }
  });

  it("is refused with a short time to wait, where too many files are being read already", async () => {
    const small = await openTestApp({ documents: { places: 1, queueLength: 0 } });
    try {
      const files = [{ name: "a.html", data: btoa(page) }];
      const replies = await Promise.all([1, 2].map(() => small.ask("/to-everything/markdown/transformer", { files })));
      expect(replies.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 429]));
      expect(replies.map(({ headers }) => headers.get("retry-after"))).toContain("5");
    } finally {
      await small.close();
    }
  });

  it("is refused to another account's token, and to none", async () => {
    const path = (account: string) => `/client/v4/accounts/${account}/ai/tomarkdown`;
    expect((await app.send(path("0".repeat(32)), { method: "POST" })).status).toBe(403);
    expect((await app.send(path(app.accountId), { method: "POST", headers: { authorization: undefined } })).status).toBe(400);
  });
});

describe("what can be converted", () => {
  it("is the same list for REST and for bindings, with an extension and a type each", async () => {
    const rest = await app.ask(`/client/v4/accounts/${app.accountId}/ai/tomarkdown/supported`);
    const binding = await app.ask("/to-everything/markdown/supported");
    expect(rest.json).toEqual(binding.json);
    const { result } = rest.json as { result: { extension: string; mimeType: string }[] };
    expect(result.map(({ extension }) => extension).toSorted()).toEqual(
      ".csv .docx .et .htm .html .jpeg .jpg .json .numbers .ods .odt .pdf .png .svg .webp .xls .xlsb .xlsm .xlsx .xml".split(" "),
    );
    expect(result).toContainEqual({ extension: ".pdf", mimeType: "application/pdf" });
  });
});

describe("what env.AI.toMarkdown sends", () => {
  const transform = (body: object) => app.ask("/to-everything/markdown/transformer", body);
  const sent = { name: "a.html", mimeType: "text/html", data: btoa(page) };

  it("is converted, and the options are where the binding puts them", async () => {
    const files = [sent, { name: "b", mimeType: "", data: "" }];
    expect(await transform({ files, options: { gateway: { id: "g" } } })).toMatchObject({
      status: 200,
      json: {
        result: [
          { name: "a.html", format: "markdown", data: converted },
          { name: "b", format: "error" },
        ],
      },
    });
    const options = { conversionOptions: { html: { cssSelector: "h1" } } };
    expect(await transform({ files: [sent], options })).toMatchObject({
      json: { result: [{ data: expect.stringMatching(/# High water$/) as string }] },
    });
  });

  it.each([
    ["no list of files", { files: sent }, /\/files/],
    ["none", { files: [] }, /no files/],
    ["too many", { files: Array(101).fill(sent) }, /100 files/],
    ["what is no base64", { files: [{ ...sent, data: "*" }] }, /\/files\/0\/data/],
  ])("is refused in the words that workerd reads: %s", async (_name, body, message) => {
    expect(await transform(body)).toMatchObject({ status: 400, json: { errors: [{ message: expect.stringMatching(message) as string }] } });
  });
});
