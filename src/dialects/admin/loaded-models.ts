import * as z from "zod";
import { Problem } from "../../core/index.ts";
import { route } from "../route.ts";
import { envelope, envelopeOf } from "../workers-ai/envelope.ts";

const loadedModel = z.object({
  names: z.array(z.string()),
  engine: z.string(),
  state: z.enum(["waiting", "loading", "busy", "idle"]),
  /** Of its process, as the operating system sees it; null where that does not say. */
  bytes: z.int().nullable(),
  /** Calls that run in it, or wait for it. */
  calls: z.int(),
  /** ISO 8601; null while it is in use. */
  idle_since: z.string().nullable(),
});

export const listLoaded = route({
  method: "get",
  path: "/loaded-models",
  summary: "List the models in the memory of this server",
  permission: "admin",
  reply: envelopeOf(z.array(loadedModel)),
  async handle({ loaded }) {
    const rows = (loaded?.list() ?? []).map(({ bytes, idleSince, ...model }) => ({
      ...model,
      bytes: bytes ?? null,
      idle_since: idleSince === undefined ? null : new Date(idleSince).toISOString(),
    }));
    return { json: envelope(rows) };
  },
});

export const unload = route({
  method: "delete",
  path: "/loaded-models/:model{.+}",
  summary: "Take a model out of memory when its calls have ended; with ?now=true at once, and they fail",
  permission: "admin",
  query: z.object({ now: z.enum(["true", "false"]).optional() }),
  reply: envelopeOf(z.object({ outcome: z.enum(["ended", "ends-when-idle"]) })),
  async handle({ loaded, params, query, models }) {
    const asked = params["model"] ?? "";
    const name = models.find(asked)?.name ?? asked;
    if (!loaded) throw new Problem("not-found", "no model runs on this machine");
    return { json: envelope({ outcome: await loaded.unload(name, query.get("now") === "true") }) };
  },
});
