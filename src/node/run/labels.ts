import { styleText } from "node:util";
import * as z from "zod";
import { coloursWanted, tableText } from "../table.ts";

export const scoredLabels = z.array(z.object({ label: z.string(), score: z.number() }));

const barWidth = 24;
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Labels with their scores, and on a terminal a bar for each. */
export function labelTable(labels: z.output<typeof scoredLabels>): string {
  const colours = coloursWanted();
  const rows = labels.map(({ label, score }) => {
    const bar = process.stdout.isTTY ? barOf(score) : "";
    return [label, percent(score), colours ? styleText("cyan", bar) : bar];
  });
  return tableText(["LABEL", "SCORE", ""], rows, colours);
}

/** Of a share from 0 to 1, an eighth of a character exact. */
export function barOf(share: number): string {
  const parts = Math.round(Math.min(1, Math.max(0, share)) * barWidth * 8);
  return "█".repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? "");
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1).padStart(5)} %`;
}
