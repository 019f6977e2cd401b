import type { Dialect } from "../route.ts";
import { problemEvent, problemReply, words } from "../workers-ai/words.ts";
import { listLoaded, unload } from "./loaded-models.ts";

/** What the operator of a server asks it: every route wants the permission `admin`. It speaks in Cloudflare's envelope. */
export const admin: Dialect = {
  name: "admin",
  prefixes: ["/ganglion/v1"],
  routes: [listLoaded, unload],
  problem: problemReply,
  sound: (code) => `${words[code][0]} \`${words[code][1][0]}\``,
  problemEvent,
};
