import * as z from "zod";
import { Problem } from "../../core/index.ts";
import { route, type Route } from "../route.ts";
import { envelope, envelopeOf } from "../workers-ai/envelope.ts";

/** Where the routes of a provider are here; clients append `/chat/completions` or a model's name. */
const addresses: ReadonlyMap<string, (origin: string, account: string) => string> = new Map([
  ["workers-ai", (origin: string, account: string) => `${origin}/client/v4/accounts/${account}/ai/run`],
  ["openai", (origin: string) => `${origin}/v1`],
  ["compat", (origin: string) => `${origin}/v1`],
]);

/** `env.AI.gateway(id).getUrl(provider)`: this server's own address, so that what is built on it stays here too. */
export const gatewayUrl = route({
  method: "get",
  path: "/ai-gateway/gateways/:gateway/url/:provider",
  summary: "What env.AI.gateway(id).getUrl(provider) asks",
  permission: "run",
  reply: envelopeOf(z.object({ url: z.string() })),
  async handle({ params, url, publicUrl, caller }) {
    const address = addresses.get(params["provider"] ?? "");
    if (!address) {
      throw new Problem("not-found", `there is no gateway to that provider here; there are ${[...addresses.keys()].join(", ")}`);
    }
    return { json: envelope({ url: address((publicUrl ?? url.origin).replace(/\/$/, ""), caller.account.id) }) };
  },
});

function logRoute(method: "get" | "patch", summary: string): Route {
  return route({
    method,
    path: "/ai-gateway/gateways/:gateway/logs/:log",
    summary,
    permission: "run",
    reply: z.never(),
    async handle() {
      throw new Problem("not-found", "Log Not Found: prompts and answers are not kept here, so a gateway has no logs");
    },
  });
}

/** No reply names a log (`cf-aig-log-id`), so any id is one that never was: workerd throws AiGatewayLogNotFound. */
export const gatewayLogs = [
  logRoute("get", "What env.AI.gateway(id).getLog(log) asks; there are no logs here"),
  logRoute("patch", "What env.AI.gateway(id).patchLog(log, data) asks; there are no logs here"),
] as const;
