import { expect, it } from "vitest";
import { createTurns } from "./turns.ts";

const never = new AbortController().signal;
const later = () => new Promise<void>((resolve) => setImmediate(resolve));

it("one piece of work runs at a time, in the order in which they came", async () => {
  const { take } = createTurns();
  const seen: string[] = [];
  const piece = (name: string) => async () => {
    seen.push(`${name} begins`);
    await later();
    seen.push(`${name} ends`);
    return name;
  };
  const all = await Promise.all(["a", "b", "c"].map((name) => take(piece(name), never)));
  expect(all).toEqual(["a", "b", "c"]);
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

it("a piece that fails gives its turn to the next", async () => {
  const { take } = createTurns();
  const first = take(() => Promise.reject(new Error("no")), never);
  const second = take(async () => "yes", never);
  await expect(first).rejects.toThrow("no");
  expect(await second).toBe("yes");
});

it("who leaves the queue is gone at once, and the others keep their order", async () => {
  const { take } = createTurns();
  const leaving = new AbortController();
  let release = () => {};
  const first = take(() => new Promise<void>((resolve) => (release = resolve)), never);
  const second = take(async () => "second", leaving.signal);
  const third = take(async () => "third", never);
  leaving.abort("left");
  await expect(second).rejects.toBe("left");
  release();
  await first;
  expect(await third).toBe("third");
});

it("who leaves in the moment of their turn keeps nobody waiting", async () => {
  const { take } = createTurns();
  const leaving = new AbortController();
  const first = take(async () => leaving.abort("left"), never);
  const second = take(async () => "second", leaving.signal);
  const third = take(async () => "third", never);
  await first;
  await expect(second).rejects.toBe("left");
  expect(await third).toBe("third");
});
