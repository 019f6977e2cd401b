import type { TextGenerationInput } from "../../core/index.ts";
import type { Ask } from "../../gateway/index.ts";
import type { RouteRequest } from "../route.ts";

/** One call of the gateway per choice. A seed moves on by one, else all answers would be the same. */
export function choicesOf(
  request: RouteRequest<{ readonly model: string }>,
  count: number,
  input: TextGenerationInput,
  id: string = request.id,
): Ask<"text-generation">[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index === 0 ? id : `${id}-${index}`,
    caller: request.caller,
    task: "text-generation",
    model: modelOf(request.body.model),
    input: input.seed === undefined ? input : { ...input, seed: input.seed + index },
    affinity: request.header("x-session-affinity"),
    signal: request.signal,
  }));
}

/** Gateways put the provider before the name. */
export function modelOf(name: string): string {
  return name.replace(/^(workers-ai|cloudflare)\/(?=@)/, "");
}
