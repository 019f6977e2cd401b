import { type Day, type ModelCard, type Models, Problem, taskOf } from "../core/index.ts";

/**
 * The models of one server, in the order given. Names are compared as they are written, upper and lower case apart.
 *
 * @throws Problem `bad-setting` when two cards share a name or an alias
 */
export function createModels(cards: readonly ModelCard[]): Models {
  const byName = new Map<string, ModelCard>();
  for (const card of cards) {
    for (const name of [card.name, ...card.aliases]) {
      const other = byName.get(name);
      if (other)
        throw new Problem("bad-setting", `the name ${name} is used twice, by ${other.name} and by ${card.name}; rename one of them`);
      byName.set(name, card);
    }
  }
  return { all: Object.freeze([...cards]), find: (name) => byName.get(name) };
}

/** The segment of a name that says whose it is: `meta` of `@cf/meta/llama-3-8b-instruct`, `ganglion` of `@ganglion/echo`. */
export function authorOf({ name }: ModelCard): string {
  const segments = name.replace(/^@/, "").split("/");
  return segments[segments.length > 2 ? 1 : 0] ?? name;
}

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
 * The models that a list shows, in the order of `models.all`.
 * Source: developers.cloudflare.com/api/resources/ai/subresources/models/methods/list, seen 2026-10.
 */
export function searchModels(models: Models, asked: ModelSearch): readonly ModelCard[] {
  const search = asked.search?.toLowerCase() ?? "";
  return models.all.filter(
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
