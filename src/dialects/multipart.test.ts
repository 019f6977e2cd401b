import { expect, it } from "vitest";
import { readMultipart } from "./multipart.ts";

const boundary = "----WebKitFormBoundaryAbCd";
const part = (head: string, content: string) => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
const read = (body: string, type = `multipart/form-data; boundary=${boundary}`) => readMultipart(new TextEncoder().encode(body), type);
const end = `--${boundary}--\r\n`;

it("reads fields and files, under a boundary however it is written", async () => {
  const body = part('name="a"', "--b\r\n--") + part('name="f"; filename="x"\r\nContent-Type: text/plain', "-".repeat(2_000_000)) + end;
  for (const parameters of [
    `boundary=${boundary}`,
    `boundary="${boundary}"`,
    `charset=utf-8; boundary=${boundary}`,
    `boundary=${boundary}; charset=utf-8`,
  ]) {
    const form = await read(body, `Multipart/Form-Data; ${parameters}`);
    expect(form.get("a")).toBe("--b\r\n--");
    expect(form.get("f")).toMatchObject({ size: 2_000_000, type: "text/plain" });
  }
});

it.each([
  ["a hundred and eleven parts", part('name="a"', "x").repeat(111) + end, "more than 110 parts"],
  ["a field of a megabyte and more", part('name="a"', "x".repeat(1_000_001)) + end, "more than 1000000 bytes"],
  ["a head that does not end", `--${boundary}\r\n${"a: b\r\n".repeat(10_000)}\r\n${end}`, "no end of its head"],
  ["a million marks", `--${boundary}`.repeat(1_000_000), "more than 110 parts"],
  ["no mark at all", "-".repeat(1_000_000), "no multipart form"],
])("refuses %s", async (_name, body, why) => {
  await expect(read(body)).rejects.toMatchObject({ code: "bad-input", message: expect.stringContaining(why) as string });
});

it("knows one boundary only, which is the parser's as well", async () => {
  const body = part('name="a"', "x") + end;
  for (const type of [
    `multipart/form-data; x="boundary=other"; boundary=${boundary}`,
    `multipart/form-data; boundary=other; boundary=${boundary}`,
    `multipart/form-data; boundary=${"x".repeat(71)}`,
    "multipart/form-data; boundary=",
    "multipart/form-data",
    `text/plain; boundary=${boundary}`,
  ]) {
    await expect(read(body, type), type).rejects.toMatchObject({ code: "bad-input" });
  }
});
