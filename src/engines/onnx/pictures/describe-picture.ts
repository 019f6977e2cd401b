import type { Call, ImageToTextInput, Part, Usage } from "../../../core/index.ts";
import { openPicture } from "../../../media/index.ts";
import { createSearch, type Search } from "../text-to-text/search.ts";
import type { Work } from "../work.ts";
import { captionModels, type CaptionModel } from "./caption-model.ts";
import { createSampling } from "./sampling.ts";

/**
 * Words about a picture: an encoder looks at it, and a decoder writes token by token, as vit-gpt2 and its kin do. Such models describe
 * and answer no questions: a prompt changes nothing.
 */
export const describePicture: Work<"image-to-text", CaptionModel> = { loader: captionModels, run };

async function* run({ input }: Call<"image-to-text">, model: CaptionModel, signal: AbortSignal): AsyncGenerator<Part<"image-to-text">> {
  const { preparation, decoder, generation, turns, textOf } = model;
  const picture = await openPicture(input.image, "/image");
  preparation.sizeOf(picture);
  let usage: Usage = { image: 1 };
  yield { type: "begin", usage };

  const search = searchFor(input, model);
  let single = true;
  let draft = await turns.take(async () => {
    const encoded = await model.look(await preparation.prepare(picture));
    usage = { ...usage, "input-token": encoded.states.dims[1] ?? 0 };
    return decoder.begin(encoded, [generation.first]);
  }, signal);
  let told = "";
  for (let rows = 1; rows > 0; rows = search.ways.length) {
    search.choose(Array.from({ length: rows }, (_, row) => draft.scores(row)));
    usage = { ...usage, "output-token": search.best.made };
    const text = textOf(search.best.tokens);
    single &&= search.ways.length <= 1;
    // Of several ways the best may change until the end, and a character may be half written.
    if (single && text.startsWith(told) && text.length > told.length && !text.endsWith("\ufffd")) {
      yield { type: "delta", usage, delta: { text: text.slice(told.length) } };
      told = text;
    }
    const [now, ways] = [draft, search.ways];
    if (ways.length > 0) {
      const [from, tokens] = [ways.map((way) => way.from), ways.map((way) => way.token)];
      draft = await turns.take(() => decoder.goOn(now, from, tokens), signal);
    }
  }
  const description = textOf(search.best.tokens);
  if (description.length > told.length) yield { type: "delta", usage, delta: { text: description.slice(told.length) } };
  yield { type: "end", usage, output: { description } };
}

/** As the model's authors search for the best text, unless the call asks for chance. */
function searchFor(input: ImageToTextInput, { generation: { choosing, first, minLength }, most }: CaptionModel): Search {
  const bounds = { first, least: minLength - first.length, most: Math.min(input.max_tokens, most) };
  const { temperature, top_k, top_p } = input;
  const byChance = temperature === undefined ? top_k !== undefined || top_p !== undefined : temperature > 0;
  return byChance ? createSampling(choosing, bounds, input) : createSearch(choosing, bounds);
}
