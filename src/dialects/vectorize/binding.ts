import * as z from "zod";
import { route, type Route } from "../route.ts";
import { idsBody, queryBody, queryOf, vectorsOf } from "./bodies.ts";
import { infoObject, infoReply, matchesObject, matchesReply, mutationObject, openIndex, vectorObject, vectorReply } from "./replies.ts";

/** The most vectors in one call of a binding. */
const most = 1000;

function writeRoute(how: "insert" | "upsert"): Route {
  return route({
    method: "post",
    path: `/${how}`,
    summary: `What env.VECTORIZE.${how}(vectors) sends`,
    permission: "run",
    reply: mutationObject,
    async handle(request) {
      const vectors = await vectorsOf(request.raw, most, false);
      const index = await openIndex(request, request.params["index"], vectors[0]?.values.length);
      return { json: { mutationId: await index.write(vectors, how) } };
    },
  });
}

/**
 * What `env.VECTORIZE` sends. Which index it is, is not in its requests: the carrier says it in the path.
 * Source: cloudflare/workerd, src/cloudflare/internal/vectorize-api.ts, seen 2026-11.
 */
export const bindingRoutes: readonly Route[] = [
  route({
    method: "get",
    path: "/info",
    summary: "What env.VECTORIZE.describe() asks",
    permission: "run",
    reply: infoObject,
    handle: async (request) => ({ json: await infoReply(await openIndex(request, request.params["index"])) }),
  }),
  route({
    method: "post",
    path: "/query",
    summary: "What env.VECTORIZE.query(vector, options) and queryById(id, options) send",
    permission: "run",
    body: queryBody,
    reply: matchesObject,
    async handle(request) {
      const index = await openIndex(request, request.params["index"]);
      return { json: matchesReply(await index.query(queryOf(request.body))) };
    },
  }),
  writeRoute("insert"),
  writeRoute("upsert"),
  route({
    method: "post",
    path: "/getByIds",
    summary: "What env.VECTORIZE.getByIds(ids) sends",
    permission: "run",
    body: idsBody,
    reply: z.array(vectorObject),
    async handle(request) {
      const index = await openIndex(request, request.params["index"]);
      return { json: (await index.find(request.body.ids)).map(vectorReply) };
    },
  }),
  route({
    method: "post",
    path: "/deleteByIds",
    summary: "What env.VECTORIZE.deleteByIds(ids) sends",
    permission: "run",
    body: idsBody,
    reply: mutationObject,
    async handle(request) {
      const index = await openIndex(request, request.params["index"]);
      return { json: { mutationId: await index.delete(request.body.ids) } };
    },
  }),
];
