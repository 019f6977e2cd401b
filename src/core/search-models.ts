import type { ModelCard } from "./model-card.ts";
import type { Day } from "./price.ts";
import { taskOf } from "./task/index.ts";

export interface ModelSearch {
  /** Found in a name, an alias or a description, whatever its case. */
  readonly search?: string | undefined;
  /** A task's label, `Text Generation`, or its id, `text-generation`. */
  readonly task?: string | undefined;
  readonly author?: string | undefined;
  /** Leaves out the models that are in beta. */
  readonly hideExperimental?: boolean | undefined;
  /**
   * Lists the models that Cloudflare has retired, too. Cloudflare itself forgets a model three months after its day; here it is listed
   * for ever, because it is served for ever.
   */
  readonly includeDeprecated?: boolean | undefined;
  readonly today: Day;
}

/**
 * The models that a list shows, in their order.
 * Source: developers.cloudflare.com/api/resources/ai/subresources/models/methods/list, seen 2026-10.
 */
export function searchModels(models: readonly ModelCard[], asked: ModelSearch): ModelCard[] {
  const search = asked.search?.toLowerCase() ?? "";
  return models.filter(
    (card) =>
      (search === "" || [card.name, ...card.aliases, card.description].some((text) => text.toLowerCase().includes(search))) &&
      (!asked.task || isTask(card, asked.task.toLowerCase())) &&
      (!asked.author || authorOf(card).toLowerCase() === asked.author.toLowerCase()) &&
      !(asked.hideExperimental && card.beta) &&
      (asked.includeDeprecated || card.retiresOn === undefined || card.retiresOn > asked.today),
  );
}

function isTask(card: ModelCard, asked: string): boolean {
  return card.task === asked || taskOf(card.task).label.toLowerCase() === asked;
}

/** The segment of a name that says whose it is: `meta` of `@cf/meta/llama-3-8b-instruct`, `ganglion` of `@ganglion/echo`. */
export function authorOf({ name }: Pick<ModelCard, "name">): string {
  const segments = name.replace(/^@/, "").split("/");
  return segments[segments.length > 2 ? 1 : 0] ?? name;
}
