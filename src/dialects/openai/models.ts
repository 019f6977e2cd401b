import * as z from "zod";
import { authorOf, type ModelCard, Problem, taskOf } from "../../core/index.ts";
import { shown } from "../../gateway/index.ts";
import { route } from "../route.ts";
import { modelOf } from "./choices.ts";

const model = z.object({ id: z.string(), object: z.literal("model"), created: z.int(), owned_by: z.string() });

/** `created` must be a number, `data[].id` is what everybody reads; the rest helps those who look. */
function modelObject(card: ModelCard) {
  return {
    id: card.name,
    object: "model",
    created: card.createdAt,
    owned_by: authorOf(card),
    name: card.name,
    task: taskOf(card.task).label,
    ...(card.contextTokens !== undefined && { context_length: card.contextTokens }),
  };
}

/** Every model of every task in one page: clients do not page. Source: platform.openai.com/docs/api-reference/models/list. */
export const listModels = route({
  method: "get",
  path: "/v1/models",
  summary: "List the models",
  permission: "run",
  reply: z.object({ object: z.literal("list"), data: z.array(model) }),
  handle: async ({ models }) => ({ json: { object: "list", data: models.all.map(modelObject) } }),
});

/** Clients send the slashes of a name raw and percent-encoded. */
export const retrieveModel = route({
  method: "get",
  path: "/v1/models/:model{.+}",
  summary: "Describe one model",
  permission: "run",
  reply: model,
  async handle({ models, params }) {
    const name = params["model"] ?? "";
    const card = models.find(modelOf(name));
    if (!card) throw new Problem("unknown-model", `there is no model ${shown(name)}; GET /v1/models lists them`);
    return { json: modelObject(card) };
  },
});
