import {
  type Call,
  type Charge,
  dayOf,
  type Ledger,
  microneuronsOf,
  type ModelCard,
  type Models,
  type Part,
  Problem,
  type TaskId,
  taskOf,
  type Usage,
} from "../core/index.ts";
import { admit, type Admitted, checkTogether, findModel, notServed, refine } from "./admit.ts";
import type { Ask } from "./ask.ts";
import type { Pool } from "./pool.ts";
import { runOnFirst } from "./run.ts";

/** A part of the answer. The first one says whose weights answer, the last one what it cost, which is on the ledger. */
export type Answer<T extends TaskId = TaskId> =
  | (Extract<Part<T>, { type: "begin" }> & Served)
  | Extract<Part<T>, { type: "delta" }>
  | Ended<T>;

/** The whole answer. */
export type Ended<T extends TaskId = TaskId> = Extract<Part<T>, { type: "end" }> & Served & { readonly microneurons: number };

export interface Served {
  /** Whose weights answer, where they are not the model's own. */
  readonly servedBy: string | undefined;
}

/** The one way to a model: admit, choose, run, book. */
export interface Gateway {
  /**
   * Yields the parts of the answer. `end` is handed on after its charge is durable. A caller who leaves early, by `signal` or by
   * leaving the loop, pays for what was made.
   *
   * @throws Problem, and nothing else
   */
  run<T extends TaskId>(ask: Ask<T>): AsyncGenerator<Answer<T>>;
  /**
   * For calls that are one request, and of no use without each other: sees that all of them fit into what is left of the caller's day,
   * before the first is run. Sets nothing aside.
   *
   * @throws Problem `over-budget`, or why one of them could not be run by itself
   */
  checkTogether(asks: readonly Ask[]): Promise<void>;
  /** Calls that are admitted, and not yet booked. */
  readonly running: number;
  /** Resolves when there are none: nothing may be closed under a call that still has to be booked. */
  rest(): Promise<void>;
}

export interface GatewayOptions {
  readonly models: Models;
  readonly pool: Pool;
  readonly ledger: Ledger;
  /** The model that answers in the place of one whose weights are absent. */
  readonly standIn?: (model: ModelCard) => ModelCard | undefined;
  /** Why nothing can serve a model: a Problem that names the files and the way to get them. */
  readonly explainAbsence?: (model: ModelCard) => Problem;
  /** Refuse models past their retirement date, as Cloudflare does; default: serve them. */
  readonly refuseRetired?: boolean;
  /** How long a call may take. */
  readonly deadlineMilliseconds?: number;
  readonly now?: () => number;
}

const tenMinutes = 600_000;

export function createGateway(options: GatewayOptions): Gateway {
  const { models, pool, ledger, standIn = () => undefined, deadlineMilliseconds = tenMinutes, now = Date.now } = options;
  let running = 0;
  let resting: (() => void)[] = [];

  async function* run<T extends TaskId>(ask: Ask<T>): AsyncGenerator<Answer<T>> {
    const at = now();
    const model = findModel(models, ask.model, ask.task);
    if (options.refuseRetired && model.retiresOn !== undefined && model.retiresOn <= dayOf(at)) {
      throw new Problem("model-retired", `${model.name} was retired on ${model.retiresOn}; GET /v1/models lists what is served`);
    }
    const server = serverOf(model);
    const servedBy = server === model ? substituteOf(model) : server.name;
    const admitted = await admit(ask, model, ask.input, ledger, at);
    running++;

    const call: Call<T> = {
      id: ask.id,
      task: ask.task,
      model: server,
      input: ask.input,
      deadline: at + deadlineMilliseconds,
      account: ask.caller.account.id,
      affinity: ask.affinity,
      signal: ask.signal,
    };
    let usage: Usage = {};
    let begun = false;
    let answered = false;
    let outcome: Charge["outcome"] = "left";
    let booked = false;
    const book = async (): Promise<number> => {
      const charge = chargeOf(ask, admitted, usage, servedBy, outcome, now());
      await admitted.reservation.book(charge);
      booked = true;
      return charge.microneurons;
    };

    try {
      for await (const part of runOnFirst(call, pool.candidates(server, ask.affinity))) {
        usage = part.usage; // also of a part that comes too late: it was made
        if (ask.signal.aborted) return;
        if (part.type === "begin") {
          await refine(admitted, usage, ledger, ask.caller.account.id);
          begun = true;
        } else answered = true;
        if (part.type === "delta") yield part;
        else if (part.type === "begin") yield { servedBy, ...part };
        else {
          outcome = "complete";
          yield { servedBy, microneurons: await book(), ...part };
        }
      }
    } catch (thrown) {
      outcome = "failed";
      throw Problem.from(thrown);
    } finally {
      // Left early: what was computed is paid. Failed: only what the caller got.
      try {
        if (!booked && (outcome === "left" ? begun : answered)) await book();
      } finally {
        await admitted.reservation.release().finally(leave);
      }
    }
  }

  function leave(): void {
    if (--running > 0) return;
    for (const resolve of resting) resolve();
    resting = [];
  }

  function serverOf(model: ModelCard): ModelCard {
    if (pool.serves(model)) return model;
    if (!(model.wireForm in taskOf(model.task).wire)) throw notServed(model);
    const other = standIn(model);
    if (other && pool.serves(other)) return other;
    throw (
      options.explainAbsence?.(model) ??
      new Problem("weights-missing", `the weights of ${model.name} are not here`, { details: { files: [] } })
    );
  }

  return {
    run,
    checkTogether: (asks) => checkTogether(asks, models, ledger, now()),
    get running() {
      return running;
    },
    rest: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => resting.push(resolve))),
  };
}

/** The weights that answer under the model's own name, where they are others. */
function substituteOf({ weights }: ModelCard): string | undefined {
  return weights.find((source) => "path" in source)?.substitute;
}

function chargeOf(
  ask: Ask,
  admitted: Admitted,
  usage: Usage,
  servedBy: string | undefined,
  outcome: Charge["outcome"],
  at: number,
): Charge {
  const day = dayOf(admitted.at);
  return {
    callId: ask.id,
    accountId: ask.caller.account.id,
    tokenId: ask.caller.token.id,
    model: admitted.model.name,
    servedBy,
    task: ask.task,
    usage,
    microneurons: microneuronsOf(admitted.model.price, usage, day),
    day,
    at,
    outcome,
  };
}

/** The `end` of an answer, for callers who do not stream. Undefined when the caller left. */
export async function lastOf<T extends TaskId>(answers: AsyncIterable<Answer<T>>): Promise<Ended<T> | undefined> {
  for await (const answer of answers) if (answer.type === "end") return answer;
  return undefined;
}
