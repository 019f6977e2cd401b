import type { Dialect } from "../route.ts";
import { billingRoutes } from "./billing.ts";
import { chatCompletions } from "./chat-completions.ts";
import { completions } from "./completions.ts";
import { embeddings } from "./embeddings.ts";
import { editImages, generateImages, varyImage } from "./images.ts";
import { listModels, retrieveModel } from "./models.ts";
import { pictureDebugGet } from "./picture-debug.ts";
import { rerankRoutes } from "./rerank.ts";
import { moderations } from "./moderations.ts";
import { problemEvent, problemReply, words } from "./words.ts";
import { speech, speechModels, speechVoices } from "./speech.ts";
import { transcriptions, translations } from "./transcriptions.ts";

/** OpenAI's API, at the root and where Workers AI has it. */
export const openai: Dialect = {
  name: "openai",
  prefixes: ["", "/client/v4/accounts/:account/ai"],
  routes: [
    chatCompletions,
    pictureDebugGet,
    completions,
    embeddings,
    ...rerankRoutes,
    generateImages,
    editImages,
    varyImage,
    transcriptions,
    translations,
    speech,
    speechModels,
    speechVoices,
    moderations,
    ...billingRoutes,
    listModels,
    retrieveModel,
  ],
  problem: problemReply,
  sound: (code) => `${words[code][0]} \`${words[code][1].filter((word) => word !== null).join("`, `")}\``,
  problemEvent,
};
