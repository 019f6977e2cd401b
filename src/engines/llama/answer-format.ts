/** How a family of models writes what is not plain text in its answers. Found by its signs in the chat template. */
export interface AnswerFormat {
  /** Around a tool call: `{"name": …, "arguments": {…}}` between two marks. */
  readonly calls: Marks | undefined;
  /** Around the reasoning before the answer. */
  readonly thinking: Marks | undefined;
}

export interface Marks {
  readonly open: string;
  readonly close: string;
}

interface Family extends Marks {
  /** Templates with this text use the marks for something else. */
  readonly unless?: string;
}

/** A new family is a line here; one whose calls are not a JSON object with name and arguments needs a parser beside `tool-call.ts`. */
const callFamilies: readonly Family[] = [
  // Hermes, Qwen 2.5 and 3, and others that follow them. Qwen3-Coder has XML between the same marks.
  { open: "<tool_call>", close: "</tool_call>", unless: "<function=" },
];

const thinkingFamilies: readonly Family[] = [
  { open: "<think>", close: "</think>" },
  { open: "<thinking>", close: "</thinking>" },
];

export const plainFormat: AnswerFormat = { calls: undefined, thinking: undefined };

export function formatOf(template: string): AnswerFormat {
  const familyIn = (families: readonly Family[]) =>
    families.find(({ close, unless }) => template.includes(close) && (unless === undefined || !template.includes(unless)));
  return { calls: familyIn(callFamilies), thinking: familyIn(thinkingFamilies) };
}
