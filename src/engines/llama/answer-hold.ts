import { LlamaGrammarEvaluationState, type LlamaGrammar } from "node-llama-cpp";
import { Problem, type TextGenerationInput } from "../../core/index.ts";
import type { AnswerPiece, AnswerReader } from "./answer-reader.ts";
import { createJsonScanner } from "./json-scanner.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { Prompt } from "./prompt.ts";

/** What holds an answer to a form: all of it, or each of its tool calls. */
export interface AnswerGrammars {
  readonly whole: LlamaGrammar | undefined;
  readonly calls: LlamaGrammar | undefined;
}

export async function grammarsFor({ grammars }: LoadedModel, input: TextGenerationInput, prompt: Prompt): Promise<AnswerGrammars> {
  const { response_format: form, tool_choice: choice, tools = [] } = input;
  if (prompt.begins === "call") {
    const named = tools.filter(({ name }) => typeof choice !== "object" || name === choice.name);
    if (named.length === 0)
      throw new Problem("bad-input", "tool_choice names a function that is not among the tools", { details: { field: "/tool_choice" } });
    return { whole: undefined, calls: await grammars.forCalls(named) };
  }
  if (form)
    return { whole: await (form.type === "json_schema" ? grammars.forSchema(form.schema) : grammars.forAnyObject()), calls: undefined };
  return { whole: undefined, calls: prompt.offersTools && prompt.format.calls ? await grammars.forCalls(tools) : undefined };
}

/** Puts the right grammar in force before each token. */
export function createHold({ model }: LoadedModel, grammars: AnswerGrammars, reader: AnswerReader) {
  const begin = (grammar: LlamaGrammar) => new LlamaGrammarEvaluationState({ model, grammar });
  const json = createJsonScanner();
  const whole = grammars.whole && begin(grammars.whole);
  let call: LlamaGrammarEvaluationState | undefined;

  function holdCall(): void {
    if (!grammars.calls || !reader.awaitsHold) return;
    reader.hold();
    call = begin(grammars.calls);
  }
  holdCall(); // a forced call begins in the prompt

  return {
    get active() {
      return (whole ?? call) !== undefined;
    },
    state: () => (reader.state === "thinking" ? undefined : (whole ?? call)),
    /** Follows what was written, and says what became whole with it. */
    follow(pieces: readonly AnswerPiece[]): "answer" | "call" | undefined {
      if (whole) {
        for (const { text = "" } of pieces) for (let i = 0; i < text.length; i++) json.push(text.charAt(i));
        return json.complete ? "answer" : undefined;
      }
      const ends = call !== undefined && !reader.holds;
      if (ends) call = undefined;
      holdCall();
      return ends ? "call" : undefined;
    },
  };
}
