import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { withSpinner } from "./spinner.ts";

function output(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

it("shows on a terminal that it waits, and leaves nothing behind", async () => {
  const terminal = output(true);
  const waiting = new Promise<string>((resolve) => void untilShown(terminal.written).then(() => resolve("done")));
  expect(await withSpinner("asking", terminal, waiting)).toBe("done");
  expect(terminal.written[0]).toContain(" asking");
  expect(terminal.written.at(-1)).toBe("\r\u001b[2K");
});

it("leaves nothing behind when it fails, and passes the failure on", async () => {
  const terminal = output(true);
  const failing = untilShown(terminal.written).then(() => Promise.reject(new Error("failed")));
  await expect(withSpinner("asking", terminal, failing)).rejects.toThrow("failed");
  expect(terminal.written.at(-1)).toBe("\r\u001b[2K");
});

it("writes nothing where no terminal reads", async () => {
  const file = output(false);
  await withSpinner("asking", file, sleep(600));
  expect(file.written).toEqual([]);
});

async function untilShown(written: readonly string[]): Promise<void> {
  while (written.length === 0) await sleep(10);
}
