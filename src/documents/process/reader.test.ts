import { readFileSync } from "node:fs";
import { utils, write } from "@e965/xlsx";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Piece, Reading, ReadingOptions } from "../index.ts";
import { createDocumentReader, type DocumentReaderOptions } from "./index.ts";
import { pdfOf } from "./pdf.case.ts";
import { zipOf } from "./zip.case.ts";

interface Wish {
  readonly writing?: "markdown" | "text";
  readonly pictures?: number;
  readonly html?: Partial<ReadingOptions["html"]>;
  readonly metadata?: boolean;
}

const entry = new URL("../../../dist/document-process.js", import.meta.url);
const stays = { account: "a", signal: new AbortController().signal };
const readerWith = (options: Partial<DocumentReaderOptions> = {}) => createDocumentReader({ entry, environment: {}, ...options });

function optionsOf({ writing = "markdown", pictures = 0, html = {}, metadata = false }: Wish): ReadingOptions {
  return {
    writing,
    pictures: { html: pictures, word: pictures, pdf: pictures },
    html: { openGraphPicture: false, ...html },
    pdf: { metadata },
  };
}

const read = async (bytes: Uint8Array | string, name: string, wish: Wish = {}, reader = readerWith()): Promise<Reading> =>
  reader.read({ name, mediaType: "", bytes: typeof bytes === "string" ? Buffer.from(bytes) : bytes }, optionsOf(wish), stays);

/** `fixtures/` were made by LibreOffice 7.4 from tides.html and tides.fods. */
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

async function piecesOf(reading: Promise<Reading>): Promise<readonly Piece[]> {
  const done = await reading;
  if ("error" in done) throw new Error(done.error);
  return done.pieces;
}
const textOf = async (reading: Promise<Reading>) =>
  (await piecesOf(reading)).map((piece) => (typeof piece === "string" ? piece.trim() : `<${piece.mediaType}>`)).join("\n\n");
const errorOf = async (reading: Promise<Reading>): Promise<string> => {
  const done = await reading;
  return "error" in done ? done.error : `no error: ${done.pieces.length} pieces`;
};

const body = [
  "The **moon** pulls, the _sea_ follows: see [the almanac](https://example.org/tides).",
  "",
  "## Ports",
  "",
  "- Brest",
  "  - old harbour",
  "- Cádiz",
  "",
  "1. look up the day",
  "2. add the hour",
  "",
  "| Port | High water |",
  "| --- | --- |",
  "| Brest | 04:12 |",
  "| Cádiz | 02:55 |",
  "",
  "### Note",
  "",
  "Times are in UTC; mañana is Spanish.",
].join("\n");

