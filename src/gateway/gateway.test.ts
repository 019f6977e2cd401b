import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Charge, type Engine, type Ledger, microneuronsOf, type ModelCard, plans, Problem, type TaskId } from "../core/index.ts";
import { createEchoEngine } from "../engines/echo/index.ts";
import { createAccounts, createLedger, createMemoryReservations, type Database, migrate } from "../stores/index.ts";
import { openSqliteDatabase } from "../stores/sqlite/index.ts";
import { type Answer, type Ask, createGateway, createPool, type Gateway, type GatewayOptions, lastOf } from "./index.ts";

/** Input costs 3 micro-neurons a word, output 20. */
const card: ModelCard = {
  name: "@test/echo",
  aliases: ["@test/parrot"],
  task: "text-generation",
  wireForm: "generated-text",
  description: "",
  contextTokens: 1000,
  price: [
    { units: ["input-token"], microneurons: 3, per: 1, from: "2020-01-01" },
    { units: ["output-token"], microneurons: 20, per: 1, from: "2020-01-01" },
  ],
  weights: [],
  origin: "built-in",
  abilities: {},
  createdAt: 0,
};
const at = Date.parse("2026-11-24T10:00:00Z");
const day = "2026-11-24";

const folder = mkdtempSync(join(tmpdir(), "ganglion-gateway-"));
let database: Database;
let calls = 0;

