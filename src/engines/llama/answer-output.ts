import { randomBytes } from "node:crypto";
import type { Delta, TextGenerationInput, TextGenerationOutput, TokenLogprob } from "../../core/index.ts";
import type { AnswerPiece } from "./answer-reader.ts";
import { createStopStrings } from "./stop-strings.ts";

type TextDelta = Delta<"text-generation">;

/** Gathers the pieces of an answer into deltas and, at the end, into the output. */
export function collectOutput(input: TextGenerationInput) {
  const stops = createStopStrings(input.stop ?? []);
  const calls: { id: string; name: string; arguments: string }[] = [];
  const all: TokenLogprob[] = [];
  let waiting: TokenLogprob[] = [];
  let text = "";
  let reasoning = "";

  function sayText(passed: string): TextDelta[] {
    if (passed === "") return [];
    text += passed;
    const logprobs = waiting;
    waiting = [];
    all.push(...logprobs);
    return [{ text: passed, ...(input.top_logprobs !== undefined && { logprobs }) }];
  }

  function deltasOf(piece: AnswerPiece): TextDelta[] {
    if (piece.text !== undefined) return sayText(stops.push(piece.text));
    if (piece.reasoning !== undefined) {
      reasoning += piece.reasoning;
      return [{ reasoning: piece.reasoning }];
    }
    if (!piece.call) return [];
    const { index, name, arguments: written } = piece.call;
    const known = calls[index];
    if (known) {
      known.arguments += written;
      return [{ tool_call: { index, arguments: written } }];
    }
    const added = { id: `call_${randomBytes(12).toString("base64url")}`, name: name ?? "", arguments: written };
    calls[index] = added;
    return [{ tool_call: { index, ...added } }];
  }

  return {
    get stopped() {
      return stops.stopped;
    },
    weigh(logprob: TokenLogprob, inText: boolean): void {
      if (inText) waiting.push(logprob);
    },
    add: (pieces: readonly AnswerPiece[]): TextDelta[] => pieces.flatMap(deltasOf),
    end: (): TextDelta[] => sayText(stops.end()),
    output: (ended: "stop" | "length"): TextGenerationOutput => ({
      text,
      ...(reasoning !== "" && { reasoning }),
      tool_calls: calls,
      finish_reason: ended === "stop" && calls.length > 0 ? "tool_calls" : ended,
      ...(input.top_logprobs !== undefined && { logprobs: all }),
    }),
  };
}
