import { Problem, type TaskId } from "../../core/index.ts";
import type { Configuration } from "../configuration.ts";
import { connect } from "../connection.ts";
import { readModels } from "../models.ts";
import type { Asked, RunOptions } from "../run/asked.ts";
import { chat } from "../run/chat.ts";
import { readInput } from "../run/input.ts";
import { describePicture, draw, findInPicture, namePicture } from "../run/pictures.ts";
import { withSpinner } from "../run/spinner.ts";
import { speak, transcribe } from "../run/sounds.ts";
import { classify, embed, rank, summarize, translate } from "../run/texts.ts";

const answers: { readonly [T in TaskId]: (asked: Asked) => Promise<void> } = {
  "text-generation": chat,
  "text-embeddings": embed,
  "text-classification": classify,
  reranking: rank,
  "text-to-image": draw,
  "automatic-speech-recognition": transcribe,
  translation: translate,
  "image-classification": namePicture,
  "object-detection": findInPicture,
  summarization: summarize,
  "image-to-text": describePicture,
  "text-to-speech": speak,
};

/** Asks a model once and shows what it says: words on stdout, pictures and sounds as files. */
export async function run(configuration: Configuration, name: string, words: readonly string[], options: RunOptions): Promise<void> {
  const model = readModels(configuration).find(name);
  if (!model) throw new Problem("unknown-model", `there is no model ${JSON.stringify(name)}; \`ganglion models\` lists them`);
  const { prompt, file } = await readInput(model.task, words, options.file);
  const leaving = new AbortController();
  const leave = () => {
    process.exitCode = 130;
    leaving.abort();
  };
  process.once("SIGINT", leave);
  process.once("SIGTERM", leave);
  const connection = await connect(configuration);
  const patient: typeof connection = {
    ...connection,
    send: (path, request) => withSpinner(`asking ${model.name}`, process.stderr, connection.send(path, request)),
  };
  try {
    await answers[model.task]({ model, connection: patient, prompt, file, options, signal: leaving.signal });
  } catch (thrown) {
    if (!leaving.signal.aborted) throw thrown;
  } finally {
    await connection.close();
  }
}
