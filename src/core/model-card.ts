import type { Day, Price } from "./price.ts";
import type { TaskId } from "./task/task-id.ts";

/** One place that a model's files can come from, on a model hub or on this machine. */
export type WeightsSource =
  | (WeightsFacts & {
      readonly format: "gguf" | "onnx" | "other";
      /** `OWNER/NAME` on a model hub. */
      readonly repository: string;
      /** false marks a repository name that nobody here has seen in use. */
      readonly confirmed: boolean;
      /** The branch or tag, where the files are not on the main one. */
      readonly revision?: string;
      /** The file to take of those that there are. */
      readonly file?: string;
      readonly note?: string;
    })
  /** A GGUF file, of a split one the first part; of ONNX a folder as transformers.js lays it out; of flite, whose voices are in its program, a folder that describes them. */
  | (WeightsFacts & { readonly format: "gguf" | "onnx" | "flite"; readonly path: string });

interface WeightsFacts {
  /** Whose weights these are, where they are not the ones that the model's name says: "m2m100 418M" for m2m100-1.2b. */
  readonly substitute?: string;
}

/** What a model can do beyond its task. */
export interface Abilities {
  readonly tools?: boolean;
  readonly reasoning?: boolean;
  readonly vision?: boolean;
  readonly lora?: boolean;
  readonly json?: boolean;
  /** Says of a text whether it is safe, in the form of Llama Guard: `safe`, or `unsafe` and a line of codes. */
  readonly moderation?: boolean;
  /** Its vectors may be cut and normalised again. */
  readonly matryoshka?: boolean;
}

/** A model: what it is called, what it does, what it costs and where its weights are. Data, the same for every engine. */
export interface ModelCard {
  /** The true name, as lists show it: `@cf/meta/llama-3-8b-instruct`. */
  readonly name: string;
  /** Other names that find it. */
  readonly aliases: readonly string[];
  readonly task: TaskId;
  /** Which of the task's wire forms Workers AI speaks for this model. */
  readonly wireForm: string;
  readonly description: string;
  /** Prompt and answer together, in tokens; undefined where nobody has said. */
  readonly contextTokens: number | undefined;
  /** Empty: the model costs nothing, and its quantities are booked all the same. */
  readonly price: Price;
  readonly weights: readonly WeightsSource[];
  readonly origin: "catalogue" | "built-in" | "local";
  readonly abilities: Abilities;
  /** Length of a vector, for models that make them. */
  readonly dimensions?: number;
  /** How token vectors become one when the call does not say; absent: as the model's authors say in its files. */
  readonly pooling?: "mean" | "cls";
  /** The UUID that Cloudflare's catalogue has for it, where known. */
  readonly id?: string;
  readonly parameters?: string;
  readonly beta?: boolean;
  readonly partner?: boolean;
  /** Cloudflare refuses it on the free plan (code 5035). */
  readonly paidPlanOnly?: boolean;
  /** The day Cloudflare retires it; shown, and obeyed only with `retired: "refuse"`. */
  readonly retiresOn?: Day;
  /** Unix seconds; the OpenAI model list must have a number. */
  readonly createdAt: number;
}

/** Finds a card by its name or an alias; both maps are made once. */
export interface Models {
  /** In the order of lists. */
  readonly all: readonly ModelCard[];
  find(name: string): ModelCard | undefined;
}
