import { dataEvent } from "../sse.ts";
import type { Dialect } from "../route.ts";
import { bindingRoutes } from "./binding.ts";
import { restRoutes } from "./rest.ts";
import { bindingProblem, restProblem, words } from "./words.ts";

const sound: Dialect["sound"] = (code) => `${words[code][0]} \`${words[code][1]}\``;

/** Cloudflare's API of vector indexes, version 2. */
export const vectorize: Dialect = {
  name: "vectorize",
  prefixes: [""],
  routes: restRoutes,
  problem: restProblem,
  sound,
  problemEvent: (problem) => dataEvent(restProblem(problem).body), // nothing streams
};

/** `env.VECTORIZE` of a Worker, whoever carries it here. */
export const vectorizeBinding: Dialect = {
  ...vectorize,
  name: "vectorize-binding",
  prefixes: ["/vectorize/:index"],
  routes: bindingRoutes,
  problem: bindingProblem,
};
