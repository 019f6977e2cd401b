import type { Dialect } from "../route.ts";
import { searchModelsRoute } from "../workers-ai/models.ts";
import { problemEvent, words } from "../workers-ai/words.ts";
import { proxyPath } from "./carried-request.ts";
import { gatewayLogs, gatewayUrl } from "./gateway.ts";
import { markdown } from "./markdown.ts";
import { runBinding, runBindingThroughGateway } from "./run.ts";
import { problemReply } from "./words.ts";

/** What `env.AI` of a Worker sends, whoever carries it here. */
export const binding: Dialect = {
  name: "binding",
  prefixes: ["", proxyPath],
  routes: [
    runBinding,
    runBindingThroughGateway,
    { ...searchModelsRoute, path: "/ai-api/models/search", summary: "What env.AI.models(params) asks" },
    gatewayUrl,
    ...gatewayLogs,
    ...markdown,
  ],
  problem: problemReply,
  sound: (code) => `${words[code][0]} \`${words[code][1][0]}\``,
  problemEvent,
};
