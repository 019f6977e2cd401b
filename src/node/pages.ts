import { type ModelCard, priceList, type ProblemCode, problems, taskOf } from "../core/index.ts";
import { dialects, openapi } from "../dialects/index.ts";
import { catalogueCards as catalogue } from "../catalogue/index.ts";
import { compatibilityPage, type SeenClient } from "./compatibility-page.ts";
import { settingsPage } from "./settings-page.ts";

/**
 * The pages under docs/ that the code writes, by file. `npm run docs` writes them and CI compares.
 *
 * @param seen what clients have asked for in the tests
 */
export function pages(version: string, seen: readonly SeenClient[]): Record<string, string> {
  return {
    "docs/openapi.json": `${JSON.stringify(openapi(dialects, version), null, 1)}\n`,
    "docs/problems.md": problemsPage(),
    "docs/models.md": modelsPage(catalogue),
    "docs/compatibility.md": `${note}\n\n${compatibilityPage(seen)}`,
    "docs/configuration.md": `${note}\n\n${settingsPage()}`,
  };
}

const note = "<!-- Written by `npm run docs`; change the code, not this page. -->";

function problemsPage(): string {
  const codes = Object.keys(problems) as ProblemCode[]; // the keys of the table
  const sound = (name: string, code: ProblemCode) => dialects.find((dialect) => dialect.name === name)?.sound(code) ?? "";
  const rows = codes.map((code) => {
    const { retry, means } = problems[code];
    return `| \`${code}\` | ${means} | ${retry ? "yes" : "no"} | ${sound("workers-ai", code)} | ${sound("openai", code)} |`;
  });
  return `${note}

# Problems

Everything that can go wrong, and how each API says it. \`x-should-retry: false\` goes with those that will not go away by trying again;
\`retry-after\` is sent for short waits only.

| problem | means | try again | Workers AI | OpenAI |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

/** Prices of a fixed day, so that the page changes only when the data does. */
const pricesOn = "2026-11-24";

function modelsPage(cards: readonly ModelCard[]): string {
  const byTask = new Map<string, ModelCard[]>();
  for (const card of cards) {
    const label = taskOf(card.task).label;
    byTask.set(label, [...(byTask.get(label) ?? []), card]);
  }
  const sections = [...byTask].map(([label, list]) => {
    const rows = list.map((card) => {
      const price = priceList(card.price, pricesOn).map(({ unit, price: dollars }) => `$${dollars} ${unit}`);
      const aliases = card.aliases.map((alias) => `\`${alias}\``).join(" ");
      return `| \`${card.name}\` | ${card.contextTokens ?? ""} | ${price.join(", ")} | ${aliases} | ${weightsText(card)} |`;
    });
    return `## ${label}\n\n| model | context | price | also found as | weights |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  return `${note}

# Models

The catalogue: names, context windows in tokens and today's prices. Dollars are rounded for the eye; bills are computed in neurons.
Whether a model can run here depends on its weights: \`ganglion models\` says, and \`ganglion pull\` brings those that are GGUF or ONNX
from the repositories of the last column. A question mark means that nobody has confirmed that the repository exists and has this model:
\`pull\` tries it after those without one, and warns when that is where the files came from. \`--from OWNER/NAME\` takes them from a repository
that you know. Where the weights are others than the model's name says, it says whose.

What comes with Ganglion (\`@ganglion/tiny-…\`) is on [a page of its own](../models/README.md). The echo models (\`@ganglion/echo\`,
\`echo-picture\`, \`echo-speech\`, \`echo-transcript\`, \`echo-translation\`) are no models: they say back what they got, paint stripes and play
tones, at once and always the same. They are for trying a client's connection and for tests whose answer must be known beforehand, and never
stand in for anything.

${sections.join("\n")}`;
}

function weightsText({ weights }: ModelCard): string {
  const repositories = weights.flatMap((source) => {
    if (!("repository" in source)) return [];
    const { format, repository, confirmed, substitute } = source;
    const instead = substitute === undefined ? "" : ` (${substitute})`;
    return [`${format === "other" ? "" : `${format.toUpperCase()} `}\`${repository}\`${confirmed ? "" : "?"}${instead}`];
  });
  return repositories.join(", ");
}
