import { Miniflare } from "miniflare";
import { afterAll, beforeAll } from "vitest";
import { describeAccounts, describeDatabase, describeLedger } from "../conformance.ts";
import { createRowReservations } from "../index.ts";
import { createD1Database, type D1Binding } from "./index.ts";

const names = Array.from({ length: 12 }, (_, i) => `DATABASE_${i}`);
let unused = [...names];
let workerd: Miniflare;

beforeAll(async () => {
  unused = [...names];
  workerd = new Miniflare({ modules: true, script: "export default {}", d1Databases: names });
  await workerd.ready;
});
afterAll(() => workerd.dispose());

/** workerd's own D1, each time another database in its memory. */
async function create() {
  const name = unused.pop();
  if (name === undefined) throw new Error("this test needs more databases: see `names`");
  const binding: D1Binding = await workerd.getD1Database(name);
  return createD1Database(binding);
}

describeDatabase("D1", { create });
describeAccounts("D1", { create });
describeLedger("D1", { create, reservations: createRowReservations, processes: 3, histories: 8 });
