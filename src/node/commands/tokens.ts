import { type Permission, Problem, type Token } from "../../core/index.ts";
import type { Configuration } from "../configuration.ts";
import { accountOf, checkData, openStore, type Store } from "../store.ts";
import { coloursWanted, tableText } from "../table.ts";

interface ForAccount {
  readonly account?: string;
  readonly json?: boolean;
}

export interface CreateTokenOptions extends ForAccount {
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** The secret goes to stdout, so that a script can take it; what people should know of it goes to stderr. */
export async function createToken(
  configuration: Configuration,
  { account: id, name, permissions, json }: CreateTokenOptions,
): Promise<void> {
  await withStore(configuration, async ({ accounts }) => {
    const account = await accountOf(accounts, configuration, id);
    const { token, secret } = await accounts.createToken({ accountId: account.id, name, permissions });
    if (json) {
      process.stdout.write(`${JSON.stringify({ ...shown(token), accountId: account.id, secret }, null, 2)}\n`);
      return;
    }
    process.stderr.write(`token ${token.id} of account ${account.id} may ${permissions.join(", ")}; it is not shown again:\n`);
    process.stdout.write(`${secret}\n`);
  });
}

export async function listTokens(
  configuration: Configuration,
  { account: id, all, json }: ForAccount & { readonly all?: boolean },
): Promise<void> {
  await withStore(configuration, async ({ accounts }) => {
    const account = await accountOf(accounts, configuration, id);
    const tokens = (await accounts.tokens(account.id)).filter(({ revokedAt }) => all || revokedAt === undefined);
    if (json) {
      process.stdout.write(`${JSON.stringify(tokens.map(shown), null, 2)}\n`);
      return;
    }
    const rows = tokens.map((token) => [token.id, token.name, token.permissions.join(","), dayOf(token.createdAt), dayOf(token.revokedAt)]);
    process.stdout.write(tableText(["ID", "NAME", "MAY", "CREATED", "REVOKED"], rows, coloursWanted()));
  });
}

/** A running server refuses it within a second. */
export async function revokeToken(configuration: Configuration, tokenId: string, { account: id }: ForAccount): Promise<void> {
  await withStore(configuration, async ({ accounts }) => {
    const account = await accountOf(accounts, configuration, id);
    const token = await accounts.revokeToken(account.id, tokenId).catch((thrown: unknown) => {
      if (!(thrown instanceof Problem) || thrown.code !== "not-found") throw thrown;
      const said = JSON.stringify(tokenId.slice(0, 64));
      throw new Problem(
        "not-found",
        `there is no token ${said} of the account ${account.id}; \`ganglion tokens list\` shows those that there are, and --account names another account`,
      );
    });
    process.stdout.write(`revoked ${token.id} (${token.name})\n`);
  });
}

async function withStore(configuration: Configuration, work: (store: Store) => Promise<void>): Promise<void> {
  checkData(configuration);
  const store = await openStore(configuration);
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

function dayOf(at: number | undefined): string {
  return at === undefined ? "" : new Date(at).toISOString().slice(0, 10);
}

function shown({ id, name, permissions, createdAt, revokedAt }: Token) {
  return {
    id,
    name,
    permissions,
    createdAt: new Date(createdAt).toISOString(),
    revokedAt: revokedAt === undefined ? null : new Date(revokedAt).toISOString(),
  };
}
