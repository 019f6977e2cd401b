import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Cells of docs/status.md such as: `test/x.test.ts` "words of a name", "of another". */
function proofs(): { file: string; names: string[] }[] {
  const page = readFileSync("docs/status.md", "utf8");
  return [...page.matchAll(/`((?:src|test)\/[^`]+\.(?:test\.)?(?:ts|mjs))`((?:[^"`|;\n]*"[^"]+")*)/g)].map(([, file = "", rest = ""]) => ({
    file,
    names: [...rest.matchAll(/"([^"]+)"/g)].flatMap(([, name]) => name ?? []),
  }));
}

/** What a driver's test runs is in its room's conformance suite. */
function suiteOf(file: string): string {
  const room = file.split("/").slice(0, 2).join("/");
  const files = existsSync(`${room}/conformance`) ? readdirSync(`${room}/conformance`).map((name) => `conformance/${name}`) : [];
  return [...files, "conformance.ts"]
    .map((name) => (existsSync(`${room}/${name}`) ? readFileSync(`${room}/${name}`, "utf8") : ""))
    .join("");
}

it("names proofs in docs/status.md that exist", () => {
  expect(proofs().length).toBeGreaterThan(60);
  for (const { file, names } of proofs()) {
    expect(existsSync(file), file).toBe(true);
    const text = readFileSync(file, "utf8") + suiteOf(file);
    for (const name of names) expect(text, `${file} has no test with the words: ${name}`).toContain(name);
  }
});
