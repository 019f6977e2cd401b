import { describe, expect, it } from "vitest";
import { taskOf } from "../core/index.ts";
import { aliases } from "./aliases.ts";
import { catalogueCards } from "./cards.ts";

/** Every name in github.com/cloudflare/cloudflare-docs, src/content/workers-ai-models and its former places, 2023-09 to 2026-10. */
const everListed = {
  "@cf/deepseek-ai":
    "deepseek-math-7b-instruct deepseek-r1-distill-qwen-32b deepseek-v4-flash-0731 deepseek-v4-pro-0813 deepseek-math-7b-base",
  "@cf/defog": "sqlcoder-7b-2",
  "@cf/fblgit": "una-cybertron-7b-v2-awq una-cybertron-7b-v2-bf16",
  "@cf/google": "gemma-2b-it-lora gemma-7b-it-lora embeddinggemma-300m gemma-3-12b-it gemma-4-26b-a4b-it",
  "@cf/meta-llama": "llama-2-7b-chat-hf-lora",
  "@cf/meta":
    "llama-2-7b-chat-fp16 llama-2-7b-chat-int8 llama-3-8b-instruct llama-3-8b-instruct-awq m2m100-1.2b llama-3.1-70b-instruct llama-3.1-8b-instruct llama-3.1-8b-instruct-awq llama-3.1-8b-instruct-fp8 llama-3.1-8b-instruct-fast llama-3.1-8b-instruct-fp8-fast llama-3.1-70b-instruct-fp8-fast llama-3.2-11b-vision-instruct llama-3.2-1b-instruct llama-3.2-3b-instruct llama-3.3-70b-instruct-fp8-fast llama-4-scout-17b-16e-instruct llama-guard-3-8b",
  "@cf/microsoft": "phi-2 resnet-50",
  "@cf/mistral": "mistral-7b-instruct-v0.1 mistral-7b-instruct-v0.1-vllm mistral-7b-instruct-v0.2-lora",
  "@cf/openchat": "openchat-3.5-0106",
  "@cf/qwen":
    "qwen1.5-0.5b-chat qwen1.5-1.8b-chat qwen1.5-7b-chat-awq qwen1.5-14b-chat-awq qwen2.5-coder-32b-instruct qwen3-30b-a3b-fp8 qwen3-embedding-0.6b qwen3.8-27b qwq-32b",
  "@cf/thebloke": "discolm-german-7b-v1-awq",
  "@cf/tiiuae": "falcon-7b-instruct",
  "@cf/tinyllama": "tinyllama-1.1b-chat-v1.0",
  "@hf/google": "gemma-7b-it",
  "@hf/mistral": "mistral-7b-instruct-v0.2",
  "@hf/nexusflow": "starling-lm-7b-beta",
  "@hf/nousresearch": "hermes-2-pro-mistral-7b",
  "@hf/thebloke":
    "codellama-7b-instruct-awq deepseek-coder-6.7b-base-awq deepseek-coder-6.7b-instruct-awq llama-2-13b-chat-awq llamaguard-7b-awq mistral-7b-instruct-v0.1-awq neural-chat-7b-v3-1-awq openhermes-2.5-mistral-7b-awq zephyr-7b-beta-awq mixtral-8x7b-instruct-v0.1-awq openchat_3.5-awq orca-2-13b-awq starling-lm-7b-alpha-awq yarn-mistral-7b-64k-awq",
  "@cf/baai": "bge-base-en-v1.5 bge-large-en-v1.5 bge-small-en-v1.5 bge-m3 bge-reranker-base omni-bge-base-en-v1.5",
  "@cf/bytedance": "stable-diffusion-xl-lightning",
  "@cf/lykon": "dreamshaper-8-lcm",
  "@cf/runwayml": "stable-diffusion-v1-5-img2img stable-diffusion-v1-5-inpainting",
  "@cf/stabilityai": "stable-diffusion-xl-base-1.0",
  "@cf/openai": "whisper whisper-sherpa whisper-tiny-en gpt-oss-120b gpt-oss-20b whisper-large-v3-turbo",
  "@cf/huggingface": "distilbert-sst-2-int8",
  "@cf/facebook": "detr-resnet-50 bart-large-cnn",
  "@cf/swiss-ai": "apertus-v1.5-8b",
  "@cf/deepgram": "aura-1 aura-2-en aura-2-es flux nova-3",
  "@cf/cloudflare": "clef clef-flash clef-omni",
  "@cf/utter-project": "eurollm-9b-it",
  "@cf/black-forest-labs": "flux-1-schnell flux-2-dev flux-2-klein-4b flux-2-klein-9b",
  "@cf/aisingapore": "gemma-sea-lion-v4-27b-it",
  "@cf/zai-org": "glm-4.7-flash glm-5.2 glm-5.3 glm-5.3-flash",
  "@cf/ibm-granite": "granite-4.0-h-micro",
  "@cf/ai4bharat": "indictrans2-en-indic-1B",
  "@cf/moonshotai": "kimi-k2.5 kimi-k2.6 kimi-k2.7-code",
  "@cf/llava-hf": "llava-1.5-7b-hf",
  "@cf/leonardo": "lucid-origin phoenix-1.0",
  "@cf/myshell-ai": "melotts",
  "@hf/meta-llama": "meta-llama-3-8b-instruct",
  "@cf/mistralai": "mistral-small-3.1-24b-instruct",
  "@cf/moondream": "moondream3.1-9B-A2B",
  "@cf/nvidia": "nemotron-3-120b-a12b",
  "@cf/pfnet": "plamo-embedding-1b",
  "@cf/pipecat-ai": "smart-turn-v2",
  "@cf/unum": "uform-gen2-qwen-500m",
};

