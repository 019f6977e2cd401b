import type { TextGenerationDelta } from "./generation.ts";

/**
 * UTF-16 units of text in one event of a stream. One API's scanner ends a stream at a line of 64 KiB, and JSON may need six bytes for a
 * unit; no model makes a token so long, but an engine may hand on a whole call or answer at once.
 */
const most = 8_000;

/** A delta as one or more that each fit into an event. */
export function piecesOf(delta: TextGenerationDelta): readonly TextGenerationDelta[] {
  const { text = "", reasoning = "", tool_call: call, logprobs } = delta;
  if (text.length <= most && reasoning.length <= most && (call?.arguments.length ?? 0) <= most) return [delta];
  const [first = {}, ...rest]: TextGenerationDelta[] = [
    ...cut(reasoning).map((piece) => ({ reasoning: piece })),
    ...cut(text).map((piece) => ({ text: piece })),
    ...(call
      ? cut(call.arguments).map((piece, i) => ({ tool_call: { ...(i === 0 ? call : { index: call.index }), arguments: piece } }))
      : []),
  ];
  return [{ ...first, ...(logprobs && { logprobs }) }, ...rest];
}

/** Never between the two halves of a character. */
function cut(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = at + most;
    const isHigh = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
    pieces.push(text.slice(at, isHigh ? end - 1 : end));
    at += pieces.at(-1)?.length ?? most;
  }
  return pieces;
}
