import { describeOnnx } from "../conformance.ts";
import { drawings, tinyCaption, tinyClassify, tinyDetect } from "./pictures.case.ts";

const [drawing] = drawings("classify");
const [scene] = drawings("detect");
if (!drawing || !scene) throw new Error("no drawings to test with");

const models = { "image-classification": tinyClassify, "object-detection": tinyDetect, "image-to-text": tinyCaption };
const inputs = {
  "image-classification": { image: drawing.image },
  "object-detection": { image: scene.image },
  "image-to-text": { image: scene.image, max_tokens: 20 },
};

describeOnnx("with pictures", { models, inputs });