/** The names that guides of 2024 tell people to type. */
const typedByPeople = {
  "@cf/deepseek-ai": "deepseek-math-7b-instruct",
  "@cf/defog": "sqlcoder-7b-2",
  "@cf/fblgit": "una-cybertron-7b-v2-awq una-cybertron-7b-v2-bf16",
  "@cf/google": "gemma-2b-it-lora gemma-7b-it-lora",
  "@cf/meta-llama": "llama-2-7b-chat-hf-lora",
  "@cf/meta": "llama-2-7b-chat-fp16 llama-2-7b-chat-int8 llama-3-8b-instruct llama-3-8b-instruct-awq m2m100-1.2b",
  "@cf/microsoft": "phi-2 resnet-50",
  "@cf/mistral": "mistral-7b-instruct-v0.1 mistral-7b-instruct-v0.1-vllm mistral-7b-instruct-v0.2-lora",
  "@cf/openchat": "openchat-3.5-0106",
  "@cf/qwen": "qwen1.5-0.5b-chat qwen1.5-1.8b-chat qwen1.5-7b-chat-awq qwen1.5-14b-chat-awq",
  "@cf/thebloke": "discolm-german-7b-v1-awq",
  "@cf/tiiuae": "falcon-7b-instruct",
  "@cf/tinyllama": "tinyllama-1.1b-chat-v1.0",
  "@hf/google": "gemma-7b-it",
  "@hf/mistral": "mistral-7b-instruct-v0.2",
  "@hf/nexusflow": "starling-lm-7b-beta",
  "@hf/nousresearch": "hermes-2-pro-mistral-7b",
  "@hf/thebloke":
    "codellama-7b-instruct-awq deepseek-coder-6.7b-base-awq deepseek-coder-6.7b-instruct-awq llama-2-13b-chat-awq llamaguard-7b-awq mistral-7b-instruct-v0.1-awq neural-chat-7b-v3-1-awq openhermes-2.5-mistral-7b-awq zephyr-7b-beta-awq",
  "@cf/baai": "bge-base-en-v1.5 bge-large-en-v1.5 bge-small-en-v1.5",
  "@cf/bytedance": "stable-diffusion-xl-lightning",
  "@cf/lykon": "dreamshaper-8-lcm",
  "@cf/runwayml": "stable-diffusion-v1-5-img2img stable-diffusion-v1-5-inpainting",
  "@cf/stabilityai": "stable-diffusion-xl-base-1.0",
  "@cf/openai": "whisper whisper-sherpa whisper-tiny-en",
  "@cf/huggingface": "distilbert-sst-2-int8",
  "@cf/facebook": "detr-resnet-50",
};

const namesIn = (byPublisher: Record<string, string>) =>
  Object.entries(byPublisher).flatMap(([publisher, names]) => names.split(" ").map((name) => `${publisher}/${name}`));
const names = catalogueCards.map(({ name }) => name);
const card = (name: string) => catalogueCards.find((one) => one.name === name);

