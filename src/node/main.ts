#!/usr/bin/env node
import { runCommandLine } from "./command-line.ts";

// `ganglion models | head` has what it wants: that is no failure.
process.stdout.on("error", (thrown: NodeJS.ErrnoException) => {
  if (thrown.code === "EPIPE") process.exit();
  throw thrown;
});
process.exitCode = await runCommandLine(process.argv.slice(2));
