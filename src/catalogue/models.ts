import { type ModelCard, type Models, Problem } from "../core/index.ts";

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
