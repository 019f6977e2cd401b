import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSlots, type Slot } from "./sequences.ts";

interface Fake {
  readonly name: number;
  content: readonly number[];
}

function setUp(count: number, longestLine = 10) {
  const sequences: Fake[] = Array.from({ length: count }, (_, name) => ({ name, content: [] }));
  const slots = createSlots(sequences, ({ content }) => content, longestLine);
  const never = new AbortController().signal;

  /** Takes a slot and fills it as a prompt would; the caller releases it. */
  async function take(account: string, tokens: readonly number[], signal = never): Promise<Slot<Fake>> {
    const slot = await slots.take(account, tokens, signal);
    if (!slot) throw new Error("left");
    slot.sequence.content = tokens;
    return slot;
  }
  async function pass(account: string, tokens: readonly number[]) {
    const slot = await take(account, tokens);
    slot.release();
    return { name: slot.sequence.name, cached: slot.cached };
  }
  return { slots, take, pass };
}

describe("slots", () => {
  it("give a prompt the sequence that begins like it", async () => {
    const { pass } = setUp(3);
    const first = await pass("a", [1, 2, 3, 4]);
    await pass("a", [9, 8, 7]);
    expect(await pass("a", [1, 2, 3, 4, 5])).toEqual({ name: first.name, cached: 4 });
  });

  it("leave the last token of a prompt to be computed", async () => {
    const { pass } = setUp(1);
    await pass("a", [1, 2, 3]);
    expect((await pass("a", [1, 2, 3])).cached).toBe(2);
    expect((await pass("a", [1])).cached).toBe(0);
  });

  it("keep a long conversation from a short prompt that shares only its beginning, while there is another place", async () => {
    const { pass } = setUp(2);
    const long = await pass("a", [1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await pass("a", [1, 2, 20])).name).not.toBe(long.name);
    expect(await pass("a", [1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual({ name: long.name, cached: 8 });
  });

  it("take the one that was not used for longest when nothing is shared", async () => {
    const { pass } = setUp(2);
    const first = await pass("a", [1, 2]);
    const second = await pass("b", [1, 2]);
    expect([(await pass("c", [1, 2])).name, (await pass("d", [1, 2])).name]).toEqual([first.name, second.name]);
  });

  it("never say that another account's prompt is there", async () => {
    const account = fc.constantFrom("a", "b", "c");
    const prompt = fc.array(fc.nat(1), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(account, prompt), { maxLength: 30 }), async (calls) => {
        const { take } = setUp(2);
        const owners = new Map<number, string>();
        for (const [who, tokens] of calls) {
          const slot = await take(who, tokens);
          if (slot.cached > 0) expect(owners.get(slot.sequence.name)).toBe(who);
          owners.set(slot.sequence.name, who);
          slot.release();
        }
      }),
    );
  });

  it("serve those who wait in order, without those who left", async () => {
    const { take, slots } = setUp(1);
    const held = await take("a", [1]);
    const order: string[] = [];
    const leaving = new AbortController();
    const waiting = ["b", "c", "d"].map(async (account) => {
      const slot = await slots.take(account, [1], account === "c" ? leaving.signal : new AbortController().signal);
      if (slot) order.push(account);
      slot?.release();
    });
    leaving.abort();
    held.release();
    await Promise.all(waiting);
    expect(order).toEqual(["b", "d"]);
  });

  it("go to the account that has the fewest of them, among those who wait", async () => {
    const { take } = setUp(2, 100);
    const [held] = [await take("busy", [1]), await take("busy", [2])];
    const order: string[] = [];
    const waiting = ["busy", "busy", "busy", "one", "two", "one"].map(async (account, i) => {
      const slot = await take(account, [i]);
      order.push(account);
      await Promise.resolve();
      slot.release();
    });
    held.release();
    await Promise.all(waiting);
    expect(order).toEqual(["one", "two", "one", "busy", "busy", "busy"]);
  });

  it("refuse when the line is full, and give nothing to who has gone", async () => {
    const { take, slots } = setUp(1, 0);
    expect(await slots.take("a", [1], AbortSignal.abort())).toBeUndefined();
    await take("a", [1]);
    await expect(take("a", [1])).rejects.toMatchObject({ code: "at-capacity" });
  });

  it("are given back once, however often they are released", async () => {
    const { take, slots } = setUp(1, 0);
    const slot = await take("a", [1]);
    slot.release();
    slot.release();
    await take("a", [1]);
    await expect(slots.take("a", [1], new AbortController().signal)).rejects.toMatchObject({ code: "at-capacity" });
  });
});
