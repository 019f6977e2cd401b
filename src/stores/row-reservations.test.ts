import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { day, newName, requestOf } from "./conformance/world.ts";
import { createRowReservations, migrate, type Database } from "./index.ts";
import { openSqliteDatabase } from "./sqlite/index.ts";

let folder: string;
let database: Database;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ganglion-"));
  database = await openSqliteDatabase(join(folder, "rows.sqlite"));
  await migrate(database);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => void vi.useRealTimers());

/** Two nodes and a clock that goes only when it is told to. */
function setUp() {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const clock = { at: 0 };
  const node = () => createRowReservations({ database, now: () => clock.at, lifetime: 60_000 });
  const pass = (milliseconds: number) => {
    for (const end = clock.at + milliseconds; clock.at < end;) {
      clock.at += 10_000;
      vi.advanceTimersByTime(10_000);
    }
  };
  return { here: node(), there: node(), pass, world: { accountId: newName("account") } };
}

describe("a reservation as a row", () => {
  it("lives as long as its call, however long that takes", async () => {
    const { here, there, pass, world } = setUp();
    const admission = await here.admit(requestOf(world, 70));
    pass(600_000);
    expect(await there.budget(world.accountId, day)).toEqual({ booked: 0, reserved: 70 });
    expect(await there.admit(requestOf(world, 31))).toMatchObject({ admitted: false, microneuronsLeft: 30 });
    if (admission.admitted) await admission.hold.release();
    expect(await there.budget(world.accountId, day)).toEqual({ booked: 0, reserved: 0 });
  });

  it("is swept by whoever comes next after its node has died, and not before it has expired", async () => {
    const { here, there, pass, world } = setUp();
    await here.admit(requestOf(world, 70));
    here.close();
    pass(50_000);
    expect(await there.admit(requestOf(world, 31))).toMatchObject({ admitted: false });
    pass(10_000);
    expect(await there.admit(requestOf(world, 31))).toMatchObject({ admitted: true });
    expect(await there.budget(world.accountId, day)).toEqual({ booked: 0, reserved: 31 });
    there.close();
  });
});
