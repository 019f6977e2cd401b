import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccounts, migrate, type Accounts, type Database } from "../index.ts";
import { describePromises, type Exceptions, type Promises } from "./promises.ts";
import { at, newName } from "./world.ts";

export interface AccountsUnderTest {
  /** A new, empty database. */
  readonly create: () => Promise<Database>;
  readonly except?: Exceptions;
}

/** The accounts as two processes see them: a server and a command line beside it. */
interface Office {
  readonly accounts: Accounts;
  readonly beside: Accounts;
  readonly clock: { at: number };
}

const runOnly = { name: "a token", permissions: ["run"] } as const;

const accountsPromises: Promises<Office> = {
  "makes accounts with an id of 32 hexadecimal digits, and finds them": async ({ accounts, beside }) => {
    const account = await accounts.create({ name: "Ada", plan: "free" });
    expect(account).toEqual({ id: expect.stringMatching(/^[0-9a-f]{32}$/), name: "Ada", plan: "free" });
    expect(await beside.find(account.id)).toEqual(account);
    expect(await beside.list()).toContainEqual(account);
    expect(await beside.find("0".repeat(32))).toBeUndefined();
  },
  "takes an account id that is given, once, and refuses what is none": async ({ accounts }) => {
    const id = "023e105f4ecef8ad9ca31a8372d0c353";
    expect(await accounts.create({ id, name: "Ada", plan: "unlimited" })).toMatchObject({ id });
    await expect(accounts.create({ id, name: "Bob", plan: "free" })).rejects.toMatchObject({ code: "bad-input", details: { field: "id" } });
    for (const bad of ["", "ada", `${id}0`, id.toUpperCase(), "' OR 1=1 --"]) {
      await expect(accounts.create({ id: bad, name: "Bob", plan: "free" })).rejects.toMatchObject({ code: "bad-input" });
    }
    expect(await accounts.find(id)).toMatchObject({ name: "Ada" });
  },
  "refuses a name that would spoil a list": async ({ accounts }) => {
    for (const name of ["", "a\nb", "a\u0000", "\u001b[2J", "x".repeat(201)]) {
      await expect(accounts.create({ name, plan: "free" })).rejects.toMatchObject({ code: "bad-input", details: { field: "name" } });
    }
    await accounts.create({ name: "Zoë 漢字 🙂 O'Hara", plan: "free" });
  },
  "changes the plan of one account, for its next call, and of no other": async ({ accounts, beside, clock }) => {
    const [ada, bob] = [await accounts.create({ name: "Ada", plan: "free" }), await accounts.create({ name: "Bob", plan: "free" })];
    const { secret } = await accounts.createToken({ ...runOnly, accountId: ada.id });
    for (const each of [accounts, beside]) expect(await each.authenticate(secret)).toMatchObject({ account: { plan: "free" } });
    expect(await accounts.setPlan(ada.id, "paid")).toEqual({ ...ada, plan: "paid" });
    expect(await accounts.authenticate(secret)).toMatchObject({ account: { plan: "paid" } });
    clock.at += 1_000;
    expect(await beside.authenticate(secret)).toMatchObject({ account: { plan: "paid" } });
    expect(await beside.find(bob.id)).toEqual(bob);
    await expect(accounts.setPlan("0".repeat(32), "paid")).rejects.toMatchObject({ code: "not-found" });
  },
  "makes secrets of 40 characters that are safe in a URL": async ({ accounts }) => {
    const { id: accountId } = await accounts.create({ name: "Ada", plan: "free" });
    const made = await Promise.all([1, 2, 3].map(() => accounts.createToken({ ...runOnly, accountId })));
    for (const { secret } of made) expect(secret).toMatch(/^[A-Za-z0-9_-]{40}$/);
    expect(new Set(made.map(({ secret }) => secret)).size).toBe(3);
  },
  "tells whose a secret is": async ({ accounts, beside }) => {
    const account = await accounts.create({ name: "Ada", plan: "paid" });
    const { token, secret } = await accounts.createToken({ accountId: account.id, name: "my laptop", permissions: ["run", "read"] });
    expect(token).toMatchObject({ accountId: account.id, name: "my laptop", permissions: ["run", "read"], revokedAt: undefined });
    for (const each of [accounts, accounts, beside]) expect(await each.authenticate(secret)).toEqual({ account, token });
  },
  "knows nobody by a wrong secret, an empty one or a hash": async ({ accounts, beside }) => {
    const { id: accountId } = await accounts.create({ name: "Ada", plan: "free" });
    const { secret } = await accounts.createToken({ ...runOnly, accountId });
    const hash = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret))), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
    for (const wrong of ["", secret.slice(1), `${secret} `, secret.toUpperCase() + "x", hash, "' OR '1'='1", "\u0000", "🙂"]) {
      expect(await accounts.authenticate(wrong)).toBeUndefined();
      expect(await beside.authenticate(wrong)).toBeUndefined();
    }
  },
  "takes a secret that is given, once, and refuses a weak one": async ({ accounts }) => {
    const { id: accountId } = await accounts.create({ name: "Ada", plan: "free" });
    const secret = newName("given-secret");
    const { token } = await accounts.createToken({ ...runOnly, accountId, secret });
    expect(await accounts.authenticate(secret)).toMatchObject({ token });
    for (const bad of [secret, "", "short", "with a space in it", "ü".repeat(20), "a".repeat(257)]) {
      await expect(accounts.createToken({ ...runOnly, accountId, secret: bad })).rejects.toMatchObject({
        code: "bad-input",
        details: { field: "secret" },
      });
    }
  },
  "makes no token for an account that is not there": async ({ accounts }) => {
    await expect(accounts.createToken({ ...runOnly, accountId: "f".repeat(32) })).rejects.toMatchObject({ code: "not-found" });
  },
  "lists an account's tokens, and nobody else's": async ({ accounts, beside }) => {
    const [ada, bob] = [await accounts.create({ name: "Ada", plan: "free" }), await accounts.create({ name: "Bob", plan: "free" })];
    const first = await accounts.createToken({ ...runOnly, accountId: ada.id });
    const second = await beside.createToken({ ...runOnly, accountId: ada.id });
    await accounts.createToken({ ...runOnly, accountId: bob.id });
    const listed = await accounts.tokens(ada.id);
    expect(listed).toHaveLength(2);
    for (const { token } of [first, second]) expect(listed).toContainEqual(token);
  },
  "refuses a revoked token at once, and lists it as revoked": async ({ accounts, clock }) => {
    const { id: accountId } = await accounts.create({ name: "Ada", plan: "free" });
    const { token, secret } = await accounts.createToken({ ...runOnly, accountId });
    const other = await accounts.createToken({ ...runOnly, accountId });
    expect(await accounts.authenticate(secret)).toBeDefined();
    const revoked = { ...token, revokedAt: clock.at };
    expect(await accounts.revokeToken(accountId, token.id)).toEqual(revoked);
    expect(await accounts.authenticate(secret)).toBeUndefined();
    expect(await accounts.authenticate(other.secret)).toBeDefined();
    clock.at += 10;
    expect(await accounts.revokeToken(accountId, token.id)).toEqual(revoked);
    expect(await accounts.tokens(accountId)).toContainEqual(revoked);
  },
  "forgets a token that is removed, and no other account's": async ({ accounts }) => {
    const [ada, bob] = [await accounts.create({ name: "Ada", plan: "free" }), await accounts.create({ name: "Bob", plan: "free" })];
    const { token, secret } = await accounts.createToken({ ...runOnly, accountId: ada.id });
    await accounts.removeToken(bob.id, token.id);
    expect(await accounts.authenticate(secret)).toBeDefined();
    await accounts.removeToken(ada.id, token.id);
    expect(await accounts.authenticate(secret)).toBeUndefined();
    expect(await accounts.tokens(ada.id)).toEqual([]);
  },
  "refuses within a second a token that another process revoked": async ({ accounts, beside, clock }) => {
    const { id: accountId } = await accounts.create({ name: "Ada", plan: "free" });
    const { token, secret } = await accounts.createToken({ ...runOnly, accountId });
    expect(await accounts.authenticate(secret)).toBeDefined();
    await beside.revokeToken(accountId, token.id);
    clock.at += 1_000;
    expect(await accounts.authenticate(secret)).toBeUndefined();
  },
  "knows at once a token that another process made": async ({ accounts, beside }) => {
    const { id: accountId } = await accounts.create({ name: "Ada", plan: "free" });
    const secret = newName("later-secret");
    expect(await accounts.authenticate(secret)).toBeUndefined();
    await beside.createToken({ ...runOnly, accountId, secret });
    expect(await accounts.authenticate(secret)).toBeDefined();
  },
  "revokes no other account's token, and says the same as for one that never was": async ({ accounts }) => {
    const [ada, bob] = [await accounts.create({ name: "Ada", plan: "free" }), await accounts.create({ name: "Bob", plan: "free" })];
    const { token, secret } = await accounts.createToken({ ...runOnly, accountId: ada.id });
    await expect(accounts.revokeToken(bob.id, token.id)).rejects.toMatchObject({ code: "not-found" });
    await expect(accounts.revokeToken(bob.id, "never-was")).rejects.toMatchObject({ code: "not-found" });
    expect(await accounts.authenticate(secret)).toBeDefined();
  },
};

/** What accounts and tokens promise, over a database. */
export function describeAccounts(name: string, { create, except = {} }: AccountsUnderTest): void {
  describe(`accounts on ${name}`, () => {
    let database: Database;
    beforeAll(async () => {
      database = await create();
      await migrate(database);
    });
    afterAll(() => database.close());

    describePromises(accountsPromises, except, () => {
      const clock = { at };
      const now = () => clock.at;
      return { accounts: createAccounts({ database, now }), beside: createAccounts({ database, now }), clock };
    });

    it("keeps no secret in the database", async () => {
      const accounts = createAccounts({ database });
      const { id: accountId } = await accounts.create({ name: "Ada", plan: "free" });
      const { secret } = await accounts.createToken({ ...runOnly, accountId });
      const { rows } = await database.query(`SELECT * FROM tokens WHERE account_id = ?`, [accountId]);
      expect(rows).toHaveLength(1);
      expect(JSON.stringify(rows)).not.toContain(secret);
    });
  });
}
