import type { Llama, LlamaGrammar } from "node-llama-cpp";
import { Problem, type Tool } from "../../core/index.ts";
import { createJsonGrammar, type JsonGrammar } from "./json-grammar.ts";

/** Makes grammars from JSON schemas, and keeps the last ones: clients send the same schema with every call. */
export interface Grammars {
  /** @throws Problem json-mode-unmet */
  forSchema(schema: Readonly<Record<string, unknown>>): Promise<LlamaGrammar>;
  forAnyObject(): Promise<LlamaGrammar>;
  /**
   * A call of one of the tools, with arguments that fit its parameters.
   *
   * @throws Problem bad-input when the parameters of a tool cannot be used
   */
  forCalls(tools: readonly Tool[]): Promise<LlamaGrammar>;
}

const kept = 32;

export function createGrammars(llama: Llama): Grammars {
  const known = new Map<string, Promise<LlamaGrammar>>();

  function compile(text: string): Promise<LlamaGrammar> {
    const grammar = known.get(text) ?? compileNow(llama, text);
    known.delete(text);
    known.set(text, grammar);
    for (const oldest of known.keys()) if (known.size > kept) known.delete(oldest);
    return grammar;
  }

  return {
    async forSchema(schema) {
      const grammar = createJsonGrammar();
      return compile(grammar.text(grammar.valueOf(schema)));
    },
    forAnyObject: () => compile(createJsonGrammar().text("object")),
    forCalls: async (tools) => compile(grammarOfCalls(tools)),
  };
}

async function compileNow(llama: Llama, grammar: string): Promise<LlamaGrammar> {
  try {
    return await llama.createGrammar({ grammar });
  } catch (cause) {
    throw new Problem("json-mode-unmet", "the JSON schema cannot be made into a grammar; a simpler one may be", { cause });
  }
}

function grammarOfCalls(tools: readonly Tool[]): string {
  const grammar = createJsonGrammar();
  const calls = tools.map(({ name, parameters }, index) =>
    grammar.objectOf([
      ["name", grammar.valueOf({ const: name })],
      [
        "arguments",
        parameters ? argumentsOf(grammar, parameters, index) : grammar.valueOf({ type: "object", additionalProperties: false }),
      ],
    ]),
  );
  return grammar.text(oneCallOf(grammar, calls), { space: true });
}

/** Calls differ by the names of their tools, so only tools of the same name, or very many, can be too much. */
function oneCallOf(grammar: JsonGrammar, calls: readonly string[]): string {
  try {
    return grammar.eitherOf(calls);
  } catch (thrown) {
    throw new Problem("bad-input", `the tools together: ${Problem.from(thrown).message}`, { details: { field: "/tools" } });
  }
}

function argumentsOf(grammar: JsonGrammar, parameters: NonNullable<Tool["parameters"]>, index: number): string {
  try {
    return grammar.valueOf({ type: "object", ...parameters });
  } catch (thrown) {
    const { message } = Problem.from(thrown);
    throw new Problem("bad-input", `the parameters of a tool: ${message}`, { details: { field: `/tools/${index}/parameters` } });
  }
}
