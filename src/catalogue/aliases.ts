/**
 * Other names under which people ask for a model of the catalogue; lists show the true names only.
 * Prefixes such as `run/` and `workers-ai/` belong to the dialects.
 */
export const aliases: Readonly<Record<string, string>> = {
  // Guides in Portuguese and translated ones have "pt" where the name of the model has "en".
  "@cf/baai/bge-small-pt-v1.5": "@cf/baai/bge-small-en-v1.5",
  "@cf/baai/bge-base-pt-v1.5": "@cf/baai/bge-base-en-v1.5",
  "@cf/baai/bge-large-pt-v1.5": "@cf/baai/bge-large-en-v1.5",
  "@cf/openai/whisper-tiny-pt": "@cf/openai/whisper-tiny-en",
  // The model list of One API, and Cloudflare's page on LoRA, take the publisher's name at Hugging Face.
  "@hf/mistralai/mistral-7b-instruct-v0.2": "@hf/mistral/mistral-7b-instruct-v0.2",
  "@cf/mistralai/mistral-7b-instruct-v0.2-lora": "@cf/mistral/mistral-7b-instruct-v0.2-lora",
  // Its name until the spring of 2024, with the same UUID.
  "@cf/meta/detr-resnet-50": "@cf/facebook/detr-resnet-50",
};

/** The other names of a model, in the order of the table. */
export function aliasesOf(name: string): readonly string[] {
  return Object.keys(aliases).filter((alias) => aliases[alias] === name);
}
