import { dayOf, neuronsText } from "../../core/index.ts";
import type { Configuration } from "../configuration.ts";
import { accountOf, checkData, openStore } from "../store.ts";
import { coloursWanted, tableText } from "../table.ts";

export interface UsageOptions {
  readonly account?: string;
  readonly day?: string;
  readonly json?: boolean;
}

/** What an account used on a day, by model. The JSON is what `GET …/ai/usage` has as its result. */
export async function usage(configuration: Configuration, { account: id, day = dayOf(Date.now()), json }: UsageOptions): Promise<void> {
  checkData(configuration);
  const store = await openStore(configuration);
  try {
    const account = await accountOf(store.accounts, configuration, id);
    const models = await store.ledger.usage(account.id, day);
    const total = (of: "requests" | "microneurons") => models.reduce((sum, used) => sum + used[of], 0);
    if (json) {
      const rows = models.map(({ model, requests, microneurons }) => ({ model, requests, neurons: microneurons / 1_000_000 }));
      const result = { requests: total("requests"), neurons: total("microneurons") / 1_000_000, models: rows };
      process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      return;
    }
    if (models.length === 0) {
      process.stdout.write(`nothing used on ${day} (UTC)\n`);
      return;
    }
    const rows = models.map(({ model, requests, microneurons }) => [model, String(requests), neuronsText(microneurons)]);
    const last = [`all, on ${day} (UTC)`, String(total("requests")), neuronsText(total("microneurons"))];
    process.stdout.write(tableText(["MODEL", "REQUESTS", "NEURONS"], [...rows, last], coloursWanted()));
  } finally {
    await store.close();
  }
}
