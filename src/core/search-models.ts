import type { ModelCard } from "./model-card.ts";
import type { Day } from "./price.ts";
import { taskOf } from "./task/index.ts";

export interface ModelSearch {
  /** Part of a name or description. */
  readonly search?: string | undefined;
  /** A task's label: `Text Generation`. */
  readonly task?: string | undefined;
  /** Who published it: `meta`. */
  readonly author?: string | undefined;
  readonly hideExperimental?: boolean;
  /** Also models past their retirement date. */
  readonly includeRetired?: boolean;
  readonly today: Day;
}

/** Source: developers.cloudflare.com/api/resources/ai/subresources/models/methods/list, seen 2026-10. */
export function searchModels(models: readonly ModelCard[], asked: ModelSearch): ModelCard[] {
  const words = asked.search?.toLowerCase();
  const author = asked.author?.toLowerCase();
  const task = asked.task?.toLowerCase();
  return models.filter(
    (card) =>
      (words === undefined || card.name.toLowerCase().includes(words) || card.description.toLowerCase().includes(words)) &&
      (task === undefined || taskOf(card.task).label.toLowerCase() === task || card.task === task) &&
      (author === undefined || card.name.split("/")[1]?.toLowerCase() === author) &&
      !(asked.hideExperimental && card.beta) &&
      (asked.includeRetired === true || card.retiresOn === undefined || card.retiresOn > asked.today),
  );
}
