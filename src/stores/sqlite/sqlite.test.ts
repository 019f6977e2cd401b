import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { describeAccounts, describeDatabase, describeLedger } from "../conformance.ts";
import { createMemoryReservations, createRowReservations } from "../index.ts";
import { openSqliteDatabase } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "ganglion-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const create = () => openSqliteDatabase(join(folder, `${++files}.sqlite`));

describeDatabase("SQLite", { create });
describeAccounts("SQLite", { create });
describeLedger("SQLite, reservations in memory", { create, reservations: createMemoryReservations, processes: 1 });
describeLedger("SQLite, reservations as rows", { create, reservations: createRowReservations, processes: 3 });
