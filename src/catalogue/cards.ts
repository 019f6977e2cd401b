import type { Day, ModelCard } from "../core/index.ts";
import { aliasesOf } from "./aliases.ts";
import { descriptionOf } from "./descriptions.ts";
import { priceOf } from "./prices.ts";
import { type CatalogueRow, catalogueRows } from "./rows.ts";
import { wireFormOf } from "./wire-forms.ts";

/** The day Workers AI was announced: stands in for the first day of a model where that is not known. */
export const launchDay: Day = "2023-09-27";

/** Every model that Workers AI has ever listed, as far as is known; retired ones too. Made once, and frozen. */
export const catalogueCards: readonly ModelCard[] = Object.freeze(catalogueRows.map(cardOf));

function cardOf(row: CatalogueRow): ModelCard {
  const { title: _title, by: _by, kind: _kind, abilities = [], since = launchDay, weights = [], contextTokens, ...rest } = row;
  return Object.freeze<ModelCard>({
    ...rest,
    aliases: Object.freeze(aliasesOf(row.name)),
    wireForm: wireFormOf(row.name, row.task),
    description: descriptionOf(row),
    contextTokens,
    price: Object.freeze(priceOf({ ...rest, since })),
    weights: Object.freeze(weights),
    origin: "catalogue",
    abilities: Object.freeze(Object.fromEntries(abilities.map((ability) => [ability, true]))),
    createdAt: Date.parse(since) / 1000,
  });
}
