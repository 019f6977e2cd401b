import * as z from "zod";
import { Problem } from "../../core/index.ts";
import { route, type Route } from "../route.ts";

function notYet(method: "get" | "post", path: string, summary: string): Route {
  return route({
    method,
    path,
    summary,
    permission: "run",
    reply: z.never(),
    async handle() {
      throw new Problem("unknown-route", "toMarkdown is not served yet; convert the document before, or ask for it in an issue");
    },
  });
}

/** `env.AI.toMarkdown()`, whose error workerd takes from `errors[0].message`. */
export const markdown = [
  notYet("post", "/to-everything/markdown/transformer", "What env.AI.toMarkdown(files) sends; not served yet"),
  notYet("get", "/to-everything/markdown/supported", "What env.AI.toMarkdown().supported() asks; not served yet"),
] as const;
