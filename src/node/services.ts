import type { Authenticator, Models } from "../core/index.ts";
import type { RequestLog, Services } from "../dialects/index.ts";
import { createGateway, type Pool } from "../gateway/index.ts";
import type { Configuration } from "./configuration.ts";
import { newCallId } from "../stores/index.ts";
import { explainAbsence, standInFor } from "./engines.ts";
import type { Store } from "./store.ts";

export interface Parts {
  readonly configuration: Configuration;
  readonly store: Store;
  readonly models: Models;
  readonly pool: Pool;
  readonly accounts: Authenticator;
  readonly log: (entry: RequestLog) => void;
}

/** Puts the parts of a server together. */
export function createServices({ configuration, store, models, pool, accounts, log }: Parts): Services {
  const gateway = createGateway({
    models,
    pool,
    ledger: store.ledger,
    ...(configuration.standIns && {
      standIn: (card) => {
        const name = standInFor(card);
        return name === undefined ? undefined : models.find(name);
      },
    }),
    explainAbsence,
    refuseRetired: configuration.retired === "refuse",
    deadlineMilliseconds: configuration.deadline * 1000,
  });
  return {
    gateway,
    models,
    ledger: store.ledger,
    accounts,
    now: Date.now,
    newId: () => newCallId(),
    log,
    bodyLimit: configuration.bodyLimit,
  };
}