beforeAll(async () => {
  database = await openSqliteDatabase(join(folder, "ganglion.db"));
  await migrate(database);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

interface SetUp {
  readonly gateway: Gateway;
  readonly ledger: Ledger;
  readonly accountId: string;
  ask(prompt: string, changes?: Partial<Ask<"text-generation">>): AsyncGenerator<Answer<"text-generation">>;
  /** What is on the ledger, oldest first. */
  charges(): Promise<Pick<Charge, "callId" | "microneurons" | "outcome" | "servedBy" | "usage">[]>;
}

async function setUp(options: Partial<GatewayOptions> & { engines?: Engine[]; plan?: "unlimited" | "free" } = {}): Promise<SetUp> {
  const ledger = createLedger({ database, reservations: createMemoryReservations({ database }) });
  const account = await createAccounts({ database }).create({ name: "test", plan: options.plan ?? "unlimited" });
  const engines = options.engines ?? [createEchoEngine({ now: () => at })];
  const models = {
    all: [card],
    find: (name: string) => [card, ...(options.models?.all ?? [])].find((one) => one.name === name || one.aliases.includes(name)),
  };
  const gateway = createGateway({
    ledger,
    now: () => at,
    ...options,
    models,
    pool: options.pool ?? createPool(engines.map((engine) => ({ engine, serves: () => true }))),
  });
  const token = { id: "token", accountId: account.id, name: "", permissions: ["run"] as const, createdAt: 0, revokedAt: undefined };
  return {
    gateway,
    ledger,
    accountId: account.id,
    ask: (prompt, changes) =>
      gateway.run({
        id: `call-${++calls}`,
        caller: { account, token },
        task: "text-generation",
        model: card.name,
        input: { prompt },
        signal: new AbortController().signal,
        ...changes,
      }),
    async charges() {
      const { rows } = await database.query("SELECT * FROM charges WHERE account_id = ? ORDER BY at, call_id", [account.id]);
      return rows.map((row) => ({
        callId: String(row["call_id"]),
        microneurons: Number(row["microneurons"]),
        outcome: String(row["outcome"]) as Charge["outcome"],
        servedBy: row["served_by"] === null ? undefined : String(row["served_by"]),
        usage: JSON.parse(String(row["quantities"])) as Charge["usage"],
      }));
    },
  };
}

async function collect<T>(answers: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const answer of answers) all.push(answer);
  return all;
}

/** An engine that does as it is told, part by part. */
function scripted(run: (echo: Engine, call: Parameters<Engine["run"]>[0]) => AsyncGenerator<unknown>, name = "scripted"): Engine {
  const echo = createEchoEngine({ now: () => at });
  return { name, run: (call) => run(echo, call) as never, close: async () => {} };
}

const failingAfter = (parts: number, problem: Problem = new Problem("engine-failed", "died")): Engine =>
  scripted(async function* (echo, call) {
    let yielded = 0;
    for await (const part of echo.run(call)) {
      if (yielded++ === parts) throw problem;
      yield part;
    }
  });

describe("the gateway", () => {
  it("hands on the end after its charge is on the ledger", async () => {
    const { ask, charges } = await setUp();
    for await (const answer of ask("one two three")) {
      expect(await charges()).toHaveLength(answer.type === "end" ? 1 : 0);
    }
    expect(await charges()).toMatchObject([
      { microneurons: 3 * 3 + 3 * 20, outcome: "complete", usage: { "input-token": 3, "output-token": 3 } },
    ]);
  });

  it("says with the whole answer what it has cost", async () => {
    const { ask } = await setUp();
    expect(await lastOf(ask("one two"))).toMatchObject({ microneurons: 2 * 3 + 2 * 20 });
  });

  it("books only what was made when the reader leaves early", async () => {
    const { ask, charges, ledger, accountId } = await setUp();
    for await (const answer of ask("one two three")) if (answer.type === "delta") break;
    expect(await charges()).toMatchObject([{ microneurons: 3 * 3 + 1 * 20, outcome: "left" }]);
    expect((await ledger.budget(accountId, day)).reserved).toBe(0);
  });

  it("books the prompt when the reader leaves while it is read", async () => {
    const { ask, charges } = await setUp();
    for await (const _answer of ask("one two three")) break;
    expect(await charges()).toMatchObject([{ microneurons: 3 * 3, outcome: "left" }]);
  });

  it("books and ends without a word when the signal is aborted", async () => {
    const { ask, charges } = await setUp();
    const leaving = new AbortController();
    const seen: string[] = [];
    for await (const answer of ask("one two three", { signal: leaving.signal })) {
      seen.push(answer.type);
      if (answer.type === "delta") leaving.abort();
    }
    expect(seen).toEqual(["begin", "delta"]);
    expect(await charges()).toMatchObject([{ microneurons: 3 * 3 + 1 * 20, outcome: "left" }]);
  });

  it("books what was made when the whole answer comes as the caller leaves", async () => {
    const leaving = new AbortController();
    const engine = scripted(async function* (echo, call) {
      for await (const part of echo.run(call)) {
        if (part.type === "end") leaving.abort();
        if (part.type !== "delta") yield part;
      }
    });
    const { ask, charges } = await setUp({ engines: [engine] });
    expect(await lastOf(ask("one two three", { signal: leaving.signal }))).toBeUndefined();
    expect(await charges()).toMatchObject([{ microneurons: 3 * 3 + 3 * 20, outcome: "left" }]);
  });

  it("finds a model by its alias and books it under its name", async () => {
    const { ask, ledger, accountId } = await setUp();
    await collect(ask("one", { model: "@test/parrot" }));
    expect(await ledger.usage(accountId, day)).toEqual([{ model: "@test/echo", requests: 1, microneurons: 23 }]);
  });

  it("knows no model by a name that nobody gave, and shows little of it", async () => {
    const { ask } = await setUp();
    await expect(collect(ask("one", { model: `@x/${"y".repeat(500)}\u001b[2J` }))).rejects.toSatisfy(
      (thrown: Problem) => thrown.code === "unknown-model" && thrown.message.length < 200 && !thrown.message.includes("\u001b"),
    );
  });

  it("refuses another task than the model's", async () => {
    const { gateway, ask } = await setUp();
    const task: TaskId = "text-embeddings";
    await expect(collect(ask("one", { task: task as never }))).rejects.toMatchObject({ code: "task-unsupported" });
    expect(gateway).toBeDefined();
  });
});

describe("an engine that fails", () => {
  it("before its first delta is followed by the next one", async () => {
    for (const parts of [0, 1]) {
      const { ask, charges } = await setUp({ engines: [failingAfter(parts), createEchoEngine({ now: () => at })] });
      expect((await lastOf(ask("one two")))?.output.text).toBe("one two");
      expect(await charges()).toHaveLength(1);
    }
  });

  it("after its first delta is never followed by another, and what was delivered is booked", async () => {
    const { ask, charges, ledger, accountId } = await setUp({ engines: [failingAfter(2), createEchoEngine({ now: () => at })] });
    await expect(collect(ask("one two three"))).rejects.toMatchObject({ code: "engine-failed" });
    expect(await charges()).toMatchObject([{ microneurons: 3 * 3 + 20, outcome: "failed" }]);
    expect((await ledger.budget(accountId, day)).reserved).toBe(0);
  });

  it("without any other costs nothing", async () => {
    const { ask, charges, ledger, accountId } = await setUp({ engines: [failingAfter(1)] });
    await expect(collect(ask("one"))).rejects.toMatchObject({ code: "engine-failed" });
    expect(await charges()).toEqual([]);
    expect(await ledger.budget(accountId, day)).toEqual({ booked: 0, reserved: 0 });
  });

  it("with bad input is not followed: another engine would say the same", async () => {
    const refusing = failingAfter(0, new Problem("bad-input", "no"));
    const { ask } = await setUp({ engines: [refusing, createEchoEngine({ now: () => at })] });
    await expect(collect(ask("one"))).rejects.toMatchObject({ code: "bad-input" });
  });

  it("by stopping without an end is a Problem, not an answer", async () => {
    const silent = scripted(async function* (echo, call) {
      for await (const part of echo.run(call)) if (part.type !== "end") yield part;
    });
    const { ask } = await setUp({ engines: [silent] });
    await expect(collect(ask("one"))).rejects.toMatchObject({ code: "engine-failed" });
  });

  it("by throwing what is no Problem is a Problem whose message is ours", async () => {
    // oxlint-disable-next-line require-yield -- it fails before it could
    const rude = scripted(async function* () {
      throw new TypeError("secret at 0xdeadbeef");
    });
    const { ask } = await setUp({ engines: [rude] });
    await expect(collect(ask("one"))).rejects.toSatisfy(
      (thrown: Problem) => thrown instanceof Problem && !thrown.message.includes("secret"),
    );
  });
});

describe("a limit", () => {
  const free = plans.free.neuronsPerDay * 1_000_000;
  const dear: ModelCard = {
    ...card,
    name: "@test/dear",
    aliases: [],
    price: [{ units: ["output-token"], microneurons: 1_000_000_000, per: 1, from: "2020-01-01" }],
  };
  const models = { all: [dear], find: () => undefined };

  it("refuses what may cost more than is left, and says what would fit and when it begins anew", async () => {
    const { ask } = await setUp({ plan: "free", models });
    await expect(collect(ask("one", { model: dear.name, input: { prompt: "one", max_tokens: 11 } }))).rejects.toMatchObject({
      code: "over-budget",
      message: expect.stringMatching(/max_tokens of 10 would fit.*2026-11-25T00:00Z/) as string,
      details: { microneuronsLeft: free, maxTokensThatFit: 10, resetsAt: Date.parse("2026-11-25T00:00:00Z") },
    });
    expect((await lastOf(ask("one two", { model: dear.name, input: { prompt: "one two", max_tokens: 10 } })))?.output.text).toBe("one two");
    await expect(collect(ask("one", { model: dear.name, input: { prompt: "one", max_tokens: 9 } }))).rejects.toMatchObject({
      details: { microneuronsLeft: free - 2_000_000_000, maxTokensThatFit: 8 },
    });
  });

  it("counts what others have reserved", async () => {
    const { ask } = await setUp({ plan: "free", models });
    const first = ask("one", { model: dear.name, input: { prompt: "one", max_tokens: 6 } });
    await first.next();
    await expect(collect(ask("one", { model: dear.name, input: { prompt: "one", max_tokens: 5 } }))).rejects.toMatchObject({
      code: "over-budget",
    });
    await first.return(undefined);
    expect(await lastOf(ask("one", { model: dear.name, input: { prompt: "one", max_tokens: 5 } }))).toBeDefined();
  });

  it("refuses calls of one request that fit one by one and not together, before any of them is run", async () => {
    const asksOf = ({ accountId }: SetUp, count: number, plan: "free" | "unlimited" = "free") =>
      Array.from({ length: count }, (_, index) => ({
        id: `together-${index}`,
        caller: {
          account: { id: accountId, name: "test", plan },
          token: { id: "t", accountId, name: "t", permissions: ["run" as const], createdAt: 0, revokedAt: undefined },
        },
        task: "text-generation" as const,
        model: dear.name,
        input: { prompt: "one", max_tokens: 4 },
        signal: new AbortController().signal,
      }));
    const set = await setUp({ plan: "free", models });
    await set.gateway.checkTogether(asksOf(set, 2));
    await expect(set.gateway.checkTogether(asksOf(set, 3))).rejects.toMatchObject({
      code: "over-budget",
      message: expect.stringContaining(
        "these 3 calls may cost 12000.00 neurons together, and 10000.00 of today's 10000.00 are left",
      ) as string,
    });
    await set.gateway.checkTogether(asksOf(set, 3, "unlimited"));
    expect(await set.charges()).toEqual([]);
  });

  it("does not refuse an unlimited account", async () => {
    const { ask } = await setUp({ models });
    expect(await lastOf(ask("one", { model: dear.name, input: { prompt: "one", max_tokens: 900 } }))).toBeDefined();
  });

  it("on requests a minute is the plan's, and says when to come again", async () => {
    const { ask } = await setUp({ plan: "free" });
    const rate = plans.free.requestsPerMinute["text-generation"];
    for (let i = 0; i < rate; i++) await ask("a").next();
    await expect(ask("a").next()).rejects.toMatchObject({ code: "rate-limited", details: { retryAfterSeconds: 60 } });
  }, 60_000);

  it("keeps models of the paid plan from the free one", async () => {
    const paid = { ...card, name: "@test/paid", aliases: [], paidPlanOnly: true };
    const { ask } = await setUp({ plan: "free", models: { all: [paid], find: () => undefined } });
    await expect(collect(ask("one", { model: paid.name }))).rejects.toMatchObject({ code: "plan-required" });
  });

  it("is never passed, nothing stays reserved and the ledger is the sum of what was used, whatever happens", async () => {
    const word = fc.constantFrom("a", "b", "c");
    const act = fc.record({
      words: fc.array(word, { minLength: 1, maxLength: 6 }),
      maxTokens: fc.integer({ min: 1, max: 6 }),
      leaveAfter: fc.option(fc.nat(8)),
      crashAfter: fc.option(fc.nat(8)),
    });
    const cheapest = 250_000_000; // 40 words of output fill a day
    const priced = { ...dear, price: [{ units: ["output-token"] as const, microneurons: cheapest, per: 1, from: "2020-01-01" }] };
    let total = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 20, maxLength: 60 }), async (acts) => {
        total += acts.length;
        const crashes = new Map<string, number>();
        const engine = scripted(async function* (echo, call) {
          let parts = 0;
          for await (const part of echo.run(call)) {
            await Promise.resolve();
            if (parts++ === crashes.get(call.id)) throw new Problem("engine-failed", "died");
            yield part;
          }
        });
        const { ask, charges, ledger, accountId } = await setUp({
          plan: "free",
          engines: [engine],
          models: { all: [priced], find: () => undefined },
        });
        let used = 0;
        await Promise.all(
          acts.map(async ({ words, maxTokens, leaveAfter, crashAfter }, index) => {
            const id = `${accountId}-${index}`;
            if (crashAfter !== null) crashes.set(id, crashAfter);
            let last = 0;
            let parts = 0;
            let delivered = false;
            try {
              for await (const answer of ask("", { id, model: priced.name, input: { prompt: words.join(" "), max_tokens: maxTokens } })) {
                last = microneuronsOf(priced.price, answer.usage, day);
                delivered ||= answer.type !== "begin";
                if (parts++ === leaveAfter) break;
              }
              used += last;
            } catch (thrown) {
              expect(thrown).toSatisfy((problem: Problem) => ["over-budget", "engine-failed", "rate-limited"].includes(problem.code));
              if (delivered) used += last;
            }
          }),
        );
        const { booked, reserved } = await ledger.budget(accountId, day);
        expect(reserved).toBe(0);
        expect(booked).toBeLessThanOrEqual(free);
        expect(booked).toBe(used);
        expect((await charges()).reduce((sum, { microneurons }) => sum + microneurons, 0)).toBe(used);
      }),
      { numRuns: process.env["GANGLION_SOAK"] ? 500 : 60 },
    );
    expect(total).toBeGreaterThan(1000);
  }, 300_000);
});

