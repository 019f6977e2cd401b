import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtIns, catalogueCards, createModels } from "../src/catalogue/index.ts";
import type { Engine, Ledger, ModelCard, PlanName } from "../src/core/index.ts";
import { createApp, type RequestLog } from "../src/dialects/index.ts";
import { createDocumentReader, type DocumentReaderOptions } from "../src/documents/process/index.ts";
import { createEchoEngine } from "../src/engines/echo/index.ts";
import { openDiskFiles } from "../src/files/disk/index.ts";
import { createGateway, createPool } from "../src/gateway/index.ts";
import { type Accounts, createAccounts, createLedger, createMemoryReservations, migrate } from "../src/stores/index.ts";
import { openSqliteDatabase } from "../src/stores/sqlite/index.ts";
import { createVectorIndexes } from "../src/vectors/index.ts";

export interface TestApp {
  readonly accountId: string;
  readonly secret: string;
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly logs: RequestLog[];
  /** For a server in front of it. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Sends with the token, unless headers say otherwise. */
  send(
    path: string,
    init?: Omit<RequestInit, "headers"> & { json?: unknown; headers?: Record<string, string | undefined> },
  ): Promise<Response>;
  /** Sends JSON and reads JSON. */
  ask(
    path: string,
    json?: unknown,
    headers?: Record<string, string | undefined>,
  ): Promise<{ status: number; json: never; headers: Headers }>;
  close(): Promise<void>;
}

/** The whole HTTP surface in this process, over a database in a folder of its own; `@ganglion/echo` answers. */
export async function openTestApp(
  options: {
    plan?: PlanName;
    engine?: Engine;
    now?: () => number;
    bodyLimit?: number;
    publicUrl?: string;
    standIns?: boolean;
    imageDebugGet?: boolean;
    documents?: Partial<DocumentReaderOptions> | "none";
    /** Models beside those that every server has; the engine runs them too. */
    cards?: readonly ModelCard[];
  } = {},
): Promise<TestApp> {
  const { plan = "unlimited", now = Date.now, engine = createEchoEngine({ now }), bodyLimit = 1_000_000, publicUrl } = options;
  const folder = mkdtempSync(join(tmpdir(), "ganglion-app-"));
  const database = await openSqliteDatabase(join(folder, "ganglion.db"));
  await migrate(database);
  const ledger = createLedger({ database, reservations: createMemoryReservations({ database }) });
  const accounts = createAccounts({ database });
  const account = await accounts.create({ name: "test", plan });
  const { secret } = await accounts.createToken({ accountId: account.id, name: "test", permissions: ["run"] });
  const { cards = [] } = options;
  const models = createModels([...cards, ...builtIns({ modelsFolder: "/models" }), ...catalogueCards]);
  const pool = createPool([{ engine, serves: (card) => card.name.startsWith("@ganglion/echo") || cards.includes(card) }]);
  const vectors = createVectorIndexes({ open: () => openSqliteDatabase(join(folder, "vectors.db")) });
  const documents =
    options.documents === "none"
      ? undefined
      : createDocumentReader({ entry: new URL("../dist/document-process.js", import.meta.url), environment: {}, ...options.documents });
  const logs: RequestLog[] = [];
  const app = createApp({
    gateway: createGateway({
      models,
      ledger,
      pool,
      now,
      ...(options.standIns && {
        standIn: (card) => models.all.find(({ name, task }) => task === card.task && name.startsWith("@ganglion/echo")),
      }),
    }),
    models,
    ledger,
    accounts,
    now,
    newId: () => crypto.randomUUID(),
    log: (entry) => logs.push(entry),
    vectors,
    ...(documents && { documents }),
    files: await openDiskFiles({ folder: join(folder, "files") }),
    publicUrl,
    imageDebugGet: options.imageDebugGet ?? false,
    defaultModel: (purpose) =>
      (purpose === "moderation"
        ? cards.find(({ abilities }) => abilities.moderation)
        : models.all.find((card) => card.task === purpose && card.name.startsWith("@ganglion/echo"))
      )?.name ?? "",
    bodyLimit,
  });

  const send: TestApp["send"] = async (path, { json, headers = {}, ...init } = {}) => {
    const all = Object.entries({ authorization: `Bearer ${secret}`, ...headers }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    return app.fetch(
      new Request(`http://127.0.0.1:8686${path}`, { method: json === undefined ? "GET" : "POST", headers: all, ...body, ...init }),
    );
  };
  return {
    accountId: account.id,
    secret,
    accounts,
    ledger,
    logs,
    fetch: app.fetch,
    send,
    async ask(path, json, headers = {}) {
      const response = await send(path, { json, headers });
      return { status: response.status, json: (await response.json()) as never, headers: response.headers };
    },
    async close() {
      await pool.close();
      await vectors.close();
      await documents?.close();
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The JSON objects of a stream's `data:` lines, `[DONE]` as text; fails on anything that a strict reader would stumble over. */
export async function eventsOf(response: Response): Promise<unknown[]> {
  const text = await response.text();
  if (!text.endsWith("\n\n")) throw new Error(`the stream ends in the middle of an event: ${text.slice(-80)}`);
  return text
    .slice(0, -2)
    .split("\n\n")
    .map((event) => {
      if (!/^data: [^\n]+$/.test(event)) throw new Error(`no plain data line: ${event.slice(0, 200)}`);
      const data = event.slice("data: ".length);
      return data === "[DONE]" ? data : (JSON.parse(data) as unknown);
    });
}
