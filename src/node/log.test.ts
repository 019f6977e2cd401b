import { getLogger } from "@logtape/logtape";
import { expect, it, vi } from "vitest";
import type { RequestLog } from "../dialects/index.ts";
import { createLog } from "./log.ts";

const entry: RequestLog = {
  id: "an id",
  method: "POST",
  route: "/v1/models/:model{.+}",
  status: 200,
  milliseconds: 1.7,
  accountId: "an account",
  problem: undefined,
  cause: undefined,
};

/** What is written to stderr meanwhile, as the objects of its lines. */
function linesOf(write: (log: ReturnType<typeof createLog>) => void, logLevel: "info" | "warning" = "info"): Record<string, unknown>[] {
  const written: string[] = [];
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(written.push(String(text))));
  try {
    const log = createLog({ log: "json", logLevel });
    write(log);
    log.flush();
  } finally {
    stderr.mockRestore();
  }
  const lines = written.join("").split("\n").filter(Boolean);
  return lines.map((line) => ({ ...(JSON.parse(line) as object), "@timestamp": "then" }));
}

it("the line of a request is the one that the library's formatter writes", () => {
  const { cause: _, ...facts } = entry;
  const [ours, theirs] = linesOf((log) => {
    log.request(entry);
    getLogger("ganglion").info("POST /v1/models/:model{{.+}} 200 2 ms", facts);
  });
  expect(ours).toEqual(theirs);
});

it("a request that went well is no warning", () => {
  expect(linesOf((log) => log.request(entry), "warning")).toEqual([]);
});

it("a request whose engine failed says why, as an error", () => {
  const [line] = linesOf((log) => log.request({ ...entry, status: 503, problem: "engine-failed", cause: new Error("out of memory") }));
  expect(line).toMatchObject({ level: "ERROR", message: expect.stringContaining("out of memory") as string });
});
