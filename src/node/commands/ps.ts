import * as z from "zod";
import { sizeText } from "../../weights/index.ts";
import type { Configuration } from "../configuration.ts";
import { connectAsAdmin } from "../connection.ts";
import { resultOf } from "../replies.ts";
import { coloursWanted, tableText } from "../table.ts";

const loadedModels = z.array(
  z.object({
    names: z.array(z.string()),
    engine: z.string(),
    state: z.string(),
    bytes: z.number().nullable(),
    calls: z.number(),
    idle_since: z.string().nullable(),
  }),
);

/** What the running server has in memory. */
export async function ps(configuration: Configuration, { json }: { readonly json?: boolean }): Promise<void> {
  const connection = await connectAsAdmin(configuration);
  try {
    const models = connection ? await resultOf(await connection.send("/ganglion/v1/loaded-models", {}), loadedModels) : [];
    if (json) {
      process.stdout.write(`${JSON.stringify(models, null, 2)}\n`);
      return;
    }
    const rows = models.map(({ names, engine, state, bytes, calls, idle_since: idleSince }) => [
      names.join(", "),
      engine,
      bytes === null ? "" : sizeText(bytes),
      calls.toString(),
      idleSince === null ? state : `idle for ${spanText(Date.now() - Date.parse(idleSince))}`,
    ]);
    if (rows.length > 0) process.stdout.write(tableText(["MODEL", "ENGINE", "MEMORY", "CALLS", "STATE"], rows, coloursWanted()));
    else process.stderr.write(connection ? "no model is in memory\n" : `no server runs on ${configuration.data}\n`);
  } finally {
    await connection?.close();
  }
}

/** 75 seconds are 1 min 15 s. */
function spanText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
