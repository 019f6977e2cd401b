import { describe, expect, it } from "vitest";
import { barText, createProgress } from "./progress.ts";

function watch(columns: number | undefined) {
  let written = "";
  let time = 0;
  const { tell, end } = createProgress({ write: (text) => (written += text), columns, now: () => time });
  return { tell, end, pass: (milliseconds: number) => (time += milliseconds), written: () => written };
}

describe("the bar of a pull", () => {
  it("says how much is here, how fast it comes and how long it takes", () => {
    expect(barText(500_000_000, 2_000_000_000, 10_000_000, 80)).toBe(
      " 25 % ████████░░░░░░░░░░░░░░░░░░░░░░ 500 MB of 2 GB, 10 MB/s, 2:30 left",
    );
    expect(barText(0, 20_000_000_000, 1_000_000, 80)).toMatch(/ {2}0 % ░+ 0 bytes of 20 GB, 1 MB\/s, 5:33:20 left/);
    expect(barText(2, 2, 0, 80)).toMatch(/^100 % █+ 2 bytes of 2 bytes$/);
  });

  it("never fills a line to its end, however narrow the terminal is", () => {
    for (let columns = 2; columns < 120; columns++) expect(barText(1, 3_000, 7, columns).length).toBeLessThan(columns);
  });

  it("is written over, and stays below what else is said", () => {
    const { tell, end, pass, written } = watch(60);
    pass(1_000);
    tell({ type: "progress", bytes: 1_000, totalBytes: 4_000 });
    tell({ type: "progress", bytes: 2_000, totalBytes: 4_000 }); // too soon to be drawn
    tell({ type: "waiting", repository: "a/b" });
    pass(1_000);
    tell({ type: "progress", bytes: 4_000, totalBytes: 4_000 });
    end();
    const lines = written().split("\r\u001b[2K");
    expect(lines.map((line) => line.replaceAll(/[█░]+/g, "#"))).toEqual([
      "",
      " 25 % # 1 kB of 4 kB",
      "another process fetches from a/b; waiting for it\n 25 % # 1 kB of 4 kB",
      "100 % # 4 kB of 4 kB, 3 kB/s, 0:00 left",
      "",
    ]);
  });

  it("is a line for every tenth where no terminal is", () => {
    const { tell, end, written } = watch(undefined);
    for (const bytes of [0, 5, 10, 15, 30, 25, 30, 100]) tell({ type: "progress", bytes, totalBytes: 100 });
    tell({ type: "checking", path: "x" });
    end();
    expect(written()).toBe("10 % of 100 bytes\n30 % of 100 bytes\n100 % of 100 bytes\n");
  });
});
