import { afterAll, describe, expect, it } from "vitest";
import { Problem, taskOf, tokensOf, type Call, type Engine, type Input, type ModelCard, type Part, type TaskId } from "../core/index.ts";

/** What an engine under test is, and which promises it does not keep, each with the reason. */
export interface EngineUnderTest {
  readonly create: () => Engine | Promise<Engine>;
  /** One model for each task that the engine does. */
  readonly models: { readonly [T in TaskId]?: ModelCard };
  /** Other inputs than the usual ones, for models that need them. */
  readonly inputs?: { readonly [T in TaskId]?: Input<T> };
  /** Promises that are not kept. Such a test is expected to fail, so a reason that is no longer true fails the build. */
  readonly except?: { readonly [P in keyof typeof promises]?: string };
}

interface Subject {
  readonly engine: Engine;
  readonly model: ModelCard;
  readonly input: Input;
}

const usualInputs: { readonly [T in TaskId]?: Input<T> } = {
  "text-generation": { messages: [{ role: "user", content: "Hello" }], max_tokens: 12, temperature: 0 },
  "text-embeddings": { text: ["a cat", "a dog that barks"] },
  "text-classification": { text: "I love it" },
  reranking: { query: "What is the capital of France?", contexts: [{ text: "Paris" }, { text: "Bananas are yellow" }] },
};

const promises = {
  "begins once, first, before any work": async (subject) => {
    const parts = await collect(subject);
    expect(parts.map(({ type }) => type).indexOf("begin")).toBe(0);
    expect(parts.filter(({ type }) => type === "begin")).toHaveLength(1);
    expect(parts[0]?.usage).not.toHaveProperty("output-token");
  },
  "ends once, last, with an output that fits the task": async (subject) => {
    const parts = await collect(subject);
    expect(parts.filter(({ type }) => type === "end")).toHaveLength(1);
    taskOf(subject.model.task).output.parse(endOf(parts).output);
  },
  "yields deltas that fit the task and, joined, are the output": async (subject) => {
    const parts = await collect(subject);
    for (const part of parts) if (part.type === "delta") taskOf(subject.model.task).delta.parse(part.delta);
    const { output } = endOf(parts);
    if (!isText(output)) return;
    const joined = joinedText(parts);
    expect(joined.text).toBe(output.text);
    expect(joined.reasoning).toBe(output.reasoning ?? "");
    expect(joined.calls).toEqual(output.tool_calls);
  },
  "carries the usage so far in every part, and it never falls": async (subject) => {
    const before: Record<string, number> = {};
    for (const { usage } of await collect(subject)) {
      for (const [unit, quantity] of Object.entries(before)) expect(Reflect.get(usage, unit)).toBeGreaterThanOrEqual(quantity);
      Object.assign(before, usage);
    }
    expect(Object.keys(before)).not.toHaveLength(0);
  },
  "uses no more than the task's bound": async (subject) => {
    const { usage } = endOf(await collect(subject));
    const most = taskOf(subject.model.task).bound(subject.input, subject.model);
    const [used, bound] = [tokensOf(usage), tokensOf(most)];
    expect(used.prompt).toBeLessThanOrEqual(bound.prompt);
    expect(used.completion).toBeLessThanOrEqual(bound.completion);
    for (const [unit, quantity] of Object.entries(usage)) {
      if (!unit.endsWith("-token")) expect(quantity, unit).toBeLessThanOrEqual(Reflect.get(most, unit) ?? 0);
    }
  },
  "stops without a word when the caller has gone before": async (subject) => {
    expect(await collect(subject, { signal: AbortSignal.abort() })).toEqual([]);
  },
  "stops without a word when the caller goes in the middle": async (subject) => {
    for (const moment of [1, 2]) {
      const leaving = new AbortController();
      let seen = 0;
      for await (const part of run(subject, { signal: leaving.signal })) if (part.usage && ++seen === moment) leaving.abort();
      expect(seen).toBe(moment);
    }
  },
  "frees the slot when the caller aborts": async (subject) => {
    for (let i = 0; i < 20; i++) {
      const leaving = new AbortController();
      for await (const part of run(subject, { signal: leaving.signal })) if (part.type !== "begin" || i % 2 === 0) leaving.abort();
    }
    expect(endOf(await collect(subject)).type).toBe("end");
  },
  "frees the slot when the caller leaves the loop": async (subject) => {
    for (let i = 0; i < 20; i++) for await (const part of run(subject)) if (part.type !== "begin" || i % 2 === 0) break;
    expect(endOf(await collect(subject)).type).toBe("end");
  },
  "runs many calls at once": async (subject) => {
    const all = await Promise.all(Array.from({ length: 8 }, (_, i) => collect(subject, { account: `account-${i % 3}` })));
    for (const parts of all) expect(endOf(parts).type).toBe("end");
  },
  "ends with timed-out when the deadline has passed": async (subject) => {
    const { thrown } = await attempt(subject, { deadline: Date.now() - 1 });
    expect(thrown).toBeInstanceOf(Problem);
    expect(thrown).toMatchObject({ code: "timed-out" });
  },
  "answers a model that is not here with a Problem and nothing else": async (subject) => {
    const model = { ...subject.model, name: "@cf/nobody/never-was", aliases: [], weights: [] };
    const { parts, thrown } = await attempt({ ...subject, model });
    expect(parts).toEqual([]);
    expect(thrown instanceof Problem && ["weights-missing", "unknown-model"].includes(thrown.code)).toBe(true);
  },
} satisfies Record<string, (subject: Subject) => Promise<void>>;

