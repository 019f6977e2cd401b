import { type Call, type Engine, type Part, Problem, type TaskId } from "../../core/index.ts";
import { createSoundWriter, isWritableSound, readRecording, writableSounds } from "../../media/index.ts";
import { type FliteProgram, openFlite, type Voice, voices } from "./program.ts";
import { piecesOf } from "./sentences.ts";

/** Samples in a second, of every voice. */
const rate = 16_000;

/** Reads English aloud with flite, a speech synthesizer of rules and small recorded voices: no network of neurons, and none of a graphics card. */
export function createFliteEngine(): Engine {
  let opening: Promise<FliteProgram> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** One piece at a time: each has the program's whole memory. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  }

  async function* speak({ input, model, signal, deadline }: Call<"text-to-speech">): AsyncGenerator<Part<"text-to-speech">> {
    const { format = "mp3", speed = 1 } = input;
    if (!isWritableSound(format))
      throw refusal("/response_format", `${model.name} makes ${writableSounds.join(", ")}; ask for one of them`);
    if (input.lang !== undefined && !/^en\b/i.test(input.lang)) throw refusal("/lang", `${model.name} reads English only`);
    const pieces = piecesOf(input.text);
    if (pieces.length === 0) throw refusal("/text", "there is nothing in the text that an English voice can read");
    const character = input.text.length;
    yield { type: "begin", usage: { character } };

    const voice = voiceOf(input.voice);
    const flite = await (opening ??= openFlite());
    const writer = await createSoundWriter(format, rate);
    let samples = 0;
    const usage = () => ({ character, "audio-second": Math.ceil((samples / rate) * 1000) / 1000 });
    for (const piece of pieces) {
      const bytes = await inTurn(async () => (signal.aborted ? undefined : flite.read(piece, voice, speed)));
      if (bytes === undefined || signal.aborted) return;
      if (Date.now() > deadline) throw new Problem("timed-out", `${model.name} did not end before the deadline`);
      const sound = await readRecording({ bytes, mediaType: "audio/wav" }, { rate, signal, field: "/text" });
      samples += sound.length;
      yield { type: "delta", usage: usage(), delta: { audio: await writer.add(sound.samples(0, sound.length)) } };
    }
    const rest = await writer.end();
    if (rest.length > 0) yield { type: "delta", usage: usage(), delta: { audio: rest } };
    const audio = { bytes: writer.file(), mediaType: writer.mediaType };
    yield { type: "end", usage: usage(), output: { audio, duration: Math.round((samples / rate) * 1000) / 1000 } };
  }

  async function* run<T extends TaskId>(call: Call<T>): AsyncGenerator<Part<T>> {
    if (call.signal.aborted) return;
    if (call.task !== "text-to-speech") throw new Problem("task-unsupported", `flite does no ${call.task}`);
    if (!call.model.weights.some((source) => source.format === "flite")) {
      throw new Problem("weights-missing", `${call.model.name} is no voice of flite`, { details: { files: [] } });
    }
    if (Date.now() > call.deadline) throw new Problem("timed-out", `${call.model.name} did not end before the deadline`);
    try {
      yield* speak(call as Call<"text-to-speech">) as AsyncGenerator<Part<T>>; // the task was just looked at
    } catch (thrown) {
      if (!call.signal.aborted) throw Problem.from(thrown, `${call.model.name} could not read this text; the server's log says why`);
    }
  }

  return {
    name: "flite",
    run,
    async close() {
      await last;
      opening = undefined;
    },
  };
}

function refusal(field: string, message: string): Problem {
  return new Problem("bad-input", message, { details: { field } });
}

/** Programs send the names of other makers' voices; those are read by the first. */
function voiceOf(asked: string | undefined): Voice {
  return voices.find((voice) => voice === asked || (asked === "kal" && voice === "kal16")) ?? voices[0];
}
