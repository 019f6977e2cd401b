/** Names of rules, by what they allow. One rule is made once, however often it is used. */
export type RuleName = string;

/** What a rule of a grammar for JSON reads, as far as it says how many ways of reading a text stay open. */
export type Shape =
  /** `opens`: the characters that it may begin with, `0` for all of a number. `ways`: the most that are open inside it. */
  | { readonly kind: "leaf"; readonly opens: string; readonly ways: number }
  | { readonly kind: "texts"; readonly texts: readonly string[]; readonly ways: number }
  | { readonly kind: "array"; readonly items: readonly RuleName[] }
  | { readonly kind: "object"; readonly properties: readonly Property[] }
  | { readonly kind: "either"; readonly ways: readonly RuleName[] };

export interface Property {
  readonly name: string;
  readonly required: boolean;
  readonly value: RuleName;
}

type ObjectShape = Extract<Shape, { kind: "object" }>;

/** So many ways are open because of one alternative: at least `least`, or as many as within one of `within`. */
interface Term {
  readonly least: number;
  readonly within: readonly RuleName[];
}

/** Terms and rounds of the arithmetic: milliseconds. */
const mostWork = 2_000_000;

/**
 * Whether llama.cpp reads every text of a rule with at most so many parse stacks at a time. It keeps one for each way in which the text
 * so far can be read, and walks through all of them for each token of the vocabulary: where alternatives begin alike inside alternatives
 * that begin alike they multiply with each level, and one call of such a grammar would hold up the model for ever.
 *
 * The number is an upper bound, but for a small factor: what may follow one way of reading is a handful of stacks.
 */
export function readsWithin(limit: number, root: RuleName, shapes: ReadonlyMap<RuleName, Shape>): boolean {
  /** By rule, the sums of which the largest counts: one for each alternative, with all that compete with it. */
  const sums = new Map<RuleName, Term[][]>();
  let work = 0;

  function shapeOf(rule: RuleName): Shape {
    return shapes.get(rule) ?? { kind: "leaf", opens: "", ways: 1 };
  }

  /** What a rule may be in the end, through references to others. */
  function alternativesOf(rule: RuleName): Shape[] {
    const found: Shape[] = [];
    const seen = new Set<RuleName>();
    const open = [rule];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      work++;
      const shape = shapeOf(next);
      if (shape.kind === "either") open.push(...shape.ways);
      else found.push(shape);
    }
    return found;
  }

  function sumsOf(rule: RuleName): Term[][] {
    const alternatives = alternativesOf(rule);
    const openings = new Set(alternatives.flatMap((shape) => [...openingsOf(shape)]));
    return [...openings].flatMap((opening) => {
      const alike = alternatives.filter((shape) => openingsOf(shape).has(opening));
      const objects = alike.filter((shape) => shape.kind === "object");
      if (objects.length > limit) return [[{ least: objects.length, within: [] }]];
      // Before the first key is whole, all objects are possible.
      const keys: Term = { least: objects.reduce((sum, object) => sum + longestChoice(object.properties.slice(0, 1)), 0), within: [] };
      const others = alike.filter((shape) => shape.kind !== "object").map(termOf);
      return [[...others, keys], ...objects.flatMap((object) => sumsBeside(object, objects).map((sum) => [...others, ...sum]))];
    });
  }

  /** While an object is read, from the end of its first key on: by itself, and as long as others could still be meant. */
  function sumsBeside(one: ObjectShape, objects: readonly ObjectShape[]): Term[][] {
    const others = objects.filter((other) => other !== one).map((object) => ({ object, until: lastAlike(one, object) }));
    const ends = new Set(others.map(({ until }) => until).filter((until) => until >= 0));
    const beside = [...ends].map((end) => {
      const meant = [one, ...others.filter(({ until }) => until >= end).map(({ object }) => object)];
      return meant.map(({ properties }) => upTo(properties.slice(0, end + 1)));
    });
    return [[upTo(one.properties)], ...beside];
  }

  function termOf(shape: Shape): Term {
    if (shape.kind === "array") return { least: 1, within: shape.items };
    if (shape.kind === "object") return upTo(shape.properties);
    return { least: shape.kind === "either" ? 1 : shape.ways, within: [] };
  }

  function upTo(properties: readonly Property[]): Term {
    const within = new Set(properties.map(({ value }) => value));
    work += 1 + properties.length;
    return { least: longestChoice(properties), within: [...within] };
  }

  /** The place of the last property in which a text may still be of both: one that both must have tells them apart by name or text. */
  function lastAlike(one: ObjectShape, other: ObjectShape): number {
    for (const [index, property] of one.properties.entries()) {
      const its = other.properties[index];
      if (!its) return Infinity;
      const bothMust = property.required && its.required;
      if (its.name !== property.name) return bothMust ? index - 1 : Infinity;
      if (bothMust && areApart(shapeOf(property.value), shapeOf(its.value))) return index;
    }
    return Infinity;
  }

  function areApart(one: Shape, other: Shape): boolean {
    work++;
    if (one.kind !== "texts" || other.kind !== "texts") return false;
    work += one.texts.length + other.texts.length;
    const texts = new Set(one.texts);
    return !other.texts.some((text) => texts.has(text));
  }

  /** All rules whose sums are wanted, the inner ones first. */
  function collect(rule: RuleName): void {
    const open: { readonly rule: RuleName; readonly rest: RuleName[] }[] = [];
    const enter = (next: RuleName) => {
      if (sums.has(next)) return;
      const terms = sumsOf(next);
      sums.set(next, terms);
      open.push({ rule: next, rest: [...new Set(terms.flat().flatMap(({ within }) => within))] });
    };
    enter(rule);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      if (work > mostWork) return;
      const next = top.rest.pop();
      if (next !== undefined) enter(next);
      else {
        open.pop();
        ordered.push(top.rule);
      }
    }
  }

  const ordered: RuleName[] = [];
  collect(root);
  const most = new Map<RuleName, number>();
  // Where a rule contains itself and adds to itself the numbers grow until they are past the limit; else they come to rest.
  for (let changed = true; changed;) {
    changed = false;
    for (const rule of ordered) {
      let largest = 1;
      for (const terms of sums.get(rule) ?? []) {
        let sum = 0;
        for (const { least, within } of terms) {
          let ways = least;
          for (const inner of within) ways = Math.max(ways, most.get(inner) ?? 1);
          sum += ways;
          work += 1 + within.length;
        }
        largest = Math.max(largest, sum);
      }
      if (largest > limit || work > mostWork) return false;
      if (largest !== most.get(rule)) changed = true;
      most.set(rule, largest);
    }
  }
  return work <= mostWork;
}

function openingsOf(shape: Shape): ReadonlySet<string> {
  if (shape.kind === "leaf") return new Set(shape.opens);
  if (shape.kind === "texts") return new Set(shape.texts.map((text) => (/^[-\d]/.test(text) ? "0" : text.charAt(0))));
  return new Set(shape.kind === "array" ? "[" : "{");
}

/** The most properties that may come next at one place: those that may be left out, and the one behind them. */
function longestChoice(properties: readonly Property[]): number {
  let longest = 1;
  let run = 1;
  for (const { required } of properties) {
    run = required ? 1 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}