/** Runs what every engine promises over one engine, for each of its tasks. */
export function describeEngine(name: string, { create, models, inputs = {}, except = {} }: EngineUnderTest): void {
  const exceptions: Readonly<Record<string, string | undefined>> = except;
  describe(`the engine ${name}`, () => {
    let engine: Promise<Engine> | undefined;
    const engineNow = () => (engine ??= Promise.resolve(create()));
    afterAll(async () => (await engine)?.close());

    for (const model of Object.values(models)) {
      const input = inputs[model.task] ?? usualInputs[model.task];
      describe(`asked for ${model.task}`, () => {
        for (const [promise, check] of Object.entries(promises)) {
          const reason = exceptions[promise];
          const body = async () => {
            if (!input) throw new Error(`no input to test ${model.task} with; give one in inputs`);
            await check({ engine: await engineNow(), model, input });
          };
          if (reason === undefined) it(promise, body);
          else it.fails(`${promise} (not kept: ${reason})`, body);
        }
      });
    }

    it("closes twice", async () => {
      const closing = await create();
      await closing.close();
      await closing.close();
    });
  });
}

let calls = 0;

/** A call with what is usual for tests. */
export function callOf<T extends TaskId>(model: ModelCard, input: Input<T>, changes: Partial<Call<T>> = {}): Call<T> {
  return {
    id: `test-call-${++calls}`,
    task: model.task as T, // the caller takes an input of the model's task
    model,
    input,
    deadline: Date.now() + 60_000,
    account: "test-account",
    affinity: undefined,
    signal: new AbortController().signal,
    ...changes,
  };
}

function run({ engine, model, input }: Subject, changes: Partial<Call> = {}): AsyncIterable<Part> {
  return engine.run(callOf(model, input, changes));
}

async function collect(subject: Subject, changes: Partial<Call> = {}): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const part of run(subject, changes)) parts.push(part);
  return parts;
}

async function attempt(subject: Subject, changes: Partial<Call> = {}): Promise<{ parts: Part[]; thrown: unknown }> {
  const parts: Part[] = [];
  try {
    for await (const part of run(subject, changes)) parts.push(part);
    return { parts, thrown: undefined };
  } catch (thrown) {
    return { parts, thrown };
  }
}

function endOf(parts: readonly Part[]): Extract<Part, { type: "end" }> {
  const last = parts.at(-1);
  if (last?.type !== "end") throw new Error(`the last part is ${last?.type ?? "missing"}`);
  return last;
}

type TextOutput = Extract<Part<"text-generation">, { type: "end" }>["output"];

function isText(output: unknown): output is TextOutput {
  return typeof output === "object" && output !== null && "finish_reason" in output;
}

function joinedText(parts: readonly Part[]): { text: string; reasoning: string; calls: { id: string; name: string; arguments: string }[] } {
  const joined = { text: "", reasoning: "", calls: [] as { id: string; name: string; arguments: string }[] };
  for (const part of parts as readonly Part<"text-generation">[]) {
    if (part.type !== "delta") continue;
    const { text = "", reasoning = "", tool_call: piece } = part.delta;
    joined.text += text;
    joined.reasoning += reasoning;
    if (!piece) continue;
    const call = (joined.calls[piece.index] ??= { id: "", name: "", arguments: "" });
    call.id += piece.id ?? "";
    call.name += piece.name ?? "";
    call.arguments += piece.arguments;
  }
  return joined;
}
