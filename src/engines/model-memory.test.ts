import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Problem } from "../core/index.ts";
import { createModelMemory, type MemoryNeeds, type ModelMemory, type ModelMemoryOptions, type Place } from "./model-memory.ts";

const gigabyte = 1e9;

/** A machine without processes: what is placed takes what it says it needs. */
function setUp(options: Omit<ModelMemoryOptions, "free"> & { freeGigabytes?: number } = {}) {
  const ended: string[] = [];
  const { freeGigabytes = 16, ...others } = options;
  const memory = createModelMemory({ patience: 50, ...others, free: () => freeGigabytes * gigabyte });
  return { memory, ended };
}

function place(memory: ModelMemory, ended: string[], name: string, needs?: Partial<MemoryNeeds>, keepAlive?: number): Place {
  const wanted = (needs?.wanted ?? 1) * gigabyte;
  const made = memory.place({
    engine: "none",
    keepAlive,
    pid: () => process.pid + 2 ** 22, // nobody has it: what is needed counts as a whole
    needs: async () => ({ wanted, least: (needs?.least ?? needs?.wanted ?? 1) * gigabyte }),
    end: async () => {
      ended.push(name);
      made.vacate();
    },
  });
  made.enter(name);
  return made;
}

async function problemOf({ admitted }: Place): Promise<Problem> {
  const thrown = await admitted.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown instanceof Problem) return thrown;
  throw new Error("it was admitted");
}

/** Loaded, and waiting for its next call. */
async function idle(memory: ModelMemory, ended: string[], name: string, needs?: Partial<MemoryNeeds>): Promise<Place> {
  const made = place(memory, ended, name, needs);
  await made.admitted;
  made.leave();
  return made;
}

describe("the memory of a machine", () => {
  it("ends idle models for one that needs their room, the least recently used first, and no more of them than it must", async () => {
    const { memory, ended } = setUp({ freeGigabytes: 10 });
    const first = await idle(memory, ended, "first", { wanted: 4 });
    await idle(memory, ended, "second", { wanted: 2 });
    await idle(memory, ended, "third", { wanted: 3 });
    first.enter("first");
    first.leave();
    await place(memory, ended, "fourth", { wanted: 3 }).admitted;
    expect(ended).toEqual(["second"]);
  });

  it("says what a model needs and what there is, where it can never fit, and ends nobody in vain", async () => {
    const { memory, ended } = setUp({ freeGigabytes: 10 });
    await idle(memory, ended, "small", { wanted: 3 });
    const problem = await problemOf(place(memory, ended, "huge", { wanted: 40.2 }));
    expect(problem.code).toBe("bad-setting");
    expect(problem.message).toMatch(/^huge needs about 40\.2 GB of memory, and of this machine's [\d.]+ GB there are 7\.0 GB free;/);
    expect(ended).toEqual([]);
  });

  it("lets a model wait for those in use, and refuses it for a moment when they do not end", async () => {
    const { memory, ended } = setUp({ freeGigabytes: 10 });
    const busy = place(memory, ended, "busy", { wanted: 6 });
    await busy.admitted;
    const refused = await problemOf(place(memory, ended, "late", { wanted: 6 }));
    expect(refused).toMatchObject({ code: "at-capacity", details: { retryAfterSeconds: 5 } });
    expect(refused.message).toContain("late needs about 6.0 GB of memory");
    expect(ended).toEqual([]);
  });

  it("gives the room of a model to the one that waits, as soon as its last call has ended", async () => {
    const { memory, ended } = setUp({ freeGigabytes: 10, patience: 60_000 });
    const busy = place(memory, ended, "busy", { wanted: 6 });
    await busy.admitted;
    const next = place(memory, ended, "next", { wanted: 6 });
    await sleep(10);
    expect(memory.list().map(({ state }) => state)).toEqual(["loading", "waiting"]);
    busy.leave();
    await next.admitted;
    expect(ended).toEqual(["busy"]);
  });

  it("lets a model in with less than it would like, where no idle one could make room", async () => {
    const { memory, ended } = setUp({ freeGigabytes: 10 });
    await place(memory, ended, "busy", { wanted: 5 }).admitted;
    await idle(memory, ended, "idle", { wanted: 1 });
    await place(memory, ended, "modest", { wanted: 8, least: 4 }).admitted;
    expect(ended).toEqual(["idle"]);
  });

  it("does not count the same room twice for models that come at the same time", async () => {
    const { memory, ended } = setUp({ freeGigabytes: 10 });
    const places = ["one", "two", "three"].map((name) => place(memory, ended, name, { wanted: 4 }));
    const outcomes = await Promise.allSettled(places.map(({ admitted }) => admitted));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
  });

  it("does not hold up the line for one that nobody waits for any more", async () => {
    const { memory, ended } = setUp({ maxModels: 1, patience: 60_000 });
    const busy = place(memory, ended, "busy");
    await busy.admitted;
    const left = place(memory, ended, "left");
    const next = place(memory, ended, "next");
    await sleep(10);
    left.leave();
    expect((await problemOf(left)).code).toBe("at-capacity");
    busy.leave();
    await next.admitted;
  });

  it("ends a model that was idle for keepAlive, and not one that is asked again in time", async () => {
    const { memory, ended } = setUp({ keepAlive: 30 });
    const used = await idle(memory, ended, "used");
    await idle(memory, ended, "unused");
    used.enter("used");
    await expect.poll(() => ended).toEqual(["unused"]);
    used.leave();
    await expect.poll(() => ended).toEqual(["unused", "used"]);
    expect(memory.list()).toEqual([]);
  });

  it("ends a model at once with a keepAlive of 0, and never with Infinity", async () => {
    const none = setUp({ keepAlive: 0 });
    await idle(none.memory, none.ended, "model");
    expect(none.ended).toEqual(["model"]);
    const forever = setUp({ keepAlive: Infinity });
    await idle(forever.memory, forever.ended, "model");
    await sleep(20);
    expect(forever.memory.list()).toMatchObject([{ names: ["model"], state: "idle", calls: 0, idleSince: expect.any(Number) as number }]);
  });

  it("keeps a model for as long as was said of it, and not for as long as was said of all", async () => {
    const { memory, ended } = setUp({ keepAlive: Infinity });
    const brief = place(memory, ended, "brief", {}, 0);
    await brief.admitted;
    await idle(memory, ended, "usual");
    brief.leave();
    expect(ended).toEqual(["brief"]);
    expect(memory.list()).toMatchObject([{ names: ["usual"] }]);
  });

  it("takes a model out by any of its names: when it is idle, or now", async () => {
    const { memory, ended } = setUp();
    const both = await idle(memory, ended, "one");
    both.enter("two");
    both.enter("two");
    expect(await memory.unload("one", false)).toBe("ends-when-idle");
    both.leave();
    expect(ended).toEqual([]);
    both.leave();
    expect(ended).toEqual(["one"]);
    await place(memory, ended, "three").admitted;
    expect(await memory.unload("three", true)).toBe("ended");
    expect(ended).toEqual(["one", "three"]);
    await expect(memory.unload("three", true)).rejects.toMatchObject({ code: "not-found" });
  });
});
