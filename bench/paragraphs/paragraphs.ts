import { readFileSync } from "node:fs";
import { startServer } from "../footprint/started-server.ts";
import { inRounds, pairs } from "../rounds.ts";
import type { Suite } from "../suite.ts";

const cases = ["200 paragraphs to /translate"] as const;
const variants = ["at once", "one by one"] as const;

/** A page as Immersive Translate sends it: a request for each paragraph, all of them at once. */
export const paragraphs: Suite = async ({ folder, rounds, quick, progress }) => {
  const lines = readFileSync("models/tiny-translate/held-out.jsonl", "utf8").split("\n", quick ? 20 : 200);
  const texts = lines.filter(Boolean).map((line) => (JSON.parse(line) as { en: string }).en); // our own file
  const server = await startServer(folder);

  async function translate(text: string): Promise<string | undefined> {
    const response = await fetch(`${server.url}/translate?token=${server.token}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text, source_lang: "EN", target_lang: "ES" }),
    });
    const { data } = (await response.json()) as { data?: string };
    return response.ok ? data : undefined;
  }

  async function read(how: (typeof variants)[number]) {
    const began = performance.now();
    const answers: (string | undefined)[] = [];
    if (how === "at once") answers.push(...(await Promise.all(texts.map(translate))));
    else for (const text of texts) answers.push(await translate(text));
    return { seconds: (performance.now() - began) / 1000, answers };
  }

  await translate("Hello!"); // loads the model
  const { "200 paragraphs to /translate": samples } = await inRounds(rounds, cases, variants, (of, how) => {
    progress(`paragraphs: ${of}, ${how}`);
    return read(how);
  });
  await server.end();
  const [[of], { "at once": together, "one by one": alone }] = [cases, samples];
  const wrong = pairs(
    together,
    alone,
    (a, b) => texts.filter((_, i) => a.answers[i] === undefined || a.answers[i] !== b.answers[i]).length,
  );
  return {
    rows: [
      {
        of,
        what: "paragraphs per second, at once / one by one",
        unit: "",
        rounds: pairs(together, alone, (a, b) => b.seconds / a.seconds),
        target: { least: 1 },
      },
      { of, what: "all of them, at once", unit: "ms", rounds: together.map(({ seconds }) => seconds * 1000) },
      { of, what: "dropped, or another answer than alone", unit: "", rounds: wrong, target: { most: 0 } },
    ],
    samples: Object.fromEntries(variants.map((how) => [how, samples[how].map(({ seconds }) => seconds)])),
  };
};
