import { describeOnnx } from "../conformance.ts";
import { sample, tinyListen } from "./speech.case.ts";

const models = { "automatic-speech-recognition": tinyListen };
const inputs = { "automatic-speech-recognition": { audio: sample("speech.wav") } };

describeOnnx("with speech", { models, inputs });
