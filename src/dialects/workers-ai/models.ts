import * as z from "zod";
import { authorOf, dayOf, type ModelCard, priceList, Problem, searchModels, type TaskId, taskOf, tasks } from "../../core/index.ts";
import { shown } from "../../gateway/index.ts";
import { route } from "../route.ts";
import { envelope, envelopeOf } from "./envelope.ts";
import { formOf } from "../native-run.ts";

const flag = z.enum(["true", "false", "1", "0", ""]).transform((text) => text === "true" || text === "1");

const searchQuery = z.object({
  search: z.string().optional(),
  task: z.string().optional(),
  author: z.string().optional(),
  hide_experimental: flag.optional(),
  include_deprecated: flag.optional(),
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(1000).default(50),
});

/** A value is a string, the price apart. Source: developers.cloudflare.com/api/resources/ai/subresources/models, seen 2026-10. */
function propertiesOf(card: ModelCard) {
  const { tools, reasoning, vision, lora } = card.abilities;
  const properties: readonly (readonly [string, string | undefined])[] = [
    ["beta", card.beta ? "true" : undefined],
    ["partner", card.partner ? "true" : undefined],
    ["context_window", card.contextTokens?.toString()],
    ["output_dimensions", card.dimensions?.toString()],
    ["function_calling", tools ? "true" : undefined],
    ["reasoning", reasoning ? "true" : undefined],
    ["vision", vision ? "true" : undefined],
    ["lora", lora ? "true" : undefined],
    ["planned_deprecation_date", card.retiresOn],
    ["require_workers_paid", card.paidPlanOnly ? "true" : undefined],
  ];
  return properties.flatMap(([property_id, value]) => (value === undefined ? [] : [{ property_id, value }]));
}

function taskObject(id: TaskId) {
  const { id: uuid, label, description } = taskOf(id);
  return { id: uuid ?? id, name: label, description };
}

function modelObject(card: ModelCard, day: string) {
  const price = priceList(card.price, day);
  return {
    id: card.id ?? card.name,
    source: card.name.startsWith("@hf/") ? 2 : 1,
    name: card.name,
    description: card.description,
    task: taskObject(card.task),
    created_at: new Date(card.createdAt * 1000).toISOString().replace("T", " ").slice(0, 23),
    tags: [],
    properties: [...propertiesOf(card), ...(price.length > 0 ? [{ property_id: "price", value: price }] : [])],
  };
}

export const searchModelsRoute = route({
  method: "get",
  path: "/client/v4/accounts/:account/ai/models/search",
  summary: "Search the catalogue",
  permission: "run",
  query: searchQuery,
  reply: envelopeOf(
    z.array(z.object({ id: z.string(), name: z.string(), description: z.string(), task: z.unknown(), properties: z.array(z.unknown()) })),
  ),
  async handle({ models, query, at }) {
    const asked = searchQuery.parse(Object.fromEntries(query));
    const found = searchModels(models.all, {
      search: asked.search,
      task: asked.task,
      author: asked.author,
      hideExperimental: asked.hide_experimental,
      includeDeprecated: asked.include_deprecated,
      today: dayOf(at),
    });
    const { page, per_page } = asked;
    const result = found.slice((page - 1) * per_page, page * per_page).map((card) => modelObject(card, dayOf(at)));
    const result_info = {
      page,
      per_page,
      count: result.length,
      total_count: found.length,
      total_pages: Math.ceil(found.length / per_page),
    };
    return { json: envelope(result, { result_info }) };
  },
});

export const modelSchema = route({
  method: "get",
  path: "/client/v4/accounts/:account/ai/models/schema",
  summary: "JSON Schemas of a model's input and output",
  permission: "run",
  query: z.object({ model: z.string() }),
  reply: envelopeOf(z.object({ input: z.unknown(), output: z.unknown() })),
  async handle({ models, query }) {
    const name = query.get("model");
    if (name === null || name === "")
      throw new Problem("bad-input", "required property /model is missing in the query", { details: { field: "/model" } });
    const card = models.find(name);
    if (!card) throw new Problem("unknown-model", `No such model ${shown(name)}; GET ai/models/search lists the models`);
    const form = formOf(card);
    const json = { contentType: "application/json", ...z.toJSONSchema(form.output, { unrepresentable: "any" }) };
    const stream = { contentType: "text/event-stream", type: "string", format: "binary" };
    return {
      json: envelope({
        input: z.toJSONSchema(form.input, { io: "input", unrepresentable: "any" }),
        output: form.events ? { oneOf: [json, stream] } : json,
      }),
    };
  },
});

export const searchTasks = route({
  method: "get",
  path: "/client/v4/accounts/:account/ai/tasks/search",
  summary: "List the tasks",
  permission: "run",
  reply: envelopeOf(z.array(z.object({ id: z.string(), name: z.string(), description: z.string() }))),
  async handle() {
    const all = Object.keys(tasks).map((id) => taskObject(id as TaskId)); // the keys of `tasks` are the task ids
    return { json: envelope(all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index)) };
  },
});

export const searchAuthors = route({
  method: "get",
  path: "/client/v4/accounts/:account/ai/authors/search",
  summary: "List the publishers of models",
  permission: "run",
  reply: envelopeOf(z.array(z.object({ name: z.string() }))),
  async handle({ models }) {
    const names = new Set(models.all.map(authorOf));
    return { json: envelope([...names].toSorted().map((name) => ({ name }))) };
  },
});
