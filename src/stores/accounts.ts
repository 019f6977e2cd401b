import {
  permissions as allPermissions,
  plans,
  Problem,
  type Account,
  type Authenticator,
  type Caller,
  type Permission,
  type PlanName,
  type Token,
} from "../core/index.ts";
import { numberIn, textIn, type Database, type Row } from "./database.ts";
import { createCallerCache } from "./caller-cache.ts";
import { randomId, randomSecret, webSha256 } from "./secrets.ts";

export interface NewAccount {
  readonly name: string;
  readonly plan: PlanName;
  /** 32 hexadecimal digits; made when absent. */
  readonly id?: string | undefined;
}

export interface NewToken {
  readonly accountId: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** Made when absent. */
  readonly secret?: string | undefined;
}

/** Who pays and who may ask. */
export interface Accounts extends Authenticator {
  /** @throws Problem `bad-input` where the id is taken or is none, or the name is none */
  create(account: NewAccount): Promise<Account>;
  find(id: string): Promise<Account | undefined>;
  /** Oldest first. */
  list(): Promise<readonly Account[]>;
  /** Holds for calls from now on. @throws Problem `not-found` */
  setPlan(accountId: string, plan: PlanName): Promise<Account>;
  /**
   * The secret is shown here and never again.
   * @throws Problem `not-found` without such an account, `bad-input` for a secret that is too weak or another token's
   */
  createToken(token: NewToken): Promise<{ readonly token: Token; readonly secret: string }>;
  /** Oldest first, revoked ones too. */
  tokens(accountId: string): Promise<readonly Token[]>;
  /** Does nothing to one that is revoked. @throws Problem `not-found`, for another account's token too. */
  revokeToken(accountId: string, tokenId: string): Promise<Token>;
  /** Forgets one that was made for a moment. Nothing is said where there is none. */
  removeToken(accountId: string, tokenId: string): Promise<void>;
  /**
   * Whose secret this is; undefined where it is nobody's or revoked. Costs no SQL while the answer is known for less than a second:
   * a token that another process revokes is refused within that second, one revoked here at once.
   */
  authenticate(secret: string): Promise<Caller | undefined>;
}

export interface AccountsOptions {
  /** Migrated. */
  readonly database: Database;
  /** Unix milliseconds. */
  readonly now?: () => number;
  /** SHA-256 of a text in hexadecimal. Default: Web Crypto's, which every runtime has, but which computes on another thread. */
  readonly sha256?: (text: string) => string | Promise<string>;
}

const insertAccount = `INSERT INTO accounts (id, name, plan, created_at) VALUES (?, ?, ?, ?)`;
const accountColumns = `accounts.id AS account_id, accounts.name AS account_name, accounts.plan AS plan`;
const findAccount = `SELECT ${accountColumns} FROM accounts WHERE id = ?`;
const updatePlan = `UPDATE accounts SET plan = ? WHERE id = ?`;
const listAccounts = `SELECT ${accountColumns} FROM accounts ORDER BY created_at, id`;

const insertToken = `INSERT INTO tokens (id, account_id, name, permissions, secret_sha256, created_at) VALUES (?, ?, ?, ?, ?, ?)`;
const tokenColumns = `tokens.id AS id, tokens.account_id AS account_id, tokens.name AS name, tokens.permissions AS permissions,
  tokens.created_at AS created_at, tokens.revoked_at AS revoked_at`;
const listTokens = `SELECT ${tokenColumns} FROM tokens WHERE account_id = ? ORDER BY created_at, id`;
const findToken = `SELECT ${tokenColumns} FROM tokens WHERE id = ? AND account_id = ?`;
const findHash = `SELECT 1 AS found FROM tokens WHERE secret_sha256 = ?`;
const revoke = `UPDATE tokens SET revoked_at = ? WHERE id = ? AND account_id = ? AND revoked_at IS NULL`;
const remove = `DELETE FROM tokens WHERE id = ? AND account_id = ?`;
const findCaller = `SELECT ${tokenColumns}, accounts.name AS account_name, accounts.plan AS plan
  FROM tokens JOIN accounts ON accounts.id = tokens.account_id WHERE tokens.secret_sha256 = ? AND tokens.revoked_at IS NULL`;

