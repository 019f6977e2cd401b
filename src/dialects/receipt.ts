import { neuronsText } from "../core/index.ts";

/** What a whole answer cost, and whose weights gave it. */
export interface Receipt {
  readonly microneurons: number;
  readonly servedBy: string | undefined;
}

export function receiptOf(answers: readonly Receipt[]): Receipt {
  return { microneurons: answers.reduce((sum, { microneurons }) => sum + microneurons, 0), servedBy: answers[0]?.servedBy };
}

/** `cf-ai-neurons` with two decimals, as Workers AI sends it; `ganglion-served-by` where a stand-in answered. */
export function receiptHeaders({ microneurons, servedBy }: Receipt): Record<string, string> {
  return { "cf-ai-neurons": neuronsText(microneurons), ...servedHeaders({ servedBy }) };
}

/** What is known when an answer begins. */
export function servedHeaders({ servedBy }: Pick<Receipt, "servedBy">): Record<string, string> {
  return servedBy === undefined ? {} : { "ganglion-served-by": servedBy };
}