describe("a model without weights", () => {
  const absent = { ...card, name: "@test/absent", aliases: [] };
  const pool = createPool([{ engine: createEchoEngine({ now: () => at }), serves: ({ name }) => name === card.name }]);
  const models = { all: [absent], find: () => undefined };

  it("is explained", async () => {
    const { ask } = await setUp({ pool, models });
    await expect(collect(ask("one", { model: absent.name }))).rejects.toMatchObject({ code: "weights-missing" });
  });

  it("is answered by its stand-in, under its own name and price, and the ledger says whose answer it was", async () => {
    const { ask, charges } = await setUp({ pool, models, standIn: () => card });
    expect(await lastOf(ask("one", { model: absent.name }))).toMatchObject({ servedBy: card.name });
    expect(await charges()).toMatchObject([{ servedBy: card.name, microneurons: 23 }]);
  });

  it("is refused where the way it is spoken to is not served at all", async () => {
    const picture = { ...absent, name: "@test/picture", task: "text-to-image" as const, wireForm: "multipart-base64-image" };
    const { ask } = await setUp({ pool, models: { all: [picture], find: () => undefined }, standIn: () => card });
    await expect(collect(ask("one", { model: picture.name, task: "text-to-image" as never }))).rejects.toMatchObject({
      code: "task-unsupported",
    });
  });
});

it("says whose weights answer where they are not the ones that the model's name says", async () => {
  const path = "/weights";
  const large = { ...card, name: "@test/large", aliases: [], weights: [{ format: "onnx" as const, path, substitute: "test small" }] };
  const { ask, charges } = await setUp({ models: { all: [large], find: () => undefined } });
  expect(await lastOf(ask("one", { model: large.name }))).toMatchObject({ servedBy: "test small" });
  expect(await charges()).toMatchObject([{ servedBy: "test small" }]);
});

it("refuses a retired model only where it is told to", async () => {
  const old = { ...card, name: "@test/old", aliases: [], retiresOn: day };
  const models = { all: [old], find: () => undefined };
  expect(await lastOf((await setUp({ models })).ask("one", { model: old.name }))).toBeDefined();
  await expect(collect((await setUp({ models, refuseRetired: true })).ask("one", { model: old.name }))).rejects.toMatchObject({
    code: "model-retired",
  });
});
