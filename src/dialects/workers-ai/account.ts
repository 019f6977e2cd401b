import * as z from "zod";
import { dayOf } from "../../core/index.ts";
import { route, type Route } from "../route.ts";
import { envelope, envelopeOf } from "./envelope.ts";

function verifyAt(path: string): Route {
  return route({
    method: "get",
    path,
    summary: "Check the token that is sent",
    permission: "run",
    reply: envelopeOf(z.object({ id: z.string(), status: z.literal("active") })),
    handle: async ({ caller }) => ({
      json: envelope(
        { id: caller.token.id, status: "active" },
        { messages: [{ code: 10000, message: "This API Token is valid and active", type: null }] },
      ),
    }),
  });
}

/** Source: developers.cloudflare.com/api/resources/user/subresources/tokens/methods/verify. */
export const verifyUserToken = verifyAt("/client/v4/user/tokens/verify");
export const verifyAccountToken = verifyAt("/client/v4/accounts/:account/tokens/verify");

/** Not Cloudflare's: what the account used today, in neurons, most expensive model first. */
export const usageToday = route({
  method: "get",
  path: "/client/v4/accounts/:account/ai/usage",
  summary: "Requests and neurons of today (UTC), by model",
  permission: "run",
  reply: envelopeOf(
    z.object({
      requests: z.int(),
      neurons: z.number(),
      models: z.array(z.object({ model: z.string(), requests: z.int(), neurons: z.number() })),
    }),
  ),
  async handle({ ledger, caller, at }) {
    const used = await ledger.usage(caller.account.id, dayOf(at));
    const sum = (quantities: readonly number[]) => quantities.reduce((total, quantity) => total + quantity, 0);
    return {
      json: envelope({
        requests: sum(used.map(({ requests }) => requests)),
        neurons: sum(used.map(({ microneurons }) => microneurons)) / 1_000_000,
        models: used.map(({ model, requests, microneurons }) => ({ model, requests, neurons: microneurons / 1_000_000 })),
      }),
    };
  },
});
