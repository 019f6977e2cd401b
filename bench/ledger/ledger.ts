import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { startPeer } from "../peer.ts";
import { inRounds, pairs } from "../rounds.ts";
import type { Row, Suite } from "../suite.ts";
import type { Bookings, WritersCommands, WritersOptions, Written } from "./writers.ts";

const cases = {
  "1 at once": { atOnce: 1, bookings: 1_000 },
  "32 at once": { atOnce: 32, bookings: 8_000 },
  "100 at once": { atOnce: 100, bookings: 24_000 },
  "256 at once": { atOnce: 256, bookings: 24_000 },
  "1,024 at once": { atOnce: 1_024, bookings: 24_000 },
} as const satisfies Record<string, Bookings>;
type Case = keyof typeof cases;

/** Of an INSERT that is as long as pays. */
const fullRows = 100;
const variants = ["ledger", "raw", "raw alike"] as const;
type Variant = (typeof variants)[number];

/**
 * Durable bookings against INSERTs of the bare library into the same table: of 100 rows, and of as many rows as calls book at once, which
 * is the most that one commit can hold then. Callers who wait for a commit have nothing more to book, so the first is a goal only where
 * there are more of them than fill a commit.
 */
export const ledger: Suite = async ({ folder: parent, rounds, quick, profile, progress }) => {
  progress("ledger");
  const folder = mkdtempSync(join(parent, "ledger-"));
  const open = async (kind: WritersOptions["kind"], name: string) => {
    const given: WritersOptions = { kind, file: join(folder, `${name}.db`) };
    return { peer: await startPeer<WritersCommands>("writers.js", given, { profile }), written: 0 };
  };
  const writers = { ledger: await open("ledger", "ledger"), raw: await open("raw", "raw"), "raw alike": await open("raw", "alike") };
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
    return rowsOf(one, measured(one, "ledger"), measured(one, "raw"), measured(one, "raw alike"));
  });
  return { rows, samples };
};

function askedOf(one: Case, variant: Variant, quick: boolean): Bookings {
  const { atOnce, bookings } = quick ? { ...cases[one], bookings: 200 } : cases[one];
  if (variant === "ledger") return { atOnce, bookings };
  const rows = variant === "raw" ? fullRows : Math.min(atOnce, fullRows);
  const enough = variant === "raw" && !quick ? 24_000 : bookings;
  return { atOnce: rows, bookings: Math.ceil(enough / rows) * rows };
}

function rowsOf(of: Case, ours: readonly Written[], raw: readonly Written[], alike: readonly Written[]): Row[] {
  const perSecond = (a: Written, b: Written) => a.perSecond / b.perSecond;
  const perBooking = (a: Written, b: Written) => a.cpuPerBooking / b.cpuPerBooking;
  const fills = cases[of].atOnce > fullRows;
  const target = { least: 0.8 };
  return [
    {
      of,
      what: "bookings per second / raw INSERTs of 100 rows",
      unit: "",
      rounds: pairs(ours, raw, perSecond),
      ...(fills && { target }),
    },
    { of, what: "bookings per second / raw INSERTs of as many rows", unit: "", rounds: pairs(ours, alike, perSecond), target },
    { of, what: "CPU per booking / raw INSERTs of 100 rows", unit: "", rounds: pairs(ours, raw, perBooking) },
    { of, what: "CPU per booking / raw INSERTs of as many rows", unit: "", rounds: pairs(ours, alike, perBooking) },
  ];
}
