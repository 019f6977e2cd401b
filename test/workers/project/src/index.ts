import type { AiBinding } from "../../../../src/binding/index.ts";
import { runChecks } from "./checks.ts";
import { runVectorChecks, type VectorizeBinding } from "./vector-checks.ts";

interface Env {
  readonly AI: AiBinding;
  readonly VECTORIZE?: VectorizeBinding;
}

/** A Worker that knows of no Ganglion. */
export default {
  async fetch(_request: Request, { AI, VECTORIZE }: Env): Promise<Response> {
    return Response.json({
      class: AI.constructor.name,
      found: await runChecks(AI),
      ...(VECTORIZE && { vectors: await runVectorChecks(VECTORIZE) }),
    });
  },
};
