import type { Dialect } from "../route.ts";
import { chatCompletions } from "./chat-completions.ts";
import { completions } from "./completions.ts";
import { embeddings } from "./embeddings.ts";
import { editImages, generateImages, varyImage } from "./images.ts";
import { listModels, retrieveModel } from "./models.ts";
import { rerankRoutes } from "./rerank.ts";
import { problemEvent, problemReply, words } from "./words.ts";

/** OpenAI's API, at the root and where Workers AI has it. */
export const openai: Dialect = {
  name: "openai",
  prefixes: ["", "/client/v4/accounts/:account/ai"],
  routes: [chatCompletions, completions, embeddings, ...rerankRoutes, generateImages, editImages, varyImage, listModels, retrieveModel],
  problem: problemReply,
  sound: (code) => `${words[code][0]} \`${words[code][1].filter((word) => word !== null).join("`, `")}\``,
  problemEvent,
};
