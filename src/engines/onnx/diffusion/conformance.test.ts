import { describeOnnx } from "../conformance.ts";
import { tinyDraw } from "./diffusion.case.ts";

const models = { "text-to-image": tinyDraw };
const inputs = { "text-to-image": { prompt: "a red circle on blue", num_steps: 3 } };

describeOnnx("with a diffusion model", { models, inputs });
