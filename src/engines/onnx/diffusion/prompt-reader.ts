import { Problem } from "../../../core/index.ts";
import type { Graph, Made } from "../graph.ts";
import type { ClipReader } from "./clip-reader.ts";

/** What the network is told of a prompt. */
export interface Words {
  /** [1, tokens, width] */
  readonly states: Made;
  /** The whole prompt in one vector, [1, width]: SDXL wants that too. */
  readonly pooled: Made | undefined;
}

export type PromptReader = (prompt: string) => Promise<Words>;

/** @param encoders the one of Stable Diffusion, or the two of SDXL: there the states before the last ones of both lie side by side */
export function createPromptReader(encoders: readonly { readonly read: ClipReader; readonly graph: Graph }[]): PromptReader {
  return async (prompt) => {
    const made: Made[] = [];
    let pooled: Made | undefined;
    for (const { read, graph } of encoders) {
      const ids = read(prompt);
      const states = encoders.length > 1 ? lastButOne(graph.outputs) : "last_hidden_state";
      const wanted = graph.outputs.includes("text_embeds") && encoders.length > 1 ? [states, "text_embeds"] : [states];
      const values = { data: ids, dims: [1, ids.length] };
      const outputs = await graph.run({ input_ids: values, attention_mask: { data: ids.map(() => 1), dims: values.dims } }, wanted);
      const one = outputs[states];
      if (one) made.push(one);
      pooled = outputs["text_embeds"] ?? pooled;
    }
    return { states: sideBySide(made), pooled };
  };
}

/** The states that the last layer but one made; exporters number them. @throws Problem engine-failed */
function lastButOne(outputs: readonly string[]): string {
  const layers = outputs.filter((name) => /^hidden_states\.\d+$/.test(name)).toSorted((a, b) => Number(a.slice(14)) - Number(b.slice(14)));
  const wanted = layers.at(-2);
  if (wanted !== undefined) return wanted;
  throw new Problem("engine-failed", "a text encoder shows no hidden_states; export the model again with them, as SDXL needs them");
}

function sideBySide(all: readonly Made[]): Made {
  const [first, ...others] = all;
  if (!first) throw new Problem("engine-failed", "the text encoder made nothing");
  if (others.length === 0) return first;
  const tokens = first.dims[1] ?? 0;
  const widths = all.map(({ dims }) => dims[2] ?? 0);
  const width = widths.reduce((sum, one) => sum + one, 0);
  const data = new Float32Array(tokens * width);
  for (let token = 0, at = 0; token < tokens; token++) {
    all.forEach((one, i) => {
      const own = widths[i] ?? 0;
      data.set(one.data.subarray(token * own, (token + 1) * own), at);
      at += own;
    });
  }
  return { data, dims: [1, tokens, width] };
}
