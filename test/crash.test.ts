import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openSqliteDatabase } from "../src/stores/sqlite/index.ts";
import { startTestServer, type TestServer } from "./server.ts";

const model = "@ganglion/tiny-chat";
const rounds = process.env["GANGLION_SOAK"] ? 20 : 2;

interface Stream {
  readonly response: Response;
  /** Everything that came, with what cut it off. */
  readonly text: Promise<{ text: string; cut: boolean }>;
}

async function openStream(server: TestServer, content: string, maxTokens = 60, signal?: AbortSignal): Promise<Stream> {
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}` },
    body: JSON.stringify({ model, stream: true, max_tokens: maxTokens, temperature: 1.5, messages: [{ role: "user", content }] }),
    ...(signal && { signal }),
  });
  async function read(): Promise<{ text: string; cut: boolean }> {
    let text = "";
    try {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString("utf8");
      return { text, cut: false };
    } catch {
      return { text, cut: true };
    }
  }
  return { response, text: read() };
}

const idOf = (text: string) => /"id":"chatcmpl-([^"]+)"/.exec(text)?.[1] ?? "none";

describe("kill -9 of the server in the middle of fifty streams", () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "ganglion-crash-"));
  afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

  it(
    "loses and doubles no answer that a client saw end, and leaves nothing reserved",
    async () => {
      const seenEnded: string[] = [];
      let token: string | undefined;
      let cutOff = 0;
      for (let round = 0; round < rounds; round++) {
        const server: TestServer = await startTestServer({ dataFolder, ...(token !== undefined && { token }) });
        token = server.token;
        await (
          await openStream(server, "Hello", 1)
        ).text; // the model is loaded
        const texts = Array.from({ length: 50 }, (_, i) =>
          openStream(server, `Tell me about number ${i}`, 10 + i * 4).then((stream) => stream.text),
        );
        let ended = 0;
        const counted = texts.map(async (text) => {
          const { text: all, cut } = await text.catch(() => ({ text: "", cut: true })); // refused when the server died before
          if (all.includes("data: [DONE]")) {
            seenEnded.push(idOf(all));
            if (++ended === 5 + (round % 4) * 10) server.signal("SIGKILL");
          }
          if (cut) cutOff++;
        });
        await Promise.all(counted);
        server.signal("SIGKILL");
        await server.exited;
      }
      expect(seenEnded.length).toBeGreaterThanOrEqual(5 * rounds);
      expect(cutOff).toBeGreaterThan(10 * rounds);

      const server = await startTestServer({ dataFolder, ...(token !== undefined && { token }) });
      try {
        const database = await openSqliteDatabase(join(dataFolder, "ganglion.db"));
        const { rows } = await database.query("SELECT call_id, outcome FROM charges");
        const { rows: sums } = await database.query(
          "SELECT (SELECT SUM(microneurons) FROM charges) AS charged, (SELECT SUM(booked) FROM budgets) AS booked",
        );
        const { rows: held } = await database.query("SELECT * FROM reservations");
        await database.close();
        const complete = rows.filter(({ outcome }) => outcome === "complete").map(({ call_id: id }) => String(id));
        for (const id of seenEnded) expect(complete.filter((booked) => booked === id)).toEqual([id]);
        expect(sums[0]?.["charged"]).toBe(sums[0]?.["booked"]);
        expect(held).toEqual([]);
        const usage = await fetch(`${server.url}/client/v4/accounts/${server.accountId}/ai/usage`, {
          headers: { authorization: `Bearer ${server.token}` },
        });
        const { result } = (await usage.json()) as { result: { neurons: number } };
        expect(Math.round(result.neurons * 1e6)).toBe(Number(sums[0]?.["booked"]));
      } finally {
        await server.stop();
      }
    },
    rounds * 60_000,
  );
});

describe("a running server", () => {
  /** The process that runs a model for the server, as Linux shows it. */
  function modelProcessOf(parent: number): number {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const found = pids.find((pid) => {
      try {
        const [, ppid] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
        return Number(ppid) === parent && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("llama-process");
      } catch {
        return false; // it ended meanwhile
      }
    });
    return Number(found);
  }

  it.skipIf(process.platform !== "linux")(
    "tells the readers of a model whose process is killed, and answers the next call",
    async () => {
      const server = await startTestServer();
      try {
        await (
          await openStream(server, "Hello", 1)
        ).text;
        const child = modelProcessOf(server.pid);
        const stream = await openStream(server, "Count from one to ten", 1500);
        process.kill(child, "SIGKILL");
        const { text } = await stream.text;
        expect(text).toMatch(/data: \{"error":\{"message":"the process that ran @ganglion\/tiny-chat died/);
        expect(text).not.toContain("[DONE]");
        expect((await (await openStream(server, "Hello", 5)).text).text).toContain("[DONE]");
      } finally {
        await server.stop();
      }
    },
    60_000,
  );

  it("gives the place of a reader who leaves to the next in the queue", async () => {
    const server = await startTestServer();
    try {
      // More endless streams than there are places: the last ones wait, and come to their turn only because the first ones leave.
      const leaving = new AbortController();
      const long = await Promise.all(
        Array.from({ length: 40 }, () => openStream(server, "Tell me a story", 1900, leaving.signal).catch(() => undefined)),
      );
      leaving.abort();
      await Promise.all(long.map(async (stream) => stream?.text));
      const answers = await Promise.all(Array.from({ length: 10 }, () => openStream(server, "Hello", 5).then(({ text }) => text)));
      for (const { text } of answers) expect(text).toContain("[DONE]");
    } finally {
      await server.stop();
    }
  }, 120_000);
});
