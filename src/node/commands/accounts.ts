import type { PlanName } from "../../core/index.ts";
import { commandName } from "../installation.ts";
import type { Configuration } from "../configuration.ts";
import { checkData, firstAccount, openStore } from "../store.ts";
import { coloursWanted, tableText } from "../table.ts";

export interface CreateAccountOptions {
  readonly name: string;
  readonly plan: PlanName;
  readonly id?: string;
  readonly json?: boolean;
}

/** The id goes to stdout, so that a script can take it; what people should know of it goes to stderr. */
export async function createAccount(configuration: Configuration, { name, plan, id, json }: CreateAccountOptions): Promise<void> {
  const store = await openStore(configuration);
  try {
    await firstAccount(store.accounts, configuration); // which is the oldest, whatever is made first
    const account = await store.accounts.create({ name, plan, id });
    if (json) return void process.stdout.write(`${JSON.stringify(account, null, 2)}\n`);
    process.stderr.write(`account on the plan ${plan}; \`${commandName()} tokens create --account ${account.id}\` makes its first token\n`);
    process.stdout.write(`${account.id}\n`);
  } finally {
    await store.close();
  }
}

export async function listAccounts(configuration: Configuration, { json }: { readonly json?: boolean }): Promise<void> {
  checkData(configuration);
  const store = await openStore(configuration);
  try {
    await firstAccount(store.accounts, configuration);
    const accounts = await store.accounts.list();
    if (json) return void process.stdout.write(`${JSON.stringify(accounts, null, 2)}\n`);
    const rows = accounts.map(({ id, name, plan }) => [id, name, plan]);
    process.stdout.write(tableText(["ID", "NAME", "PLAN"], rows, coloursWanted()));
  } finally {
    await store.close();
  }
}
