import { Problem } from "../core/index.ts";
import type { ListedFile } from "./listed-file.ts";

export interface GgufWish {
  /** This file, or the split one that it is a part of. */
  readonly file?: string | undefined;
  /** `Q4_K_M`, in whatever case. Before `file`, which a catalogue says and not the caller. */
  readonly quant?: string | undefined;
}

/**
 * The best answer for its size first, by what is commonly measured: 4-bit K-quants lose little; below them, and without K, more; above
 * 8 bits the files grow and the answers do not get better.
 */
const preferred = (
  "Q4_K_M Q5_K_M Q4_K_XL Q5_K_XL Q4_K_L Q5_K_L Q4_K_S Q5_K_S Q6_K Q8_0 MXFP4 IQ4_NL IQ4_XS Q4_1 Q4_0 Q5_1 Q5_0 " +
  "Q3_K_L Q3_K_M IQ3_M Q3_K_S F16 BF16 F32"
).split(" ");

interface Candidate {
  readonly name: string;
  readonly files: readonly ListedFile[];
  readonly quant: string;
}

/**
 * The one GGUF of a repository that serves, as its parts in order; most have one part.
 *
 * @throws Problem `not-found`, which says what there is
 */
export function chooseGguf<F extends Pick<ListedFile, "path">>(files: readonly F[], wish: GgufWish, repository: string): readonly F[] {
  const candidates = candidatesIn(files);
  const named = wish.file !== undefined && wish.quant === undefined;
  const fitting = named
    ? candidates.filter((candidate) => candidate.files.some(({ path }) => path === wish.file))
    : wish.quant !== undefined
      ? candidates.filter(({ quant }) => quant === normal(wish.quant ?? ""))
      : best(candidates);
  const [only] = fitting;
  if (only && fitting.length === 1) return only.files;
  throw unclear(repository, fitting.length > 0 ? fitting : candidates, fitting.length > 0, wish);
}

function best<C extends { readonly quant: string }>(candidates: readonly C[]): readonly C[] {
  if (candidates.length === 1) return candidates;
  const quant = preferred.find((name) => candidates.some((candidate) => candidate.quant === name));
  return candidates.filter((candidate) => candidate.quant === quant);
}

function candidatesIn<F extends Pick<ListedFile, "path">>(files: readonly F[]) {
  const groups = new Map<string, { parts: Map<number, F>; count: number }>();
  for (const file of files) {
    const [, stem, part, count] = /^(.+?)(?:-(\d{5})-of-(\d{5}))?\.gguf$/i.exec(file.path) ?? [];
    if (stem === undefined || isExtra(stem)) continue;
    const key = count === undefined ? stem : `${stem}-of-${count}`;
    const group = groups.get(key) ?? { parts: new Map<number, F>(), count: Number(count ?? 1) };
    group.parts.set(Number(part ?? 1), file);
    groups.set(key, group);
  }
  return [...groups].flatMap(([key, { parts, count }]) => {
    const ordered = Array.from({ length: Math.min(count, 1000) }, (_, i) => parts.get(i + 1));
    if (!ordered.every((file) => file !== undefined)) return []; // a part is missing
    return [{ name: ordered[0]?.path ?? key, files: ordered, quant: quantOf(key.replace(/-of-\d{5}$/, "")) }];
  });
}

/** Files that go with a model and are none: projectors of pictures, what a quantisation was measured on, small ones that guess ahead. */
function isExtra(stem: string): boolean {
  return /(^|[/._-])(mmproj|imatrix|mtp|draft)([._-]|$)/i.test(stem);
}

/** `model-Q4_K_M`, `model.q8_0`, `model-UD-Q4_K_XL`: how the numbers are written is at the end of a name. */
function quantOf(stem: string): string {
  return normal(/(?:^|[/._-])((?:i?q|tq)\d(?:_[a-z0-9]+)*|b?f16|fp16|fp?32|mxfp4)(?:_moe)?$/i.exec(stem)?.[1] ?? "");
}

function normal(quant: string): string {
  return quant.toUpperCase().replace(/^UD-/, "").replace(/^FP/, "F");
}

function unclear(repository: string, candidates: readonly Pick<Candidate, "name">[], several: boolean, wish: GgufWish): Problem {
  const names = candidates.map(({ name }) => name);
  const shown = names.length > 12 ? `${names.slice(0, 12).join(", ")} and ${names.length - 12} more` : names.join(", ");
  if (names.length === 0) return new Problem("not-found", `${repository} has no GGUF file`);
  const wanted = wish.quant !== undefined ? `GGUF with ${normal(wish.quant)}` : wish.file !== undefined ? `file ${wish.file}` : undefined;
  return new Problem(
    "not-found",
    several || wanted === undefined
      ? `${repository} has several GGUF files that would do; name one of them: ${shown}`
      : `${repository} has no ${wanted}; it has ${shown}`,
  );
}
