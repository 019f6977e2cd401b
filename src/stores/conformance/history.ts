import * as fc from "fast-check";
import { expect } from "vitest";
import { budgetOf, chargeOf, longest, requestOf, rowsOf, type Process, type World } from "./world.ts";

/** What happens to one call: admitted at `bound`, perhaps resized, then booked at a share of what it held, or released. */
interface Life {
  readonly process: number;
  readonly bound: number;
  readonly resize: number | undefined;
  readonly share: number | "released";
  /** Turns of the event loop before each step. */
  readonly pause: number;
}

export interface History {
  readonly lives: readonly Life[];
  /** Processes that die, each after so many turns. */
  readonly crashes: readonly { readonly process: number; readonly after: number }[];
}

export const histories: fc.Arbitrary<History> = fc.record({
  lives: fc.array(
    fc.record({
      process: fc.nat(3),
      bound: fc.nat(60),
      resize: fc.option(fc.nat(60), { nil: undefined }),
      share: fc.oneof(
        { weight: 4, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
        { weight: 1, arbitrary: fc.constant("released" as const) },
      ),
      pause: fc.nat(4),
    }),
    { minLength: 1, maxLength: 25 },
  ),
  crashes: fc.array(fc.record({ process: fc.nat(3), after: fc.nat(12) }), { maxLength: 2 }),
});

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 0));
};

/** Lives a history, and looks whether what is left is true. */
export async function live(world: World, { lives, crashes }: History): Promise<void> {
  const booked = new Map<string, number>();
  const booking = new Set<Promise<void>>();
  const deaths = new Map<Process, number>();
  const deathsOf = (process: Process) => deaths.get(process) ?? 0;
  const processOf = (index: number) => world.processes[index % world.processes.length] ?? world.first;

  async function run({ process: index, bound, resize, share, pause }: Life): Promise<void> {
    const process = processOf(index);
    await turns(pause);
    const born = deathsOf(process);
    const alive = async () => {
      await turns(pause);
      return deathsOf(process) === born;
    };
    const reserved = await process.ledger.reserve(requestOf(world, bound));
    if (!reserved.admitted || !(await alive())) return;
    const { reservation } = reserved;
    let held = bound;
    if (resize !== undefined && (await reservation.resize(resize))) held = resize;
    if (!(await alive())) return;
    if (share === "released") return reservation.release();
    const charge = chargeOf(world, Math.round(held * share));
    const promise = reservation.book(charge).then(() => void booked.set(charge.callId, charge.microneurons));
    booking.add(promise);
    await promise.finally(() => booking.delete(promise));
    await reservation.release();
  }

  async function crash({ process: index, after }: History["crashes"][number]): Promise<void> {
    await turns(after);
    const process = processOf(index);
    while (booking.size > 0) await Promise.all(booking); // a true crash ends the commit that is under way, or finds it done
    deaths.set(process, deathsOf(process) + 1);
    process.crash();
  }

  await Promise.all([...lives.map(run), ...crashes.map(crash)]);
  world.clock.at += longest;
  const sum = [...booked.values()].reduce((total, amount) => total + amount, 0);
  expect(sum).toBeLessThanOrEqual(100);
  expect(await budgetOf(world)).toEqual({ booked: sum, reserved: 0 });
  const rows = await rowsOf(world);
  expect(rows).toHaveLength(booked.size);
  expect(new Set(rows.map((row) => row["call_id"]))).toEqual(new Set(booked.keys()));
}