describe("names", () => {
  it("has the 123 models that Workers AI has ever listed, and no other", () => {
    expect(namesIn(everListed)).toHaveLength(123);
    expect(names.toSorted()).toEqual(namesIn(everListed).toSorted());
  });

  it("has the 51 models of the guides", () => {
    expect(namesIn(typedByPeople)).toHaveLength(51);
    expect(namesIn(typedByPeople).filter((name) => !names.includes(name))).toEqual([]);
  });

  it("has names, aliases and ids that are used once", () => {
    const used = [...names, ...catalogueCards.flatMap((one) => one.aliases)];
    expect(new Set(used).size).toBe(used.length);
    const ids = catalogueCards.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("gives every alias to a model that is there", () => {
    expect(catalogueCards.flatMap((one) => one.aliases).toSorted()).toEqual(Object.keys(aliases).toSorted());
    expect(card("@cf/baai/bge-small-en-v1.5")?.aliases).toEqual(["@cf/baai/bge-small-pt-v1.5"]);
    expect(card("@hf/mistral/mistral-7b-instruct-v0.2")?.aliases).toEqual(["@hf/mistralai/mistral-7b-instruct-v0.2"]);
  });
});

describe("what a card says", () => {
  it("describes a model in words of its own", () => {
    expect(card("@cf/meta/llama-3-8b-instruct")?.description).toBe(
      "Llama 3 8B Instruct: 8-billion-parameter chat model by Meta, context of 7,968 tokens",
    );
    expect(card("@cf/baai/bge-small-en-v1.5")?.description).toBe(
      "BGE Small English v1.5: 33-million-parameter embedding model by BAAI, context of 512 tokens, vectors of 384 numbers",
    );
    expect(card("@cf/deepgram/nova-3")?.description).toBe("Nova-3: speech recognition model by Deepgram");
    expect(catalogueCards.filter(({ description }) => /undefined|NaN/.test(description))).toEqual([]);
  });

  it("names a wire form that its task has, where the task is served", () => {
    const unknown = catalogueCards.filter(({ task, wireForm }) => {
      const forms = Object.keys(taskOf(task).wire);
      return forms.length > 0 && !forms.includes(wireForm);
    });
    expect(unknown.map(({ name }) => name)).toEqual([
      "@cf/cloudflare/clef",
      "@cf/cloudflare/clef-flash",
      "@cf/cloudflare/clef-omni",
      "@cf/black-forest-labs/flux-2-dev",
      "@cf/black-forest-labs/flux-2-klein-4b",
      "@cf/black-forest-labs/flux-2-klein-9b",
      "@cf/deepgram/flux",
      "@cf/ai4bharat/indictrans2-en-indic-1B",
      "@cf/moondream/moondream3.1-9B-A2B",
      "@cf/deepgram/nova-3",
      "@cf/pipecat-ai/smart-turn-v2",
    ]);
  });

  it.each([
    ["@cf/meta/llama-3.1-8b-instruct", "generated-text"],
    ["@cf/openai/gpt-oss-20b", "chat-completion"],
    ["@cf/qwen/qwen3-30b-a3b-fp8", "chat-completion"],
    ["@cf/qwen/qwq-32b", "generated-text"],
    ["@cf/google/gemma-3-12b-it", "generated-text"],
    ["@cf/google/gemma-4-26b-a4b-it", "chat-completion"],
    ["@cf/baai/bge-large-en-v1.5", "embedding"],
    ["@cf/baai/bge-m3", "embedding-or-scores"],
    ["@cf/qwen/qwen3-embedding-0.6b", "queries-or-documents"],
    ["@cf/baai/bge-reranker-base", "scores"],
    ["@cf/huggingface/distilbert-sst-2-int8", "labels"],
  ])("has %s speak %s", (name, wireForm) => {
    expect(card(name)?.wireForm).toBe(wireForm);
  });

  it("gives every embedding model the length of its vectors and of its context", () => {
    const embeddings = catalogueCards.filter(({ task }) => task === "text-embeddings");
    expect(
      Object.fromEntries(embeddings.map(({ name, dimensions, contextTokens }) => [name.split("/")[2], [dimensions, contextTokens]])),
    ).toEqual({
      "bge-small-en-v1.5": [384, 512],
      "bge-base-en-v1.5": [768, 512],
      "bge-large-en-v1.5": [1024, 512],
      "omni-bge-base-en-v1.5": [768, 512],
      "bge-m3": [1024, 8192],
      "embeddinggemma-300m": [768, 2048],
      "plamo-embedding-1b": [2048, 4096],
      "qwen3-embedding-0.6b": [1024, 8192],
    });
  });

  it("pools the English BGE models as Cloudflare does, not as their authors do", () => {
    expect(card("@cf/baai/bge-base-en-v1.5")?.pooling).toBe("mean");
    expect(card("@cf/baai/bge-m3")?.pooling).toBeUndefined();
  });

  it("marks the seven models that need a paid plan", () => {
    expect(catalogueCards.filter(({ paidPlanOnly }) => paidPlanOnly).map(({ name }) => name)).toEqual([
      "@cf/deepseek-ai/deepseek-v4-flash-0731",
      "@cf/deepseek-ai/deepseek-v4-pro-0813",
      "@cf/zai-org/glm-5.2",
      "@cf/zai-org/glm-5.3",
      "@cf/zai-org/glm-5.3-flash",
      "@cf/moonshotai/kimi-k2.6",
      "@cf/moonshotai/kimi-k2.7-code",
    ]);
  });

  it("has a day of creation in seconds: the launch of Workers AI where it is not known", () => {
    expect(card("@cf/openai/gpt-oss-20b")?.createdAt).toBe(Date.UTC(2025, 7, 5) / 1000);
    expect(card("@cf/defog/sqlcoder-7b-2")?.createdAt).toBe(Date.UTC(2023, 8, 27) / 1000);
  });

  it("cannot be changed", () => {
    const first = catalogueCards[0];
    expect(() => Object.assign(first ?? {}, { name: "other" })).toThrow(TypeError);
    expect(() => Object.assign(first?.price ?? {}, { 0: undefined })).toThrow(TypeError);
  });
});