export function createAccounts({ database, now = Date.now, sha256 = webSha256 }: AccountsOptions): Accounts {
  const callers = createCallerCache(readCaller, now);

  async function readCaller(hash: string): Promise<Caller | undefined> {
    const { rows } = await database.query(findCaller, [hash]);
    return rows[0] && { account: accountIn(rows[0]), token: tokenIn(rows[0]) };
  }

  async function find(id: string): Promise<Account | undefined> {
    const { rows } = await database.query(findAccount, [id]);
    return rows[0] && accountIn(rows[0]);
  }

  return {
    async create({ name, plan, id = randomId() }) {
      checkName(name);
      if (!/^[0-9a-f]{32}$/.test(id)) {
        throw new Problem("bad-input", `an account id has 32 hexadecimal digits in lower case; ${JSON.stringify(id)} has not`, {
          details: { field: "id" },
        });
      }
      if (await find(id)) throw new Problem("bad-input", `there is an account ${id} already`, { details: { field: "id" } });
      await database.query(insertAccount, [id, name, plan, now()]);
      return { id, name, plan };
    },
    find,
    async list() {
      const { rows } = await database.query(listAccounts);
      return rows.map(accountIn);
    },
    async setPlan(accountId, plan) {
      await database.query(updatePlan, [plan, accountId]);
      callers.clear();
      const account = await find(accountId);
      if (!account) throw new Problem("not-found", `there is no account ${accountId}`);
      return account;
    },
    async createToken({ accountId, name, permissions, secret = randomSecret() }) {
      checkName(name);
      checkSecret(secret);
      if (!(await find(accountId))) throw new Problem("not-found", `there is no account ${accountId}`);
      const hash = await sha256(secret);
      const { rows } = await database.query(findHash, [hash]);
      if (rows.length > 0) throw new Problem("bad-input", "this secret is another token's already", { details: { field: "secret" } });
      const token: Token = { id: randomId(), accountId, name, permissions, createdAt: now(), revokedAt: undefined };
      await database.query(insertToken, [token.id, accountId, name, permissions.join(" "), hash, token.createdAt]);
      return { token, secret };
    },
    async tokens(accountId) {
      const { rows } = await database.query(listTokens, [accountId]);
      return rows.map(tokenIn);
    },
    async revokeToken(accountId, tokenId) {
      await database.query(revoke, [now(), tokenId, accountId]);
      callers.clear();
      const { rows } = await database.query(findToken, [tokenId, accountId]);
      if (!rows[0])
        throw new Problem("not-found", `there is no token ${JSON.stringify(tokenId)}; \`tokens list\` shows those that there are`);
      return tokenIn(rows[0]);
    },
    async removeToken(accountId, tokenId) {
      await database.query(remove, [tokenId, accountId]);
      callers.clear();
    },
    async authenticate(secret) {
      return secret === "" ? undefined : callers.find(await sha256(secret));
    },
  };
}

/** Names are shown in lists and on terminals. */
function checkName(name: string): void {
  if (/^[^\p{Cc}\p{Cs}]{1,200}$/u.test(name)) return;
  throw new Problem("bad-input", "a name has 1 to 200 characters, none of them a control character", { details: { field: "name" } });
}

/** Given secrets only: what we make ourselves has 40 characters. */
function checkSecret(secret: string): void {
  if (/^[\x21-\x7e]{8,256}$/.test(secret)) return;
  throw new Problem("bad-input", "a token's secret has 8 to 256 printable ASCII characters and no spaces", {
    details: { field: "secret" },
  });
}

function accountIn(row: Row): Account {
  return { id: textIn(row, "account_id"), name: textIn(row, "account_name"), plan: planIn(row) };
}

const planNames = Object.keys(plans) as PlanName[]; // oxlint-disable-line typescript/no-unsafe-type-assertion -- Object.keys forgets its keys

function planIn(row: Row): PlanName {
  const plan = textIn(row, "plan");
  const known = planNames.find((name) => name === plan);
  if (known === undefined)
    throw new Problem("store-failed", `account ${textIn(row, "account_id")} has a plan that this version does not know`);
  return known;
}

function tokenIn(row: Row): Token {
  const permissions = new Set(textIn(row, "permissions").split(" "));
  return {
    id: textIn(row, "id"),
    accountId: textIn(row, "account_id"),
    name: textIn(row, "name"),
    permissions: allPermissions.filter((permission) => permissions.has(permission)),
    createdAt: numberIn(row, "created_at"),
    revokedAt: row["revoked_at"] === null ? undefined : numberIn(row, "revoked_at"),
  };
}
