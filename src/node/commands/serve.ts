import { isLoopback, urlsFromElsewhere } from "../addresses.ts";
import type { Configuration } from "../configuration.ts";
import { greetingText } from "../greeting.ts";
import { commandName, version } from "../installation.ts";
import { createLog, type Log } from "../log.ts";
import { type RunningServer, startServer } from "../serve.ts";

/** Milliseconds that running answers have to come to their end after Ctrl-C. */
const grace = 5_000;

/** Serves until SIGINT or SIGTERM. */
export async function serve(configuration: Configuration): Promise<void> {
  const log = createLog(configuration);
  surviveOthersMistakes(log);
  const server = await startServer(configuration, log);
  greet(server, configuration);
  await interruption(server, log);
  await server.close(grace);
  log.info("closed");
  log.flush();
}

function greet(server: RunningServer, configuration: Configuration): void {
  const text = greetingText(
    {
      version: version(),
      command: commandName(),
      url: server.url,
      urlsFromElsewhere: urlsFromElsewhere(configuration.host, Number(new URL(server.url).port)),
      open: !isLoopback(configuration.host),
      dataFolder: configuration.data,
      accountId: server.account.id,
      token: server.newToken,
      tokenIsChosen: configuration.token !== undefined,
      standIns: configuration.standIns,
      model: "@ganglion/tiny-chat",
    },
    { colours: process.stdout.isTTY && process.stdout.hasColors(), windows: process.platform === "win32" },
  );
  process.stdout.write(`\n${text}\n`);
}

/** Resolves at the first signal; a second one ends the process at once. */
function interruption(server: RunningServer, log: Log): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = () => {
      if (asked) process.exit(130);
      asked = true;
      log.info(server.running > 0 ? `finishing ${server.running} answers; Ctrl-C again ends at once` : "closing");
      resolve();
    };
    process.on("SIGINT", ask);
    process.on("SIGTERM", ask);
  });
}

/**
 * A promise that nobody waited for touches one request, and everything else goes on. After an exception that nobody caught no one knows
 * what was left half done: the ledger is whole on disk at every moment, so the way back to a known state is to end and be started again.
 */
function surviveOthersMistakes(log: Log): void {
  process.on("unhandledRejection", (thrown) => log.fail("a promise was rejected and nobody heard it", thrown));
  process.on("uncaughtException", (thrown) => {
    log.fail("nobody caught this, so the server ends; start it again, and please report it", thrown);
    log.flush();
    process.exit(1);
  });
  // Whoever read our output has gone; that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners("error").on("error", () => {});
}
