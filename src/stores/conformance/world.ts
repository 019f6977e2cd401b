import { dayOf, type Charge, type Ledger, type Reservation, type ReservationRequest, type Reserved } from "../../core/index.ts";
import type { Database, Row } from "../index.ts";

/** Ledgers over one database, each as a process of its own would have it, and a clock that stands unless it is moved. */
export interface World {
  readonly database: Database;
  readonly first: Process;
  readonly processes: readonly Process[];
  /** An account that no other test uses. */
  readonly accountId: string;
  readonly clock: { at: number };
}

export interface Process {
  readonly ledger: Ledger;
  /** Dies, and starts again. */
  crash(): void;
}

export const at = Date.UTC(2026, 7, 28, 12);
export const day = dayOf(at);
let names = 0;

/** A name that no other test uses. */
export function newName(of: string): string {
  return `${of}-${++names}`;
}

/** Longer than any reservation lives without its process. */
export const longest = 3_600_000;

export function requestOf(
  { accountId }: Pick<World, "accountId">,
  microneurons: number,
  changes: Partial<ReservationRequest> = {},
): ReservationRequest {
  return { accountId, day, microneurons, limit: 100, rate: undefined, at, ...changes };
}

export function chargeOf({ accountId }: Pick<World, "accountId">, microneurons: number, changes: Partial<Charge> = {}): Charge {
  return {
    callId: newName("call"),
    accountId,
    tokenId: "token",
    model: "@cf/meta/llama-3-8b-instruct",
    servedBy: undefined,
    task: "text-generation",
    usage: { "input-token": 12, "output-token": 40 },
    microneurons,
    day,
    at,
    outcome: "complete",
    ...changes,
  };
}

export function admitted(reserved: Reserved): Reservation {
  if (!reserved.admitted) throw new Error(`not admitted because of the ${reserved.because}`);
  return reserved.reservation;
}

export async function reserve(world: World, microneurons: number, changes: Partial<ReservationRequest> = {}): Promise<Reservation> {
  return admitted(await world.first.ledger.reserve(requestOf(world, microneurons, changes)));
}

export async function book(world: World, microneurons: number, changes: Partial<Charge> = {}): Promise<void> {
  const reservation = await reserve(world, microneurons, { limit: undefined });
  await reservation.book(chargeOf(world, microneurons, changes));
}

export const budgetOf = (world: World) => world.first.ledger.budget(world.accountId, day);

export async function rowsOf({ database, accountId }: Pick<World, "database" | "accountId">): Promise<readonly Row[]> {
  return (await database.query(`SELECT * FROM charges WHERE account_id = ?`, [accountId])).rows;
}
