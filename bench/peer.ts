import { fork } from "node:child_process";
import { openSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a process of the bench can be asked to do. Arguments and answers cross by structured clone. */
export type Commands = Readonly<Record<string, (argument: never) => unknown>>;

/** A process of its own, so that what is measured shares neither heap nor compiler with who measures. */
export interface Peer<C extends Commands> {
  ask<N extends keyof C & string>(command: N, ...argument: Parameters<C[N]>): Promise<Awaited<ReturnType<C[N]>>>;
  usage(): Promise<ProcessUsage>;
  end(): Promise<void>;
}

export interface ProcessUsage {
  /** CPU time of all threads since the start, in microseconds. */
  readonly cpu: number;
  /** Resident memory in bytes. */
  readonly rss: number;
}

interface Question {
  readonly id: number;
  readonly command: string;
  readonly argument: unknown;
}

type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly failure: string });

export interface PeerOptions {
  /** A file that takes what it writes to stderr; absent: where this process's goes. */
  readonly stderr?: string;
  /** Folder for a CPU profile of its whole life. */
  readonly profile?: string | undefined;
}

/** Starts a script of this bundle whose last line is `servePeer(start)`. */
export async function startPeer<C extends Commands>(
  script: string,
  given: unknown,
  { stderr, profile }: PeerOptions = {},
): Promise<Peer<C>> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), {
    serialization: "advanced",
    execArgv: profile === undefined ? [] : ["--cpu-prof", "--cpu-prof-dir", profile],
    stdio: ["ignore", "inherit", stderr === undefined ? "inherit" : openSync(stderr, "a"), "ipc"],
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let ids = 0;
  const exited = new Promise<void>((resolve) => {
    child.on("exit", (code, signal) => {
      for (const { reject } of waiting.values()) reject(new Error(`${script} ended with ${signal ?? code}`));
      resolve();
    });
  });
  child.on("message", (reply: Reply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("failure" in reply) asked?.reject(new Error(`${script}: ${reply.failure}`));
    else asked?.resolve(reply.value);
  });
  const ask = (command: string, argument?: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      const question: Question = { id: ++ids, command, argument };
      waiting.set(question.id, { resolve, reject });
      child.send(question);
    });

  await ask("start", given);
  return {
    ask: ask as Peer<C>["ask"], // the script serves the commands whose type the caller imports from it
    usage: () => ask("usage") as Promise<ProcessUsage>,
    async end() {
      child.disconnect();
      await exited;
    },
  };
}

/** The other side: makes the commands from what `startPeer` was given, and answers until the bench is gone. */
export function servePeer(start: (given: never) => Commands | Promise<Commands>): void {
  let commands: Commands = {};
  const own: Record<string, (argument: unknown) => unknown> = {
    async start(given) {
      commands = await start(given as never); // `startPeer` is called with what its script takes
    },
    usage(): ProcessUsage {
      const { user, system } = process.cpuUsage();
      return { cpu: user + system, rss: process.memoryUsage.rss() };
    },
  };
  process.on("message", async ({ id, command, argument }: Question) => {
    try {
      const run = own[command] ?? (commands[command] as ((argument: unknown) => unknown) | undefined);
      const value = await run?.(argument);
      process.send?.({ id, value } satisfies Reply);
    } catch (thrown) {
      process.send?.({ id, failure: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) } satisfies Reply);
    }
  });
  process.on("disconnect", () => process.exit());
}
