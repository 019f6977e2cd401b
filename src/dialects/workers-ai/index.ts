import type { Dialect } from "../route.ts";
import { usageToday, verifyAccountToken, verifyUserToken } from "./account.ts";
import { markdownFormats, toMarkdown } from "./markdown.ts";
import { modelSchema, searchAuthors, searchModelsRoute, searchTasks } from "./models.ts";
import { runModel, runModelInBody } from "./run.ts";
import { problemEvent, problemReply, words } from "./words.ts";

/** Cloudflare's own REST API, as far as it is about models. */
export const workersAi: Dialect = {
  name: "workers-ai",
  prefixes: [""],
  routes: [
    runModel,
    runModelInBody,
    searchModelsRoute,
    modelSchema,
    searchTasks,
    searchAuthors,
    verifyUserToken,
    verifyAccountToken,
    usageToday,
    toMarkdown,
    markdownFormats,
  ],
  problem: problemReply,
  sound: (code) => `${words[code][0]} \`${words[code][1][0]}\``,
  problemEvent,
};
