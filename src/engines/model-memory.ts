import { type LoadedModel, type LoadedModels, Problem } from "../core/index.ts";
import { freeMemory, memoryOfProcess, type ProcessMemory, wholeMemory } from "./machine-memory.ts";

/** What a model takes, in bytes: with all that it is allowed to use, and the least that it works with. */
export interface MemoryNeeds {
  readonly wanted: number;
  readonly least: number;
}

/** The memory of this machine, which the models of all engines share. */
export interface ModelMemory extends LoadedModels {
  place(tenant: Tenant): Place;
}

/** A process that has a model, as the memory sees it. */
export interface Tenant {
  readonly engine: string;
  /** Its own in the place of the memory's. */
  readonly keepAlive?: number | undefined;
  /** Undefined before it has started. */
  readonly pid: () => number | undefined;
  /** Undefined: not known, so no room is made for it. @throws Problem to refuse the model */
  readonly needs: () => Promise<MemoryNeeds | undefined>;
  /** Resolves when the process is gone. */
  readonly end: () => Promise<void>;
}

export interface Place {
  /** Calls that run in it, or wait for it. */
  readonly calls: number;
  /** Resolves when there is room. @throws Problem at-capacity or bad-setting, which say what is needed and what there is */
  readonly admitted: Promise<void>;
  enter(model: string): void;
  /** The model is loaded. */
  begun(): void;
  leave(): void;
  /** Its process is gone. */
  vacate(): void;
}

