import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { taskOfFolder } from "./folder-task.ts";
import { modelFolders } from "./models.case.ts";

const folders = modelFolders();
afterAll(() => folders.remove());

describe("the task of a folder", () => {
  it.each([
    ["ResNetForImageClassification", "image-classification"],
    ["DetrForObjectDetection", "object-detection"],
    ["VisionEncoderDecoderModel", "image-to-text"],
    ["WhisperForConditionalGeneration", "automatic-speech-recognition"],
    ["M2M100ForConditionalGeneration", "translation"],
    ["MarianMTModel", "translation"],
    ["BartForConditionalGeneration", "summarization"],
    ["DistilBertForSequenceClassification", "text-classification"],
    ["BertModel", "text-embeddings"],
    ["LlamaForCausalLM", undefined],
    ["", undefined],
  ])("of a %s is %s", async (architecture, task) => {
    expect(await taskOfFolder(folders.folder({ "config.json": { architectures: [architecture] } }))).toBe(task);
  });

  it("of a classifier with one label is to rank", async () => {
    const config = { architectures: ["XLMRobertaForSequenceClassification"], id2label: { 0: "LABEL_0" } };
    expect(await taskOfFolder(folders.folder({ "config.json": config }))).toBe("reranking");
  });

  it("of a pipeline of diffusers is to draw", async () => {
    expect(await taskOfFolder(folders.folder({ "model_index.json": {} }))).toBe("text-to-image");
  });

  it("is not guessed from files that are none", async () => {
    expect(await taskOfFolder(folders.folder({ "config.json": "{" }))).toBeUndefined();
    expect(await taskOfFolder(folders.folder({ "config.json": { architectures: 3 } }))).toBeUndefined();
    expect(await taskOfFolder("/nonexistent")).toBeUndefined();
  });

  it("of the models that come along is theirs", async () => {
    const models = fileURLToPath(new URL("../../../models/", import.meta.url));
    expect(await taskOfFolder(`${models}tiny-shapes/classify`)).toBe("image-classification");
    expect(await taskOfFolder(`${models}tiny-shapes/detect`)).toBe("object-detection");
  });
});
