import { type Media, Problem, type TaskId } from "../../core/index.ts";
import { type Ended, lastOf } from "../../gateway/index.ts";
import type { Receipt } from "../receipt.ts";
import type { RouteRequest } from "../route.ts";
import type { DescriptionLanguage } from "./options.ts";

const languages: Readonly<Record<DescriptionLanguage, string>> = {
  en: "English",
  es: "Spanish",
  fr: "French",
  it: "Italian",
  pt: "Portuguese",
  de: "German",
};

/** What a detector must be sure of, at least. */
const leastScore = 0.5;
const mostTokens = 512;

/**
 * A picture in words, as Cloudflare has it: the things that a first model finds are told to a second one, which describes the picture.
 * They are also said below the description, for many small models take no prompt. Both calls are booked like any other.
 *
 * @param callId unique for the picture
 * @param receipts takes what each model that answers has cost, also where the next one fails
 * @throws Problem of the gateway; and the signal's reason when the client has gone
 */
export async function describePicture(
  request: RouteRequest<unknown>,
  image: Media,
  language: DescriptionLanguage | undefined,
  callId: string,
  receipts: Receipt[],
): Promise<string> {
  const found = await thingsIn(request, image, `${callId}-things`);
  if (found) receipts.push(found);
  const things = found ? summaryOf(found.output.filter(({ score }) => score >= leastScore).map(({ label }) => label)) : "";
  const words = ["Describe this picture."];
  if (things !== "") words.push(`In it are: ${things}.`);
  if (language !== undefined) words.push(`Answer in ${languages[language]}.`);
  const told = await ask(request, "image-to-text", { image, prompt: words.join(" "), max_tokens: mostTokens }, callId);
  if (!told) throw request.signal.reason;
  receipts.push(told);
  return [told.output.description.trim(), ...(things === "" ? [] : [`Objects: ${things}`])].join("\n\n");
}

/** Where no such model is here, a description does without. */
async function thingsIn(request: RouteRequest<unknown>, image: Media, callId: string): Promise<Ended<"object-detection"> | undefined> {
  try {
    return await ask(request, "object-detection", { image }, callId);
  } catch (thrown) {
    if (thrown instanceof Problem && (thrown.code === "weights-missing" || thrown.code === "unknown-model")) return undefined;
    throw thrown;
  }
}

function ask<T extends TaskId>(
  { gateway, caller, signal, defaultModel }: RouteRequest<unknown>,
  task: T,
  input: Parameters<typeof gateway.run<T>>[0]["input"],
  id: string,
): Promise<Ended<T> | undefined> {
  return lastOf(gateway.run({ id, caller, task, model: defaultModel(task), input, signal }));
}

/** "2 circles" is written "circle (2)": labels come in any language and form. */
function summaryOf(labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => (count === 1 ? label : `${label} (${count})`)).join(", ");
}
