import type { TaskId } from "./task/task-id.ts";

/** What a token may do. `admin` may do everything in its account, and sees and ends the models in memory. */
export const permissions = ["run", "read", "edit", "admin"] as const;
export type Permission = (typeof permissions)[number];

/** Who pays. */
export interface Account {
  /** 32 hexadecimal digits, as Cloudflare's. */
  readonly id: string;
  readonly name: string;
  readonly plan: PlanName;
}

/** A secret's public half. The secret itself is shown once and kept only as a SHA-256. */
export interface Token {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly revokedAt: number | undefined;
}

/** What is free, billed and refused. */
export interface Plan {
  /** Neurons a day before `overage` applies; undefined: no allocation, everything is metered and nothing refused. */
  readonly neuronsPerDay: number | undefined;
  readonly overage: "refused" | "billed";
  /** Requests a minute and account, by task; a task without an entry has no limit. */
  readonly requestsPerMinute: Readonly<Partial<Record<TaskId, number>>>;
  /** Whether models that Cloudflare keeps for Workers Paid are served. */
  readonly paidModels: boolean;
}

/** Source: developers.cloudflare.com/workers-ai/platform/limits, page of 2026-08-07. */
const cloudflareRates = {
  "automatic-speech-recognition": 720,
  "image-classification": 3000,
  "image-to-text": 720,
  "object-detection": 3000,
  summarization: 1500,
  "text-classification": 2000,
  "text-embeddings": 3000,
  "text-generation": 300,
  "text-to-image": 720,
  translation: 720,
} as const satisfies Plan["requestsPerMinute"];

export const plans = {
  unlimited: { neuronsPerDay: undefined, overage: "billed", requestsPerMinute: {}, paidModels: true },
  free: { neuronsPerDay: 10_000, overage: "refused", requestsPerMinute: cloudflareRates, paidModels: false },
  paid: { neuronsPerDay: 10_000, overage: "billed", requestsPerMinute: cloudflareRates, paidModels: true },
} as const satisfies Record<string, Plan>;

export type PlanName = keyof typeof plans;

/** Who calls: a token that was found, and the account that it spends from. */
export interface Caller {
  readonly account: Account;
  readonly token: Token;
}

/** Finds the token that has a secret. */
export interface Authenticator {
  authenticate(secret: string): Promise<Caller | undefined>;
}
