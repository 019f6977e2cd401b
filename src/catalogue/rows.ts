import type { Abilities, Day, ModelCard, TaskId, WeightsSource } from "../core/index.ts";
import catalogueJson from "./catalogue.json" with { type: "json" };
import pricingHistoryJson from "./pricing-history.json" with { type: "json" };
import pricingJson from "./pricing.json" with { type: "json" };

/** A model as `catalogue.json` has it: what the rules of cards.ts cannot know. */
export interface CatalogueRow extends Pick<
  ModelCard,
  "name" | "dimensions" | "pooling" | "id" | "parameters" | "retiresOn" | "beta" | "partner" | "paidPlanOnly"
> {
  /** As the catalogue of Cloudflare files it, but for the reranker, which it has under Text Classification. */
  readonly task: TaskId;
  readonly title: string;
  /** Who made the model. */
  readonly by: string;
  /** What it is, where the task does not say enough: "code model". */
  readonly kind?: string;
  /** Where a model cuts its input (embeddings, classification, reranking), what its publisher says; else Cloudflare's window. */
  readonly contextTokens?: number;
  readonly abilities?: readonly (keyof Abilities)[];
  /** The day Cloudflare announced it; absent where that is not known. Source: developers.cloudflare.com/workers-ai/changelog. */
  readonly since?: Day;
  readonly weights?: readonly WeightsSource[];
}

/** A line of a price list, of one model or of a class of models. */
export interface PriceRow {
  readonly model?: string;
  readonly task?: TaskId;
  /** Size of the models of a class, in billions of parameters. */
  readonly aboveBillions?: number;
  readonly upToBillions?: number;
  /** Cloudflare's words, one of `measures` in prices.ts. */
  readonly unit: string;
  readonly neurons: number;
  readonly from: Day;
  readonly to?: Day;
  /** false: Cloudflare metered it and never billed it. */
  readonly billed?: boolean;
}

// TypeScript widens the strings of a JSON file; rows.test.ts holds every row against a schema of these types.
export const catalogueRows = catalogueJson as unknown as readonly CatalogueRow[];

/** Today's price list, then the former ones. */
export const priceRows: readonly PriceRow[] = [
  ...pricingJson.rows.map((row) => ({ from: pricingJson.from, ...(row as unknown as Omit<PriceRow, "from">) })),
  ...(pricingHistoryJson.rows as unknown as readonly PriceRow[]),
];
