import { createAi } from "../../src/binding/index.ts";
import { runChecks } from "./project/src/checks.ts";

/** A Worker without an AI binding. */
export default {
  async fetch(_request: Request, { BASE_URL, TOKEN }: { BASE_URL: string; TOKEN: string }): Promise<Response> {
    return Response.json({ found: await runChecks(createAi({ baseUrl: BASE_URL, token: TOKEN })) });
  },
};
