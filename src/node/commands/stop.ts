import * as z from "zod";
import { Problem } from "../../core/index.ts";
import type { Configuration } from "../configuration.ts";
import { connectAsAdmin } from "../connection.ts";
import { resultOf } from "../replies.ts";

/** Takes a model out of the memory of the running server. */
export async function stop(configuration: Configuration, model: string, { now }: { readonly now?: boolean }): Promise<void> {
  const connection = await connectAsAdmin(configuration);
  if (!connection) throw new Problem("not-found", `no server runs on ${configuration.data}, so no model is in memory`);
  try {
    const path = `/ganglion/v1/loaded-models/${model.split("/").map(encodeURIComponent).join("/")}${now ? "?now=true" : ""}`;
    const { outcome } = await resultOf(await connection.send(path, { method: "DELETE" }), z.object({ outcome: z.string() }));
    process.stdout.write(
      outcome === "ended"
        ? `${model} is no longer in memory\n`
        : `${model} is at work; it leaves memory when its calls have ended (--now ends them too)\n`,
    );
  } finally {
    await connection.close();
  }
}
