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

const variants = ["ledger", "raw"] as const;

/**
 * Durable bookings against 100-row INSERTs of the bare library into the same table. The target is for as many calls as make full groups:
 * with fewer at once the raw inserts have rows to write that nobody has booked yet.
 */
export const ledger: Suite = async ({ folder: parent, rounds, quick, profile, progress }) => {
  progress("ledger");
  const folder = mkdtempSync(join(parent, "ledger-"));
  const open = (kind: WritersOptions["kind"]) => {
    const given: WritersOptions = { kind, file: join(folder, `${kind}.db`) };
    return startPeer<WritersCommands>("writers.js", given, { profile });
  };
  const peers = { ledger: await open("ledger"), raw: await open("raw") };
  let written = { ledger: 0, raw: 0 };
  const samples = await inRounds(rounds + 1, Object.keys(cases) as Case[], variants, async (one, variant) => {
    const asked: Bookings = quick ? { ...cases[one], bookings: 200 } : variant === "raw" ? { atOnce: 1, bookings: 24_000 } : cases[one];
    const result = await peers[variant].ask("write", asked);
    written = { ...written, [variant]: written[variant] + asked.bookings };
    return result;
  });
  for (const variant of variants) {
    const rows = await peers[variant].ask("rows");
    if (rows !== written[variant]) throw new Error(`${written[variant]} bookings were durable, and ${rows} rows are there`);
    await peers[variant].end();
  }
  // The first round compiles the code and grows the files.
  const rows = (Object.keys(cases) as Case[]).flatMap((one) => rowsOf(one, samples[one].ledger.slice(1), samples[one].raw.slice(1)));
  return { rows, samples };
};

function rowsOf(of: Case, ours: readonly Written[], raw: readonly Written[]): Row[] {
  return [
    {
      of,
      what: "bookings per second / raw 100-row INSERTs",
      unit: "",
      rounds: pairs(ours, raw, (a, b) => a.perSecond / b.perSecond),
      ...(cases[of].atOnce >= 256 && { target: { least: 0.8 } }),
    },
    { of, what: "CPU per booking / raw", unit: "", rounds: pairs(ours, raw, (a, b) => a.cpuPerBooking / b.cpuPerBooking) },
    { of, what: "CPU per booking", unit: "us", rounds: ours.map(({ cpuPerBooking }) => cpuPerBooking) },
  ];
}
