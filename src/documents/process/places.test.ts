import { describe, expect, it } from "vitest";
import { createPlaces } from "./places.ts";

const stays = new AbortController().signal;

/** Work that ends when it is told to, and a list of what has begun. */
function setUp(options: Partial<Parameters<typeof createPlaces>[0]> = {}) {
  const places = createPlaces({ places: 1, queueLength: 8, queueTimeout: 60_000, ...options });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    begun,
    async end(name: string) {
      ends.get(name)?.();
      await settle();
    },
    take(name: string, signal: AbortSignal = stays): Promise<void> {
      const work = () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      };
      return places.take(name.slice(0, 1), work, signal);
    },
  };
}

describe("places", () => {
  it("go to those who came first", async () => {
    const { take, end, begun } = setUp({ places: 2 });
    for (const name of ["a1", "b1", "c1", "d1"]) void take(name);
    expect(begun).toEqual(["a1", "b1"]);
    await end("b1");
    await end("a1");
    expect(begun).toEqual(["a1", "b1", "c1", "d1"]);
  });

  it("go before that to those who have none", async () => {
    const { take, end, begun } = setUp({ places: 2 });
    for (const name of ["a1", "a2", "a3", "b1"]) void take(name);
    await end("a1");
    expect(begun).toEqual(["a1", "a2", "b1"]);
  });

  it("have a line of which one account has half at most", async () => {
    const { take } = setUp({ queueLength: 2 });
    void take("a1");
    void take("a2");
    await expect(take("a3")).rejects.toMatchObject({ code: "at-capacity" });
    void take("b1");
    await expect(take("c1")).rejects.toMatchObject({ code: "at-capacity" });
  });

  it("are not kept for those who left, or waited for too long", async () => {
    const { take, end, begun } = setUp({ queueTimeout: 20 });
    const leaving = new AbortController();
    void take("a1");
    const left = take("b1", leaving.signal);
    const waited = take("c1");
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    await expect(waited).rejects.toMatchObject({ code: "at-capacity" });
    await end("a1");
    void take("d1");
    expect(begun).toEqual(["a1", "d1"]);
  });

  it("are free again when work fails", async () => {
    const places = createPlaces({ places: 1, queueLength: 1, queueTimeout: 1_000 });
    await expect(places.take("a", () => Promise.reject(new Error("no")), stays)).rejects.toThrow("no");
    expect(await places.take("a", async () => "yes", stays)).toBe("yes");
  });
});
