import type { Engine, ModelCard } from "../core/index.ts";

/** An engine as the operator placed it. */
export interface PoolEntry {
  readonly engine: Engine;
  /** Whether the engine has what it needs for this model, its weights above all. */
  serves(model: ModelCard): boolean;
  /** Lower ones are asked first; equal ones share the load. */
  readonly order?: number;
  /** Calls at once; absent: as many as come, the engine has a queue of its own. */
  readonly maxRunning?: number;
}

/** One engine to try: `enter` before, `leave` after. */
export interface Candidate {
  readonly engine: Engine;
  enter(): void;
  leave(outcome: "fine" | "failed"): void;
}

/** The engines behind the models. */
export interface Pool {
  /** Whether any engine has what the model needs. */
  serves(model: ModelCard): boolean;
  /** Engines to try one after another: healthy ones first, then the operator's order, then the one that its affinity chose, then the least loaded. */
  candidates(model: ModelCard, affinity: string | undefined): readonly Candidate[];
  close(): Promise<void>;
}

/** How long an engine that failed is asked last. */
const restMilliseconds = 10_000;

interface State {
  running: number;
  restsUntil: number;
}

export function createPool(entries: readonly PoolEntry[], now: () => number = Date.now): Pool {
  const members = entries.map((entry) => ({ entry, state: { running: 0, restsUntil: 0 } satisfies State as State }));

  return {
    serves: (model) => entries.some((entry) => entry.serves(model)),

    candidates(model, affinity) {
      const at = now();
      const rank = ({ entry, state }: (typeof members)[number]) => [
        state.restsUntil > at ? 1 : 0,
        entry.order ?? 0,
        affinity === undefined ? 0 : -hashOf(`${affinity}\n${entry.engine.name}`),
        state.running,
      ];
      return members
        .filter(({ entry, state }) => entry.serves(model) && state.running < (entry.maxRunning ?? Infinity))
        .map((member) => ({ member, rank: rank(member) }))
        .toSorted((a, b) => compare(a.rank, b.rank))
        .map(({ member: { entry, state } }) => ({
          engine: entry.engine,
          enter() {
            state.running++;
          },
          leave(outcome) {
            state.running--;
            state.restsUntil = outcome === "failed" ? now() + restMilliseconds : 0;
          },
        }));
    },

    async close() {
      await Promise.all(entries.map(({ engine }) => engine.close()));
    },
  };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const difference = value - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** FNV-1a: the highest hash of affinity and name wins, so that few calls move when engines come and go. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
