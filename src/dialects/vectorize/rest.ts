import * as z from "zod";
import type { VectorIndex } from "../../vectors/index.ts";
import { route, type Route } from "../route.ts";
import { envelope, envelopeOf } from "../workers-ai/envelope.ts";
import { configOf, idsBody, metadataIndexBody, newIndex, queryBody, queryOf, vectorsOf } from "./bodies.ts";
import {
  infoObject,
  infoReply,
  matchesObject,
  matchesReply,
  mutationObject,
  openIndex,
  vectorObject,
  vectorReply,
  vectorsIn,
} from "./replies.ts";

/** The most vectors in one call of the API. */
const most = 5000;

const all = "/client/v4/accounts/:account/vectorize/v2/indexes";
const one = `${all}/:index`;

const indexObject = z.object({
  name: z.string(),
  description: z.string(),
  config: z.object({ dimensions: z.int(), metric: z.string() }),
  created_on: z.string(),
  modified_on: z.string(),
});

function indexReply({ name, description, dimensions, metric, createdAt, modifiedAt }: VectorIndex) {
  const [created_on, modified_on] = [createdAt, modifiedAt].map((at) => new Date(at).toISOString());
  return { name, description, config: { dimensions, metric }, created_on, modified_on };
}

function writeRoute(how: "insert" | "upsert"): Route {
  return route({
    method: "post",
    path: `${one}/${how}`,
    summary: `${how === "insert" ? "Insert vectors whose ids are new" : "Insert or replace vectors"}: a JSON object in each line, bare or as a file of a form`,
    permission: "edit",
    query: z.object({ "unparsable-behavior": z.enum(["error", "discard"]).optional() }),
    reply: envelopeOf(mutationObject),
    async handle(request) {
      const index = await openIndex(request, request.params["index"]);
      const vectors = await vectorsOf(request.raw, most, request.query.get("unparsable-behavior") === "discard");
      return { json: envelope({ mutationId: await index.write(vectors, how) }) };
    },
  });
}

const listQuery = z.object({ count: z.coerce.number().int().min(1).max(1000).default(100), cursor: z.string().optional() });

/** Source: developers.cloudflare.com/api/resources/vectorize, and wrangler's client, seen 2026-11. */
export const restRoutes: readonly Route[] = [
  route({
    method: "post",
    path: all,
    summary: "Make a vector index",
    permission: "edit",
    body: newIndex,
    reply: envelopeOf(indexObject),
    async handle(request) {
      const { name, description, config } = request.body;
      const index = { name, description: description ?? "", ...configOf(config) };
      const { about } = await vectorsIn(request).create(request.caller.account.id, index);
      return { json: envelope(indexReply(about)) };
    },
  }),
  route({
    method: "get",
    path: all,
    summary: "List the vector indexes",
    permission: "run",
    reply: envelopeOf(z.array(indexObject)),
    handle: async (request) => ({ json: envelope((await vectorsIn(request).list(request.caller.account.id)).map(indexReply)) }),
  }),
  route({
    method: "get",
    path: one,
    summary: "Describe a vector index",
    permission: "run",
    reply: envelopeOf(indexObject),
    handle: async (request) => ({ json: envelope(indexReply((await openIndex(request, request.params["index"])).about)) }),
  }),
  route({
    method: "delete",
    path: one,
    summary: "Delete a vector index with its vectors",
    permission: "edit",
    reply: envelopeOf(z.null()),
    async handle(request) {
      await (await openIndex(request, request.params["index"])).remove();
      return { json: envelope(null) };
    },
  }),
  route({
    method: "get",
    path: `${one}/info`,
    summary: "How many vectors an index has, and its last mutation",
    permission: "run",
    reply: envelopeOf(infoObject),
    handle: async (request) => ({ json: envelope(await infoReply(await openIndex(request, request.params["index"]))) }),
  }),
  writeRoute("insert"),
  writeRoute("upsert"),
  route({
    method: "post",
    path: `${one}/query`,
    summary: "Find the nearest vectors",
    permission: "run",
    body: queryBody,
    reply: envelopeOf(matchesObject),
    async handle(request) {
      const index = await openIndex(request, request.params["index"]);
      return { json: envelope(matchesReply(await index.query(queryOf(request.body)))) };
    },
  }),
  route({
    method: "post",
    path: `${one}/get_by_ids`,
    summary: "Get vectors by their ids",
    permission: "run",
    body: idsBody,
    reply: envelopeOf(z.array(vectorObject)),
    async handle(request) {
      const index = await openIndex(request, request.params["index"]);
      return { json: envelope((await index.find(request.body.ids)).map(vectorReply)) };
    },
  }),
  route({
    method: "post",
    path: `${one}/delete_by_ids`,
    summary: "Delete vectors by their ids",
    permission: "edit",
    body: idsBody,
    reply: envelopeOf(mutationObject),
    async handle(request) {
      const index = await openIndex(request, request.params["index"]);
      return { json: envelope({ mutationId: await index.delete(request.body.ids) }) };
    },
  }),
  route({
    method: "get",
    path: `${one}/list`,
    summary: "List the ids of vectors",
    permission: "run",
    query: listQuery,
    reply: envelopeOf(
      z.object({ count: z.int(), totalCount: z.int(), isTruncated: z.boolean(), vectors: z.array(z.object({ id: z.string() })) }),
    ),
    async handle(request) {
      const { count, cursor } = listQuery.parse(Object.fromEntries(request.query));
      const page = await (await openIndex(request, request.params["index"])).page(count, cursor);
      return {
        json: envelope({
          count: page.ids.length,
          totalCount: page.total,
          isTruncated: page.cursor !== undefined,
          nextCursor: page.cursor ?? null,
          cursorExpirationTimestamp: null,
          vectors: page.ids.map((id) => ({ id })),
        }),
      };
    },
  }),
  route({
    method: "post",
    path: `${one}/metadata_index/create`,
    summary: "Let vectors be filtered by a property of their metadata",
    permission: "edit",
    body: metadataIndexBody,
    reply: envelopeOf(mutationObject),
    async handle(request) {
      const index = await openIndex(request, request.params["index"]);
      const { propertyName: property, indexType: type } = request.body;
      return { json: envelope({ mutationId: await index.createMetadataIndex({ property, type }) }) };
    },
  }),
  route({
    method: "get",
    path: `${one}/metadata_index/list`,
    summary: "List the properties that vectors can be filtered by",
    permission: "run",
    reply: envelopeOf(z.object({ metadataIndexes: z.array(z.object({ propertyName: z.string(), indexType: z.string() })) })),
    async handle(request) {
      const found = await (await openIndex(request, request.params["index"])).metadataIndexes();
      return { json: envelope({ metadataIndexes: found.map(({ property, type }) => ({ propertyName: property, indexType: type })) }) };
    },
  }),
  route({
    method: "post",
    path: `${one}/metadata_index/delete`,
    summary: "No longer filter by a property",
    permission: "edit",
    body: metadataIndexBody.pick({ propertyName: true }),
    reply: envelopeOf(mutationObject),
    async handle(request) {
      const index = await openIndex(request, request.params["index"]);
      return { json: envelope({ mutationId: await index.deleteMetadataIndex(request.body.propertyName) }) };
    },
  }),
];
