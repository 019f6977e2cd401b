import { getLlama, LlamaLogLevel, type BatchItem } from "node-llama-cpp";
import { expect, it } from "vitest";
import { bySequence, createBeat } from "./batching.ts";
import { tinyChatPath } from "./tiny-chat.case.ts";

it("eight answers are computed in batches of eight, lowest sequence first, however unevenly they are read", async () => {
  const llama = await getLlama({ build: "never", skipDownload: true, gpu: false, logLevel: LlamaLogLevel.error, maxThreads: 1 });
  const model = await llama.loadModel({ modelPath: tinyChatPath });
  const batches: number[][] = [];
  const context = await model.createContext({
    contextSize: 128,
    sequences: 8,
    threads: 1,
    batching: {
      itemPrioritizationStrategy: (asked) => {
        const taken = bySequence(asked);
        batches.push(taken.map(({ item }) => item.evaluationPriority));
        return taken;
      },
    },
  });
  const sequences = Array.from({ length: 8 }, () => context.getSequence());
  const beat = createBeat(sequences);
  const answers = await Promise.all(
    sequences.toReversed().map(async (sequence, place) => {
      const tokens = sequence.evaluate(model.tokenize(`One, two, ${"three, ".repeat(place)}`), {
        temperature: 0,
        evaluationPriority: beat.priorityOf(sequence),
      });
      let made = 0;
      for (; made < 20; made++) {
        if ((await beat.step(() => tokens.next())).done) break;
        for (let turn = 0; turn < place; turn++) await Promise.resolve();
      }
      return made;
    }),
  );
  await model.dispose();
  await llama.dispose();
  const longest = Math.max(...answers);
  expect(answers.filter((made) => made >= 10).length).toBeGreaterThan(4); // else it would show little
  expect(batches.length).toBeLessThanOrEqual(longest + 1);
  for (const [at, batch] of batches.entries()) {
    expect(batch).toEqual(batch.toSorted((one, other) => one - other));
    expect(batch.length).toBeGreaterThanOrEqual(answers.filter((made) => made > at).length);
  }
});

it("one that fails does not stop the others", async () => {
  const beat = createBeat([]);
  const lost = beat.step(() => Promise.reject(new Error("lost")));
  const kept = beat.step(() => Promise.resolve("kept"));
  await expect(lost).rejects.toThrow("lost");
  expect(await kept).toBe("kept");
  expect(await beat.step(() => Promise.resolve("next"))).toBe("next");
});

it("nobody goes on before all have their tokens", async () => {
  const beat = createBeat([]);
  const order: string[] = [];
  let compute = () => {};
  const slow = beat.step(() => new Promise<void>((resolve) => (compute = resolve)));
  await beat.step(() => Promise.resolve());
  const next = beat.step(async () => void order.push("next"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  order.push("computed");
  compute();
  await Promise.all([slow, next]);
  expect(order).toEqual(["computed", "next"]);
});

it("a batch has room for each", () => {
  const item = (length: number, evaluationPriority: BatchItem["evaluationPriority"]): BatchItem =>
    ({ tokens: Array.from({ length }, () => 0), logits: [], evaluationPriority }) as unknown as BatchItem;
  const taken = bySequence({ items: [item(900, 2), item(1, 3), item(64, 1)], size: 512 });
  expect(taken.map(({ item: { evaluationPriority }, processAmount }) => [evaluationPriority, processAmount])).toEqual([
    [1, 64],
    [2, 170],
    [3, 1],
  ]);
});