export interface ModelMemoryOptions {
  /** Models in memory at the same time. */
  readonly maxModels?: number;
  /** Milliseconds that an idle model stays; Infinity: until its room is wanted. */
  readonly keepAlive?: number;
  /** Milliseconds that a model waits while all the others are in use. */
  readonly patience?: number;
  /** Bytes that a new process can have. */
  readonly free?: () => number;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

interface State {
  readonly tenant: Tenant;
  readonly names: Set<string>;
  calls: number;
  phase: "waiting" | "loading" | "loaded";
  needs: MemoryNeeds | undefined;
  idleSince: number | undefined;
  /** Ends it after `keepAlive`. */
  timer: NodeJS.Timeout | undefined;
  endsWhenIdle: boolean;
}

/** The largest delay of a timer; a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1;

/**
 * Models leave when they were idle for `keepAlive`, or earlier where another one wants their room, the least recently used first and never
 * one in use. Who finds no room waits in line.
 */
export function createModelMemory(options: ModelMemoryOptions = {}): ModelMemory {
  const { maxModels = 4, keepAlive = 300_000, patience = 60_000, free = freeMemory, now = Date.now } = options;
  // In the order of use: what is used moves to the end.
  const states = new Set<State>();
  const endings = new Set<Promise<void>>();
  let line: Promise<unknown> = Promise.resolve();
  let changed = signal();

  function tell(): void {
    changed.give();
    changed = signal();
  }

  function place(tenant: Tenant): Place {
    const state: State = {
      tenant,
      names: new Set(),
      calls: 0,
      phase: "waiting",
      needs: undefined,
      idleSince: undefined,
      timer: undefined,
      endsWhenIdle: false,
    };
    states.add(state);
    return {
      get calls() {
        return state.calls;
      },
      admitted: admit(state),
      enter(model) {
        state.calls++;
        state.names.add(model);
        state.idleSince = undefined;
        clearTimeout(state.timer);
        if (states.delete(state)) states.add(state);
      },
      begun() {
        state.phase = "loaded";
      },
      leave() {
        if (--state.calls > 0) return;
        state.idleSince = now();
        if (state.phase !== "waiting" && states.has(state)) rest(state);
        tell();
      },
      vacate() {
        clearTimeout(state.timer);
        states.delete(state);
        tell();
      },
    };
  }

  function rest(state: State): void {
    const stay = state.tenant.keepAlive ?? keepAlive;
    if (state.endsWhenIdle || stay === 0) return void end(state);
    if (stay === Infinity) return;
    state.timer = setTimeout(() => void end(state), Math.min(longestDelay, stay));
    state.timer.unref();
  }

  function end(state: State): Promise<void> {
    clearTimeout(state.timer);
    states.delete(state);
    const ending = state.tenant.end().finally(() => {
      endings.delete(ending);
      tell();
    });
    endings.add(ending);
    return ending;
  }

  /** One after the other, so that no two count on the same room. */
  async function admit(state: State): Promise<void> {
    const before = line;
    const turn = signal();
    line = before.then(() => turn.given);
    try {
      state.needs = await state.tenant.needs();
      await before;
      await makeRoom(state);
      state.phase = "loading";
    } finally {
      turn.give();
    }
  }

  async function makeRoom(state: State): Promise<void> {
    const late = signal();
    const timer = setTimeout(late.give, Math.min(longestDelay, patience));
    let isLate = false;
    void late.given.then(() => (isLate = true));
    try {
      for (;;) {
        await Promise.all(endings);
        if (state.calls === 0) throw new Problem("at-capacity", "nobody waits for this model any more");
        const lack = lackOf(state);
        if (!lack) return;
        if (lack !== "works with less" && lack.code === "bad-setting") throw lack; // whoever left would leave in vain
        const idle = inside().find((other) => other.calls === 0);
        if (idle) {
          await end(idle);
          continue;
        }
        if (lack === "works with less") return;
        if (isLate) throw lack;
        await Promise.race([changed.given, late.given]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  function inside(): State[] {
    return [...states].filter(({ phase }) => phase !== "waiting");
  }

  /** Why there is no room; undefined: there is. */
  function lackOf({ needs, names }: State): Problem | "works with less" | undefined {
    const others = inside();
    if (others.length >= maxModels) return tooMany(others.length);
    if (!needs) return undefined;
    const left = free() - others.reduce((sum, other) => sum + owedTo(other), 0);
    if (needs.wanted <= left) return undefined;
    if (needs.least <= left) return "works with less";
    const [name = "the model"] = names;
    const returned = others.reduce((sum, other) => sum + (other.needs?.wanted ?? memoryOf(other)?.own ?? 0), 0);
    return tooLarge(name, needs, Math.max(0, left), needs.least <= left + returned);
  }

  function tooMany(count: number): Problem {
    return new Problem("at-capacity", `${count} models are at work, and no more run at the same time; ask again in a moment`, {
      details: { retryAfterSeconds: 5 },
    });
  }

  function tooLarge(name: string, { least }: MemoryNeeds, left: number, later: boolean): Problem {
    const facts = `${name} needs about ${gigabytes(least)} of memory, and of this machine's ${gigabytes(wholeMemory())} there are ${gigabytes(left)} free`;
    return later
      ? new Problem("at-capacity", `${facts} while other models are at work; ask again in a moment`, { details: { retryAfterSeconds: 5 } })
      : new Problem("bad-setting", `${facts}; end what else runs there, or take a smaller model or one of fewer bits`);
  }

  async function unload(name: string, atOnce: boolean): Promise<"ended" | "ends-when-idle"> {
    const found = [...states].filter(({ names }) => names.has(name));
    if (found.length === 0) throw new Problem("not-found", `${name} is not in memory; \`ganglion ps\` lists what is`);
    const ready = found.filter(({ calls }) => atOnce || calls === 0);
    for (const state of found) state.endsWhenIdle = true;
    await Promise.all(ready.map(end));
    return ready.length === found.length ? "ended" : "ends-when-idle";
  }

  function list(): LoadedModel[] {
    return [...states].map((state) => ({
      names: [...state.names],
      engine: state.tenant.engine,
      state: state.calls === 0 ? "idle" : state.phase === "loaded" ? "busy" : state.phase,
      bytes: memoryOf(state)?.resident,
      calls: state.calls,
      idleSince: state.idleSince,
    }));
  }

  return { place, list, unload };
}

/**
 * What a model may still take, or has taken without the system counting it as used: it calls the pages of a mapped file free, though a
 * model whose pages are gone reads them again for every token.
 */
function owedTo(state: State): number {
  const { needs, phase } = state;
  if (!needs) return 0;
  const memory = memoryOf(state);
  if (memory) return Math.max(0, needs.wanted - memory.own);
  return phase === "loaded" ? 0 : needs.wanted;
}

function memoryOf({ tenant }: State): ProcessMemory | undefined {
  const pid = tenant.pid();
  return pid === undefined ? undefined : memoryOfProcess(pid);
}

function gigabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;
}

/** A promise that is resolved from outside. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}
