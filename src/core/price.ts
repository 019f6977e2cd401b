import type { Unit, Usage } from "./usage.ts";

/** A day in UTC as YYYY-MM-DD; such strings compare as dates do. */
export type Day = string;

const dayMilliseconds = 86_400_000;
/** The day that was asked for last: every call asks several times for the same one. */
let lastDay = { index: NaN, text: "" };

export function dayOf(at: number): Day {
  const index = Math.floor(at / dayMilliseconds);
  if (index !== lastDay.index) lastDay = { index, text: new Date(at).toISOString().slice(0, 10) };
  return lastDay.text;
}

/** Unix milliseconds of the next 00:00 UTC, when allocations begin anew. */
export function nextDayAt(at: number): number {
  return (Math.floor(at / dayMilliseconds) + 1) * dayMilliseconds;
}

/**
 * One term of a price: micro-neurons x the product of its units / per.
 * `{ units: ["tile", "step"], microneurons: 9_600_000, per: 1 }` is 9.6 neurons for each tile and step.
 */
export interface PriceTerm {
  readonly units: readonly Unit[];
  /** An integer. One neuron is 1,000,000 of them. */
  readonly microneurons: number;
  /** An integer > 0. */
  readonly per: number;
  readonly from: Day;
  /** The last day it holds; absent while it holds. */
  readonly to?: Day;
}

export type Price = readonly PriceTerm[];

/**
 * The terms in force on a day. On a day without any, those of the nearest later day are used: a model that was never billed then
 * is billed as it was first billed. After the last one has ended the model is free.
 */
export function termsOn(price: Price, day: Day): Price {
  const now = price.filter((term) => term.from <= day && (term.to === undefined || day <= term.to));
  if (now.length > 0) return now;
  const later = price.filter((term) => term.from > day);
  const nearest = later.reduce<Day | undefined>((least, { from }) => (least === undefined || from < least ? from : least), undefined);
  return later.filter(({ from }) => from === nearest);
}

/** Quantities are counted in thousandths, so that 7.5 seconds are exact. */
const thousandths = 1000n;

/** micro-neurons of a usage on a day: a sum of products, rounded once, half up, to an integer. */
export function microneuronsOf(price: Price, usage: Usage, day: Day): number {
  let numerator = 0n;
  let denominator = 1n;
  for (const term of termsOn(price, day)) {
    let product = BigInt(term.microneurons);
    let divisor = BigInt(term.per);
    for (const unit of term.units) {
      product *= BigInt(Math.round((usage[unit] ?? 0) * 1000));
      divisor *= thousandths;
    }
    if (product === 0n) continue;
    numerator = numerator * divisor + product * denominator;
    denominator *= divisor;
  }
  return Number((2n * numerator + denominator) / (2n * denominator));
}

/** "172.80": how a reply header and a human see micro-neurons. */
export function neuronsText(microneurons: number): string {
  return (microneurons / 1_000_000).toFixed(2);
}

/** Dollars of a neuron. Source: developers.cloudflare.com/workers-ai/platform/pricing. */
export const usdPerNeuron = 0.011 / 1000;

export interface PriceListEntry {
  readonly unit: string;
  readonly price: number;
  readonly currency: "USD";
}

/**
 * The price as lists show it: dollars of three digits per a readable quantity. For the eye: bills are computed from neurons.
 * Cached tokens are named only where they cost something else than computed ones.
 */
export function priceList(price: Price, day: Day): PriceListEntry[] {
  const terms = termsOn(price, day);
  const input = terms.find(({ units }) => units.join() === "input-token");
  const shown = terms.filter(({ units, microneurons }) => units.join() !== "cached-input-token" || microneurons !== input?.microneurons);
  return shown.map(({ units, microneurons, per }) => {
    const tokens = units.length === 1 && units[0]?.endsWith("token");
    const quantity = tokens ? 1_000_000 : per;
    const unit = tokens
      ? `per M ${units[0]?.replaceAll("-", " ")}s`
      : `per ${quantity === 1 ? "" : `${quantity} `}${units.join(" x ").replaceAll("-", " ")}`;
    return { unit, price: Number(((microneurons / 1_000_000) * (quantity / per) * usdPerNeuron).toPrecision(3)), currency: "USD" };
  });
}
