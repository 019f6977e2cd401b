import { afterEach, expect, it, vi } from "vitest";
import { Problem } from "../core/index.ts";
import { asciiEvent, dataEvent, doneEvent, eventStream } from "./sse.ts";

afterEach(() => {
  vi.useRealTimers();
});

function open(events: AsyncIterable<string>) {
  const ended: unknown[] = [];
  const abort = new AbortController();
  const stream = eventStream({
    events,
    idle: "idle",
    problemEvent: (thrown) => `problem ${Problem.from(thrown).code}`,
    ended: (thrown) => ended.push(thrown),
    abort: () => abort.abort(),
  });
  return { stream, ended, left: abort.signal };
}

async function chunksOf(stream: ReadableStream<Uint8Array>): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of stream) chunks.push(new TextDecoder("utf-8", { fatal: true }).decode(chunk));
  return chunks;
}

it("writes the events of one turn as one chunk, each turn at once, and says when it has ended", async () => {
  const { stream, ended } = open(
    (async function* () {
      yield dataEvent({ response: "größer 🦊" });
      yield dataEvent({ response: "" });
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield doneEvent;
    })(),
  );
  expect(await chunksOf(await stream)).toEqual(['data: {"response":"größer 🦊"}\n\ndata: {"response":""}\n\n', doneEvent]);
  expect(ended).toEqual([undefined]);
});

it("writes native events in ASCII, with the same meaning", () => {
  const event = asciiEvent({ response: "größer 🦊 \u2028" });
  expect(new TextEncoder().encode(event)).toHaveLength(event.length);
  expect(JSON.parse(event.slice("data: ".length))).toEqual({ response: "größer 🦊 \u2028" });
});

it("throws what goes wrong before the first event, so that it can become a status", async () => {
  const { stream } = open(
    // oxlint-disable-next-line require-yield -- it fails before it could
    (async function* (): AsyncGenerator<string> {
      throw new Problem("over-budget", "spent");
    })(),
  );
  await expect(stream).rejects.toMatchObject({ code: "over-budget" });
});

it("turns what goes wrong later into one last event", async () => {
  const { stream, ended } = open(
    (async function* () {
      yield "one";
      throw new Problem("engine-failed", "died");
    })(),
  );
  expect(await chunksOf(await stream)).toEqual(["one", "problem engine-failed"]);
  expect(ended).toMatchObject([{ code: "engine-failed" }]);
});

it("reads no further than one chunk before the reader", async () => {
  let made = 0;
  const { stream } = open(
    (async function* () {
      for (;;) {
        made++;
        yield "x".repeat(1_000);
      }
    })(),
  );
  const reader = (await stream).getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(made).toBe(17); // 16,384 characters are full with the 17th
  await reader.cancel();
});

it("tells the source when the reader goes away", async () => {
  let finished = false;
  const { stream, ended, left } = open(
    (async function* () {
      try {
        for (;;) yield "word";
      } finally {
        finished = true;
      }
    })(),
  );
  const reader = (await stream).getReader();
  await reader.read();
  await reader.cancel();
  expect({ finished, aborted: left.aborted, ended }).toEqual({ finished: true, aborted: true, ended: [undefined] });
});

it("sends the idle event while the source is silent, first after ten seconds to open the stream", async () => {
  vi.useFakeTimers();
  let speak: (word: string) => void = () => {};
  const { stream } = open(
    (async function* () {
      yield await new Promise<string>((resolve) => {
        speak = resolve;
      });
    })(),
  );
  await vi.advanceTimersByTimeAsync(10_000);
  const chunks = chunksOf(await stream);
  await vi.advanceTimersByTimeAsync(45_000);
  speak("word");
  expect(await chunks).toEqual(["idle", "idle", "word"]);
});
