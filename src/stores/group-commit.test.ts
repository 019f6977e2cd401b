import { describe, expect, it } from "vitest";
import { createGroupCommit } from "./group-commit.ts";

/** A commit that is told when to end. */
function setUp(most?: number) {
  const groups: (readonly number[])[] = [];
  const ends: { resolve: () => void; reject: (thrown: unknown) => void }[] = [];
  const add = createGroupCommit<number>((items) => {
    groups.push(items);
    return new Promise((resolve, reject) => void ends.push({ resolve, reject }));
  }, most);
  return { add, groups, ends };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("a group commit", () => {
  it("starts in the same turn when none runs", async () => {
    const { add, groups, ends } = setUp();
    const done = add(1);
    await Promise.resolve();
    expect(groups).toEqual([[1]]);
    ends[0]?.resolve();
    await done;
  });

  it("takes everything that came in one turn, and then everything that came while it ran", async () => {
    const { add, groups, ends } = setUp();
    const all = [add(1), add(2)];
    await turn();
    all.push(add(3));
    await turn();
    all.push(add(4));
    expect(groups).toEqual([[1, 2]]);
    ends[0]?.resolve();
    await turn();
    expect(groups).toEqual([
      [1, 2],
      [3, 4],
    ]);
    ends[1]?.resolve();
    await Promise.all(all);
  });

  it("tells each that waited for it when it fails, and goes on with the next", async () => {
    const { add, groups, ends } = setUp();
    const first = Promise.allSettled([add(1), add(2)]);
    await turn();
    const second = add(3);
    ends[0]?.reject("no disk");
    expect(await first).toEqual([
      { status: "rejected", reason: "no disk" },
      { status: "rejected", reason: "no disk" },
    ]);
    await turn();
    expect(groups).toEqual([[1, 2], [3]]);
    ends[1]?.resolve();
    await second;
  });

  it("takes no more than so many, and starts on the next while one runs only when that is full", async () => {
    const { add, groups, ends } = setUp(3);
    const all = [1, 2, 3, 4, 5].map(add);
    await turn();
    expect(groups).toEqual([[1, 2, 3]]);
    all.push(...[6, 7, 8, 9, 10].map(add));
    await turn();
    expect(groups).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    for (let i = 0; i < 4; i++) {
      ends[i]?.resolve();
      await turn();
    }
    await Promise.all(all);
    expect(groups.slice(2)).toEqual([[7, 8, 9], [10]]);
  });
});
