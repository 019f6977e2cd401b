import { type Day, type Price, type PriceTerm, Problem, type TaskId, type Unit } from "../core/index.ts";
import { type PriceRow, priceRows } from "./rows.ts";

/** What a unit of Cloudflare's price lists counts: for each entry of `terms`, the product of its units; the price is for `per` of it. */
interface Measure {
  readonly per: number;
  readonly terms: readonly (readonly Unit[])[];
}

const cached = "per M cached input tokens";
const one = (...units: Unit[]): Measure => ({ per: 1, terms: [units] });
const million = (...units: Unit[]): Measure => ({ per: 1_000_000, terms: units.map((unit) => [unit]) });
const minute = (unit: Unit): Measure => ({ per: 60, terms: [[unit]] });
const fiveSteps = (unit: Unit): Measure => ({ per: 5, terms: [[unit]] });

const measures: Readonly<Record<string, Measure>> = {
  // Cached tokens cost what others cost, unless the model has a price of its own for them.
  "per M input tokens": million("input-token", "cached-input-token"),
  "per M tokens (input + output)": million("input-token", "cached-input-token", "output-token"),
  [cached]: million("cached-input-token"),
  "per M output tokens": million("output-token"),
  "per 512x512 tile": one("tile"),
  // Per tile and step, although the page does not say so: see docs/decisions/0003-micro-neurons-are-integers.md.
  "per step": one("tile", "step"),
  "per input 512x512 tile": one("input-tile"),
  "per output 512x512 tile": one("tile"),
  "per input 512x512 tile, per step": one("input-tile", "step"),
  "per output 512x512 tile, per step": one("tile", "step"),
  "per first MP (1024x1024)": one("first-megapixel"),
  "per subsequent MP": one("subsequent-megapixel"),
  "per input image MP": one("input-megapixel"),
  "per 5 steps, up to 256x256": fiveSteps("step-256"),
  "per 5 steps, up to 512x512": fiveSteps("step-512"),
  "per 5 steps, up to 1024x1024": fiveSteps("step-1024"),
  "per 5 steps, up to 2048x2048": fiveSteps("step-2048"),
  "per audio minute": minute("audio-second"),
  "per audio minute input": minute("audio-second"),
  "per audio minute (WebSocket)": minute("websocket-audio-second"),
  "per audio minute input (WebSocket)": minute("websocket-audio-second"),
  "per 1k characters input": { per: 1000, terms: [["character"]] },
  "per M images": million("image"),
};

/** What decides which rows are a model's. */
export interface Priced {
  readonly name: string;
  readonly task: TaskId;
  readonly parameters?: string;
  /** Its first day; no row holds before it. */
  readonly since: Day;
}

/** Every price that Cloudflare has ever billed for a model, as dated terms. */
export function priceOf(model: Priced, rows: readonly PriceRow[] = priceRows): Price {
  const own = rows.filter((row) => row.billed !== false && isOf(row, model) && (row.to === undefined || row.to >= model.since));
  const hasCachedPrice = own.some(({ unit }) => unit === cached);
  return own.flatMap((row) =>
    termsOf(row, model.since).filter(({ units }) => !(hasCachedPrice && units[0] === "cached-input-token" && row.unit !== cached)),
  );
}

function isOf(row: PriceRow, { name, task, parameters }: Priced): boolean {
  if (row.model !== undefined) return row.model === name;
  if (row.task !== task) return false;
  if (row.aboveBillions === undefined && row.upToBillions === undefined) return true;
  const size = billionsOf(parameters);
  return size !== undefined && size > (row.aboveBillions ?? 0) && size <= (row.upToBillions ?? Infinity);
}

function termsOf({ unit, neurons, from, to }: PriceRow, since: Day): PriceTerm[] {
  const measure = measures[unit];
  if (!measure) throw new Problem("bad-setting", `no measure is known for the price unit "${unit}"; add it to measures in prices.ts`);
  return measure.terms.map((units) => ({
    units,
    microneurons: Math.round(neurons * 1_000_000), // published with at most six decimals, so nothing is lost
    per: measure.per,
    from: from > since ? from : since,
    ...(to !== undefined && { to }),
  }));
}

const scales: Readonly<Record<string, number>> = { M: 0.001, B: 1, T: 1000 };

/** "335M" is 0.335. */
export function billionsOf(parameters: string | undefined): number | undefined {
  const [, digits, letter = ""] = /^([\d.]+)([MBT])$/.exec(parameters ?? "") ?? [];
  const scale = scales[letter];
  return digits === undefined || scale === undefined ? undefined : Number(digits) * scale;
}
