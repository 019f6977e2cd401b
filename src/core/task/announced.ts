import * as z from "zod";
import { defineTask } from "./task.ts";

/**
 * Tasks of the catalogue that are listed and priced, and not served yet: their models are found, and a call says so.
 * A task leaves this file for one of its own, with its words, when an engine runs it.
 */
function announced(label: string, id: string | undefined, description: string) {
  return defineTask({ label, id, description, input: z.never(), delta: z.never(), output: z.never(), bound: () => ({}), wire: {} });
}

export const textToImage = announced("Text-to-Image", "3d6e1f35-341b-4915-a6c8-9a7142a9033a", "Draws a picture from a description");
export const automaticSpeechRecognition = announced(
  "Automatic Speech Recognition",
  "dfce1c48-2a81-462e-a7fd-de97ce985207",
  "Writes down what is said in a recording",
);
export const translation = announced("Translation", "f57d07cb-9087-487a-bbbf-bc3e17fecc4b", "Writes a text in another language");
export const imageClassification = announced("Image Classification", "00cd182b-bf30-4fc4-8481-84a3ab349657", "Names what a picture shows");
export const objectDetection = announced(
  "Object Detection",
  "9c178979-90d9-49d8-9e2c-0f1cf01815d4",
  "Finds the things in a picture and where they are",
);
export const summarization = announced("Summarization", "6f4e65d8-da0f-40d2-9aa4-db582a5a04fd", "Makes a long text short");
export const imageToText = announced("Image-to-Text", "882a91d1-c331-4eec-bdad-834c919942a8", "Describes a picture in words");
export const textToSpeech = announced("Text-to-Speech", "b52660a1-9a95-4ab2-8b1d-f232be34604a", "Reads a text aloud");