const plainBody = body
  .replace(/\[(.*)\]\(.*?\)/, "$1")
  .replace(/\| --- .*\n/, "")
  .replace(/^\| (.*) \| (.*) \|$/gm, "$1\t$2")
  .replace(/\*\*|_|^#+ |^ *- |^\d\. /gm, "");

describe("a true document", () => {
  it.each(["tides.docx", "tides.odt"])("%s keeps headings, lists, tables, links and emphasis", async (name) => {
    expect(await textOf(read(fixture(name), name))).toBe(`# Tide tables\n\n${body}`);
  });

  it("tides.html does too, below what the page says of itself", async () => {
    expect(await textOf(read(fixture("tides.html"), "tides.html"))).toBe(`---\ntitle: Tide tables\n---\n\n# Tide tables\n\n${body}`);
  });

  it("tides.pdf does too, by its tags, page by page", async () => {
    const tagged = body.replaceAll(/\*\*|_/g, ""); // a PDF has tags for neither
    expect(await textOf(read(fixture("tides.pdf"), "tides.pdf"))).toBe(
      `# tides.pdf\n\n## Contents\n\n### Page 1\nTide tables\n\n${tagged}`, // LibreOffice has tagged it as a paragraph
    );
  });

  it.each(["tides.docx", "tides.odt", "tides.html"])("%s becomes text without any marks", async (name) => {
    expect(await textOf(read(fixture(name), name, { writing: "text" }))).toBe(`Tide tables\n\n${plainBody}`);
  });

  it.each(["tides.docx", "tides.odt", "tides.html", "tides.pdf"])(
    "the picture in %s comes in its place, where it is wanted",
    async (name) => {
      const pieces = await piecesOf(read(fixture(name), name, { pictures: 10 }));
      expect(pieces).toHaveLength(2);
      const [, picture] = pieces;
      if (typeof picture !== "object") throw new Error("no picture");
      expect(await sharp(picture.bytes).metadata()).toMatchObject({
        width: 128,
        height: 128,
        format: picture.mediaType.slice("image/".length),
      });
    },
  );
});

describe("a PDF", () => {
  it("says what it is, unless that is not wanted", async () => {
    const text = await textOf(read(fixture("tides.pdf"), "tides.pdf", { metadata: true }));
    expect(text).toMatch(/^# tides\.pdf\n\n## Metadata\n- PDFFormatVersion=1\.6\n(- .+\n)*- Title=Tide tables\n/);
  });

  it("without tags is its text as it is", async () => {
    expect(await textOf(read(pdfOf(["first line", "second page"]), "a.pdf"))).toBe(
      "# a.pdf\n\n## Contents\n\n### Page 1\nfirst line\n\n### Page 2\nsecond page",
    );
  });

  it("of too many pages is refused", async () => {
    expect(await errorOf(read(pdfOf(Array<string>(5_001).fill("x")), "a.pdf"))).toBe("the document has more than 5000 pages");
  });
});

describe("a workbook", () => {
  const tables = (name: string) =>
    [
      `# ${name}`,
      "## High water",
      "| Port | Day | Metres | Of spring |\n| --- | --- | --- | --- |\n| Brest | 2026-11-28 | 6.4 | 80% |\n| Cádiz \\| old port | 2026-11-29 | 2.9 |\n| Sum |  | 9.3 |",
      "## Empty",
      "## Notes",
      "| Times are in UTC; 潮汐 are tides. |\n| --- |",
    ].join("\n\n");

  it.each(["tides.xlsx", "tides.xls", "tides.ods"])("%s shows what people see in its cells, sheet by sheet", async (name) => {
    expect(await textOf(read(fixture(name), name))).toBe(tables(name));
  });

  it.each([
    ["xlsb", "xlsb"],
    ["xlsm", "xlsm"],
    ["et", "xls"],
  ] as const)("in .%s is read", async (extension, bookType) => {
    const workbook = utils.book_new(
      utils.aoa_to_sheet([
        ["a", "b"],
        [1, "ü"],
      ]),
      "S",
    );
    const bytes = write(workbook, { type: "buffer", bookType }) as Buffer;
    expect(await textOf(read(bytes, `w.${extension}`))).toBe(`# w.${extension}\n\n## S\n\n| a | b |\n| --- | --- |\n| 1 | ü |`);
  });

  it("of Numbers is read", async () => {
    const { default: numbers } = (await import("@e965/xlsx/dist/xlsx.zahl.mjs")) as unknown as { default: string };
    const workbook = utils.book_new(
      utils.aoa_to_sheet([
        ["a", "b"],
        [1, "ü"],
      ]),
      "S",
    );
    const bytes = write(workbook, { type: "buffer", bookType: "numbers", numbers } as never) as Buffer;
    expect(await textOf(read(bytes, "w.numbers"))).toContain("| a | b |\n| --- | --- |\n| 1 | ü |");
  });

  it("that calls itself larger than it is costs no more than what is in it", async () => {
    const bytes = zipOf(sheetOf("<row><c><v>1</v></c></row><row/><row><c><v>2</v></c></row>", '<dimension ref="A1:XFD1048576"/>'));
    expect(await textOf(read(bytes, "w.xlsx"))).toBe("# w.xlsx\n\n## S\n\n| 1 |\n| --- |\n| 2 |");
  });
});

describe("a CSV file", () => {
  it.each([",", ";", "\t", "|"])("with %j between its values is a table", async (delimiter) => {
    const csv = [`a${delimiter}b`, `1${delimiter}"x ""y"" | z"`, "", `2${delimiter}"two\nlines"`].join("\r\n");
    expect(await textOf(read(csv, "a.csv"))).toBe('| a | b |\n| --- | --- |\n| 1 | x "y" \\| z |\n| 2 | two lines |');
  });

  it("has no formulas and no dates that it did not have", async () => {
    expect(await textOf(read("id,v\n007,1/2\n=1+1,<b>", "a.csv"))).toBe("| id | v |\n| --- | --- |\n| 007 | 1/2 |\n| =1+1 | <b> |");
  });

  it("is read in the characters that it is in", async () => {
    expect(await textOf(read(Buffer.from("a,b\né,ü", "latin1"), "a.csv"))).toContain("| é | ü |");
    expect(await textOf(read(Buffer.from("\ufeffa,b\né,ü", "utf16le"), "a.csv"))).toContain("| é | ü |");
  });
});

describe("XML and JSON", () => {
  it("stay what they are, in a block of code", async () => {
    expect(await textOf(read("<a>\n<b/></a>", "a.xml"))).toBe("```xml\n<a>\n<b/></a>\n```");
    expect(await textOf(read('{"a": "```"}', "a.json"))).toBe('````json\n{"a": "```"}\n````');
    expect(await textOf(read('{"a": 1}', "a.json", { writing: "text" }))).toBe('{"a": 1}');
  });
});

describe("a page", () => {
  const of = (html: string, wish: Wish = {}) => textOf(read(html, "a.html", wish));

  it("is without scripts, styles and what is around its content", async () => {
    const html =
      "<style>p{}</style><header>H</header><nav>N</nav><p>text<script>evil()</script></p><footer>F</footer><p hidden>X</p><svg><text>S</text></svg>";
    expect(await of(html)).toBe("text");
  });

  it("is what a selector finds, once each", async () => {
    const html = "<header><h1>Head</h1></header><div class=x>a <div class=x>b</div></div><p>c</p>";
    expect(await of(html, { html: { cssSelector: "h1, .x" } })).toBe("# Head\n\na\n\nb");
    expect(await of(html, { html: { cssSelector: ".never" } })).toBe("");
    expect(await errorOf(read(html, "a.html", { html: { cssSelector: "::[" } }))).toBe("html.cssSelector is no CSS selector");
  });

  it("has whole addresses, by its base or by the host that is named", async () => {
    const html = '<base href="/docs/"><a href="a">A</a> <a href="javascript:alert(1)">B</a>';
    expect(await of(html)).toBe("[A](a) B");
    expect(await of(html, { html: { hostname: "example.org" } })).toBe("[A](https://example.org/docs/a) B");
    expect(await of(`<base href="https://b.example/x/">${html}`)).toBe("[A](https://b.example/x/a) B");
  });

  it("says what it is, and ends with what it says to machines", async () => {
    const html =
      '<title>A: "b"</title><meta name=description content="C"><meta property="og:image" content="https://example.org/i.png">' +
      '<p>text</p><script type="application/ld+json">{"@type":"Thing"}</script>';
    expect(await of(html)).toBe(
      '---\ndescription: C\ntitle: "A: \\"b\\""\nimage: https://example.org/i.png\n---\n\ntext\n\n```json\n{"@type":"Thing"}\n```',
    );
  });

  it("may have elements and attributes of any name", async () => {
    expect(await of('<p \u0000="1" &="2">a<b\u0001x>b</b\u0001x><xé>c</xé>')).toBe("abc");
  });

  it("shows code as it is, and tables for layout as their text", async () => {
    const html =
      "<pre><code class='language-js'>if (a_b)\n  c*d;</code></pre><table><tr><td>x<table><tr><td>y</td></tr></table></td></tr></table><table><tr><td><h2>z</h2></td></tr></table>";
    expect(await of(html)).toBe("```js\nif (a_b)\n  c*d;\n```\n\nx\n\n| y |\n| --- |\n\n## z");
  });

  it("shows pictures that are within it, as many as are wanted, and fetches none", async () => {
    const picture = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>')}`;
    const html = `<meta property="og:image" content="${picture}">a<img src="${picture}">b<img src="http://127.0.0.1/x.png">c<img src="${picture}">d`;
    expect(await of(html)).toBe("abcd");
    expect(await of(html, { pictures: 1, html: { openGraphPicture: true } })).toBe("<image/png>\n\na\n\n<image/png>\n\nbcd");
  });
});

describe("a picture", () => {
  const drawing = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: "red" } });
  const pictureOf = async (bytes: Uint8Array | string, name: string) => {
    const [piece] = await piecesOf(read(bytes, name));
    if (typeof piece !== "object") throw new Error("no picture");
    return piece;
  };

  it("comes as it is, where models want it so", async () => {
    const jpeg = await drawing(640, 480).jpeg().toBuffer();
    expect(await pictureOf(jpeg, "a.jpg")).toEqual({ bytes: new Uint8Array(jpeg), mediaType: "image/jpeg" });
  });

  it("is scaled to what models want", async () => {
    const { bytes, mediaType } = await pictureOf(await drawing(2560, 720).webp().toBuffer(), "a.webp");
    expect([mediaType, await sharp(bytes).metadata()]).toMatchObject(["image/png", { width: 1280, height: 360 }]);
  });

  it("is drawn, where it is SVG, with nothing that is not in it", async () => {
    const secret = new URL("fixtures/tides.html", import.meta.url);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xi="http://www.w3.org/2001/XInclude" width="40" height="20">
      <rect width="40" height="20" fill="red"/><image xlink:href="${secret.href}" width="40" height="20"/><text><xi:include href="${secret.pathname}" parse="text"/></text></svg>`;
    const { bytes } = await pictureOf(svg, "a.svg");
    expect(await sharp(bytes).stats()).toMatchObject({ entropy: 0, dominant: { r: 248, g: 8, b: 8 } }); // nothing but red
  });

  it("that is none, cut off, or far too large is an error", async () => {
    const png = await drawing(300, 300).png().toBuffer();
    const broken = (extension: string) => `the file is damaged, or is no ${extension} file`;
    expect(await errorOf(read("hello", "a.png"))).toBe(broken("png"));
    expect(await errorOf(read(png.subarray(0, png.length / 2), "a.png"))).toBe(broken("png"));
    const large = '<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="100000"/>';
    expect(await errorOf(read(large, "a.svg"))).toBe(broken("svg"));
  });
});

/** An office file with one part that unfolds to many megabytes. */
function bomb(part: string, megabytes: number, before: string, after: string): Uint8Array {
  return zipOf({
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
    [part]: before + "a".repeat(megabytes * 1_000_000) + after,
  });
}

/** A workbook of one sheet with such rows. Source: ECMA-376, part 1, 12.3. */
function sheetOf(rows: string, before = ""): Record<string, string> {
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const relationships = "http://schemas.openxmlformats.org/package/2006/relationships";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return {
    "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/></Types>`,
    "_rels/.rels": `<Relationships xmlns="${relationships}"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${relationships}"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}">${before}<sheetData>${rows}</sheetData></worksheet>`,
  };
}

describe("a text of LibreOffice", () => {
  it("shows a picture once, however often it is in it", async () => {
    const picture = await sharp({ create: { width: 9, height: 9, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    const image = '<text:p><draw:image xlink:href="Pictures/a.png"/></text:p>';
    const content = `<office:document-content xmlns:office="o" xmlns:text="t" xmlns:draw="d" xmlns:xlink="x"><office:text>${image.repeat(20)}<text:p>end</text:p></office:text></office:document-content>`;
    const file = zipOf({ "content.xml": content, "Pictures/a.png": picture });
    expect(await textOf(read(file, "a.odt", { pictures: 10 }))).toBe("<image/png>\n\nend");
    expect(await textOf(read(file, "a.odt"))).toBe("end");
  });
});

describe("a hostile file is an error, and the next one is read", () => {
  const reader = readerWith({ limits: { time: 10_000, memory: 400_000_000, characters: 1_000_000 } });
  const anyLimit = /more than 1000000 characters|more than 400 MB|longer than 10 seconds|damaged|nested too deeply/;

  it("a word file that unfolds to any size", async () => {
    const xmlns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
    const file = bomb("word/document.xml", 100, `<w:document ${xmlns}><w:body><w:p><w:r><w:t>`, "</w:t></w:r></w:p></w:body></w:document>");
    expect(file.length).toBeLessThan(1_000_000);
    expect(await errorOf(read(file, "a.docx", {}, reader))).toMatch(anyLimit);
    expect(await errorOf(read(bomb("content.xml", 100, "<a>", "</a>"), "a.odt", {}, reader))).toMatch(anyLimit);
    expect(await errorOf(read(bomb("xl/workbook.xml", 200, "<a>", "</a>"), "a.xlsx", {}, reader))).toMatch(anyLimit);
    expect(await textOf(read("<p>next", "a.html", {}, reader))).toBe("next");
  }, 120_000);

  it("entities that multiply, which nobody unfolds", async () => {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    const entities = names.map((name, i) => `<!ENTITY ${name} "${i === 0 ? "lol" : `&${names[i - 1]};`.repeat(10)}">`).join("");
    const laughs = `<!DOCTYPE x [${entities}]>`;
    expect(await textOf(read(`${laughs}<x>&i;</x>`, "a.xml", {}, reader))).toContain("&i;");
    const ns =
      'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"';
    const doctype = laughs.replace("[", '[<!ENTITY file SYSTEM "file:///etc/passwd">');
    const content = `${doctype}<office:d ${ns}><office:text><text:p>one &i; &file; two</text:p></office:text></office:d>`;
    const text = await textOf(read(zipOf({ "content.xml": content }), "a.odt", {}, reader));
    expect(text).toMatch(/^one .* two$/);
    expect(text).not.toMatch(/lol|root:/);
  });

  it.each([
    ["deep elements", "<div>".repeat(100_000)],
    ["deep formatting", "<p><b><i>".repeat(100_000)],
    ["tables in tables", "<table><tr><td>".repeat(20_000)],
    ["one long text", "a ".repeat(1_000_000)],
  ])(
    "%s in a page",
    async (_name, html) => {
      expect(await errorOf(read(html + "x", "a.html", {}, reader))).toMatch(anyLimit);
    },
    60_000,
  );

  it("a million cells of few bytes", async () => {
    const rows = `<row>${"<c><v>123456</v></c>".repeat(100)}</row>`.repeat(10_000);
    const file = zipOf(sheetOf(rows));
    expect(await errorOf(read(file, "a.xlsx", {}, reader))).toMatch(anyLimit);
  }, 60_000);

  it("a PDF whose pages are their own parents", async () => {
    const text = Buffer.from(pdfOf(["x"]))
      .toString("latin1")
      .replace("/Kids [", "/Kids [2 0 R ");
    expect(await errorOf(read(text, "a.pdf", {}, reader))).toMatch(/damaged|no error|longer than/);
    expect(await textOf(read("<p>next", "a.html", {}, reader))).toBe("next");
  }, 60_000);

  it("any bytes under any name", async () => {
    const bytes = Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 7919) % 251));
    for (const extension of ["pdf", "docx", "odt", "xlsx", "xls", "numbers", "png", "svg"]) {
      expect(await errorOf(read(Buffer.concat([Buffer.from("PK\x03\x04"), bytes]), `a.${extension}`, {}, reader))).toMatch(
        /damaged|no error/,
      );
    }
  }, 60_000);
});

describe("the processes that read", () => {
  it("end with their callers", async () => {
    const leaving = new AbortController();
    const reader = readerWith();
    const slow = reader.read({ name: "a.html", mediaType: "", bytes: Buffer.from("<p><b><i>".repeat(50_000)) }, optionsOf({}), {
      account: "a",
      signal: leaving.signal,
    });
    setTimeout(() => leaving.abort(new Error("gone")), 200);
    await expect(slow).rejects.toThrow("gone");
  });

  it("are so many at a time; others wait, and more are refused", async () => {
    const reader = readerWith({ places: 1, queueLength: 2 });
    const results = await Promise.allSettled(["1", "2", "3"].map((text) => textOf(read(text, "a.json", {}, reader))));
    expect(results).toMatchObject([
      { status: "fulfilled" },
      { status: "fulfilled" },
      { status: "rejected", reason: { code: "at-capacity" } },
    ]);
    expect(await textOf(read("4", "a.json", {}, reader))).toContain("4");
  });

  it("end with the server, and what waits begins no more", async () => {
    const reader = readerWith({ places: 1 });
    const slow = read("<p><b><i>".repeat(50_000), "a.html", {}, reader);
    const waiting = read("{}", "a.json", {}, reader);
    setTimeout(() => void reader.close(), 100);
    const ending = { status: "rejected", reason: { code: "at-capacity", message: expect.stringContaining("is ending") as string } };
    expect(await Promise.allSettled([slow, waiting])).toMatchObject([ending, ending]);
  });

  it("that cannot start are told to the operator", async () => {
    const lines: string[] = [];
    const reader = readerWith({ entry: new URL("nowhere.js", import.meta.url), log: (line) => lines.push(line) });
    expect(await errorOf(read("{}", "a.json", {}, reader))).toBe("reading the file failed; the server's log says how");
    expect(lines).toEqual(["the process that read a .json file ended with exit code 1"]);
  });

  it("see nothing of the server's environment", async () => {
    process.env["GANGLION_TOKEN"] = "secret";
    const reader = readerWith({ entry: new URL("fixtures/tell-environment.mjs", import.meta.url) });
    expect(await textOf(read("{}", "a.json", {}, reader))).not.toContain("secret");
    delete process.env["GANGLION_TOKEN"];
  });
});
