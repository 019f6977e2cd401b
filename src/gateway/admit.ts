import {
  dayOf,
  type Input,
  type Ledger,
  microneuronsOf,
  type ModelCard,
  type Models,
  neuronsText,
  nextDayAt,
  type Plan,
  plans,
  Problem,
  type Reservation,
  type TaskId,
  taskOf,
  type Usage,
} from "../core/index.ts";
import type { Ask } from "./ask.ts";

/** A call that may run: what it costs at most is set aside. */
export interface Admitted {
  readonly model: ModelCard;
  readonly plan: Plan;
  readonly reservation: Reservation;
  /** The most that the call can use. */
  readonly bound: Usage;
  /** When it was admitted; its day is the day of price and budget. */
  readonly at: number;
}

/** Finds the model and sees that it does the task that the caller asks for. */
export function findModel(models: Models, name: string, task: TaskId): ModelCard {
  const model = models.find(name);
  if (!model) throw new Problem("unknown-model", `there is no model ${shown(name)}; GET /v1/models lists them`, { details: {} });
  if (model.task !== task) {
    throw new Problem(
      "task-unsupported",
      `${model.name} does ${taskOf(model.task).label}, not ${taskOf(task).label}; GET /v1/models lists the models with their tasks`,
    );
  }
  return model;
}

/** Why a model that has a card cannot be spoken to. */
export function notServed({ name, task }: Pick<ModelCard, "name" | "task">): Problem {
  const { label, wire } = taskOf(task);
  const others = Object.keys(wire).length === 0 ? "" : `, though other models of ${label} are`;
  return new Problem("task-unsupported", `${name} is not served yet${others}; it is listed with its price only`);
}

/** Names come from clients: what is shown of them is short and printable. */
export function shown(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, "?").slice(0, 100) || '""';
}

/** Reserves the bound of a call, or says why it may not run. */
export async function admit<T extends TaskId>(
  ask: Ask<T>,
  model: ModelCard,
  input: Input<T>,
  ledger: Ledger,
  at: number,
): Promise<Admitted> {
  const plan: Plan = plans[ask.caller.account.plan];
  if (model.paidPlanOnly && !plan.paidModels) {
    throw new Problem("plan-required", `${model.name} is not part of the plan ${ask.caller.account.plan}; a paid or unlimited plan has it`);
  }
  const bound = taskOf(model.task).bound(input, model);
  const day = dayOf(at);
  const perMinute = plan.requestsPerMinute[model.task];
  const limit = limitOf(plan);
  const reserved = await ledger.reserve({
    accountId: ask.caller.account.id,
    day,
    microneurons: microneuronsOf(model.price, bound, day),
    limit,
    rate: perMinute === undefined ? undefined : { key: model.task, perMinute },
    at,
  });
  if (reserved.admitted) return { model, plan, reservation: reserved.reservation, bound, at };
  if (reserved.because === "rate") {
    const { retryAfterSeconds } = reserved;
    throw new Problem("rate-limited", `the account has made its ${perMinute} ${taskOf(model.task).label} requests of this minute`, {
      details: { retryAfterSeconds },
    });
  }
  throw overBudgetAlone(model, bound, reserved.microneuronsLeft, limit ?? 0, at);
}

/** Whether several calls fit together. */
export async function checkTogether(asks: readonly Ask[], models: Models, ledger: Ledger, at: number): Promise<void> {
  const [first] = asks;
  const limit = first && limitOf(plans[first.caller.account.plan]);
  if (!first || asks.length < 2 || limit === undefined) return;
  const day = dayOf(at);
  const costs = asks.map((ask) => {
    const model = findModel(models, ask.model, ask.task);
    return microneuronsOf(model.price, taskOf(model.task).bound(ask.input, model), day);
  });
  const cost = costs.reduce((sum, one) => sum + one, 0);
  const { booked, reserved } = await ledger.budget(first.caller.account.id, day);
  const left = Math.max(0, limit - booked - reserved);
  if (cost > left) throw overBudget(`these ${asks.length} calls may cost ${neuronsText(cost)} neurons together`, left, limit, at);
}

/** Past this many micro-neurons a day calls are refused; undefined: never. */
function limitOf(plan: Plan): number | undefined {
  return plan.overage === "refused" && plan.neuronsPerDay !== undefined ? plan.neuronsPerDay * 1_000_000 : undefined;
}

/** Replaces the bound by what the engine measured plus the most that is still to come; refuses what does not fit. */
export async function refine(admitted: Admitted, measured: Usage, ledger: Ledger, accountId: string): Promise<void> {
  const { model, plan, reservation, at } = admitted;
  const most = { ...admitted.bound, ...measured };
  const day = dayOf(at);
  if (await reservation.resize(microneuronsOf(model.price, most, day))) return;
  const limit = limitOf(plan) ?? 0;
  const { booked, reserved } = await ledger.budget(accountId, day);
  const own = microneuronsOf(model.price, admitted.bound, day);
  throw overBudgetAlone(model, most, Math.max(0, limit - booked - reserved + own), limit, at);
}

function overBudgetAlone(model: ModelCard, most: Usage, left: number, limit: number, at: number): Problem {
  const day = dayOf(at);
  const cost = `this call may cost ${neuronsText(microneuronsOf(model.price, most, day))} neurons`;
  return overBudget(cost, left, limit, at, largestOutput(model, most, left, day));
}

function overBudget(cost: string, left: number, limit: number, at: number, maxTokensThatFit?: number): Problem {
  const resetsAt = nextDayAt(at);
  const way =
    left === 0
      ? `the account has used its ${neuronsText(limit)} neurons of today`
      : `${cost}, and ${neuronsText(left)} of today's ${neuronsText(limit)} are left`;
  const fit = maxTokensThatFit === undefined ? "" : `; max_tokens of ${maxTokensThatFit} would fit`;
  return new Problem("over-budget", `${way}${fit}; the allocation begins anew at ${new Date(resetsAt).toISOString().slice(0, 16)}Z`, {
    details: { microneuronsLeft: left, resetsAt, ...(maxTokensThatFit !== undefined && { maxTokensThatFit }) },
  });
}

/** The largest `max_tokens` whose cost fits, or undefined where the task has no such thing or not even one token fits. */
function largestOutput(model: ModelCard, most: Usage, left: number, day: string): number | undefined {
  const asked = most["output-token"];
  if (asked === undefined) return undefined;
  const cost = (tokens: number) => microneuronsOf(model.price, { ...most, "output-token": tokens }, day);
  let fits = 0;
  let exceeds = asked;
  while (exceeds - fits > 1) {
    const middle = Math.floor((fits + exceeds) / 2);
    if (cost(middle) <= left) fits = middle;
    else exceeds = middle;
  }
  return fits > 0 ? fits : undefined;
}
