import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { startPeer } from "../peer.ts";
import { inRounds, pairs } from "../rounds.ts";
import type { Row, Suite } from "../suite.ts";
import type { Bookings, WritersCommands, WritersOptions, Written } from "./writers.ts";

const cases = {
  "1 at once": { atOnce: 1, bookings: 1_000 },
  "32 at once": { atOnce: 32, bookings: 8_000 },
  "256 at once": { atOnce: 256, bookings: 24_000 },
  "1,024 at once": { atOnce: 1_024, bookings: 24_000 },
} as const satisfies Record<string, Bookings>;
type Case = keyof typeof cases;

const variants = ["ledger", "raw", "raw single"] as const;
type Variant = (typeof variants)[number];

/**
 * Durable bookings against 100-row INSERTs of the bare library into the same table. The target is for as many calls as make full groups:
 * with fewer at once the raw inserts have rows to write that nobody has booked yet.
 */
export const ledger: Suite = async ({ folder: parent, rounds, quick, profile, progress }) => {
  progress("ledger");
  const folder = mkdtempSync(join(parent, "ledger-"));
  const open = async (kind: WritersOptions["kind"], name: string) => {
    const given: WritersOptions = { kind, file: join(folder, `${name}.db`) };
    return { peer: await startPeer<WritersCommands>("writers.js", given, { profile }), written: 0 };
  };
  const writers = { ledger: await open("ledger", "ledger"), raw: await open("raw", "raw"), "raw single": await open("raw", "single") };
  // The first round compiles the code and grows the files.
  const samples = await inRounds(rounds + 1, Object.keys(cases) as Case[], variants, async (one, variant) => {
    const asked = askedOf(one, variant, quick);
    writers[variant].written += asked.bookings;
    return writers[variant].peer.ask("write", asked);
  });
  for (const { peer, written } of Object.values(writers)) {
    const rows = await peer.ask("rows");
    if (rows !== written) throw new Error(`${written} bookings were durable, and ${rows} rows are there`);
    await peer.end();
  }
  const measured = (one: Case, variant: Variant) => samples[one][variant].slice(1);
  const rows = (Object.keys(cases) as Case[]).flatMap((one) => {
    return rowsOf(one, measured(one, "ledger"), measured(one, "raw"), measured(one, "raw single"));
  });
  return { rows, samples };
};

function askedOf(one: Case, variant: Variant, quick: boolean): Bookings {
  if (variant === "raw single") return { atOnce: 1, bookings: quick ? 20 : 1_000 };
  if (variant === "raw") return { atOnce: 100, bookings: quick ? 200 : 24_000 };
  return quick ? { ...cases[one], bookings: 200 } : cases[one];
}

/** @param single commits of one row each: all that a caller who is alone can have */
function rowsOf(of: Case, ours: readonly Written[], raw: readonly Written[], single: readonly Written[]): Row[] {
  const perSecond = (a: Written, b: Written) => a.perSecond / b.perSecond;
  const perBooking = (a: Written, b: Written) => a.cpuPerBooking / b.cpuPerBooking;
  const fullGroups = cases[of].atOnce >= 256;
  return [
    {
      of,
      what: "bookings per second / raw 100-row INSERTs",
      unit: "",
      rounds: pairs(ours, raw, perSecond),
      ...(fullGroups && { target: { least: 0.8 } }),
    },
    { of, what: "bookings per second / raw single INSERTs", unit: "", rounds: pairs(ours, single, perSecond) },
    { of, what: "CPU per booking / raw 100-row INSERTs", unit: "", rounds: pairs(ours, raw, perBooking) },
    { of, what: "CPU per booking / raw single INSERTs", unit: "", rounds: pairs(ours, single, perBooking) },
  ];
}
