import type { Llama, LlamaGrammar } from "node-llama-cpp";
import { Problem, type Tool } from "../../core/index.ts";
import { anyObject, reduceSchema, type GrammarSchema } from "./json-schema.ts";

/** Makes grammars from JSON schemas, and keeps the last ones: clients send the same schema with every call. */
export interface Grammars {
  /** @throws Problem json-mode-unmet */
  forSchema(schema: Readonly<Record<string, unknown>>): Promise<LlamaGrammar>;
  forAnyObject(): Promise<LlamaGrammar>;
  /**
   * A call of one of the tools, with arguments that fit its parameters.
   *
   * @throws Problem bad-input when a tool's parameters cannot be used
   */
  forCalls(tools: readonly Tool[]): Promise<LlamaGrammar>;
}

const kept = 32;

export function createGrammars(llama: Llama): Grammars {
  const known = new Map<string, Promise<LlamaGrammar>>();

  function compile(schema: GrammarSchema): Promise<LlamaGrammar> {
    const key = JSON.stringify(schema);
    const grammar = known.get(key) ?? compileNow(llama, schema);
    known.delete(key);
    known.set(key, grammar);
    for (const oldest of known.keys()) if (known.size > kept) known.delete(oldest);
    return grammar;
  }

  return {
    forSchema: async (schema) => compile(reduceSchema(schema)),
    forAnyObject: () => compile(anyObject),
    forCalls: async (tools) => compile({ oneOf: tools.map(callOf) }),
  };
}

async function compileNow(llama: Llama, schema: GrammarSchema): Promise<LlamaGrammar> {
  try {
    // `reduceSchema` makes nothing but what the compiler takes; its types are for schemas that are written in code.
    return await llama.createGrammarForJsonSchema(schema as unknown as { type: "string" });
  } catch (cause) {
    throw new Problem("json-mode-unmet", "the JSON schema cannot be made into a grammar; a simpler one may be", { cause });
  }
}

function callOf({ name, parameters }: Tool, index: number): GrammarSchema {
  return { type: "object", properties: { name: { const: name }, arguments: argumentsOf(parameters, index) } };
}

function argumentsOf(parameters: Tool["parameters"], index: number): GrammarSchema {
  if (!parameters) return { type: "object", properties: {} };
  try {
    return reduceSchema({ type: "object", ...parameters });
  } catch (thrown) {
    const { message } = Problem.from(thrown);
    throw new Problem("bad-input", `the parameters of a tool: ${message}`, { details: { field: `/tools/${index}/parameters` } });
  }
}
