import { Problem } from "../core/index.ts";
import type { ListedFile } from "./listed-file.ts";

/** How a graph's numbers are written, by the end of its file's name. The most exact first; transformers.js has the same names. */
const endings: Readonly<Record<string, string>> = {
  fp32: "",
  fp16: "_fp16",
  q8: "_quantized",
  int8: "_int8",
  uint8: "_uint8",
  q4f16: "_q4f16",
  q4: "_q4",
  bnb4: "_bnb4",
};

/** What goes with the graphs: a model's configuration, its tokenizer, and how its input is prepared. */
const companion = new RegExp(
  "^((config|generation_config|preprocessor_config|processor_config|special_tokens_map|added_tokens|vocab|modules|model_index|" +
    "scheduler_config|sentence_bert_config|normalizer|tokenizer|tokenizer_config|chat_template)\\.json" +
    "|(vocab|merges)\\.txt|chat_template\\.jinja|[\\w.-]+\\.(model|spm))$",
);

interface Graph {
  readonly path: string;
  readonly folder: string;
  /** `encoder_model` */
  readonly stem: string;
  /** A key of `endings`, or what a name has at its end that we know no use for. */
  readonly quant: string;
}

type Named = Pick<ListedFile, "path">;

/**
 * The files of a repository that make one model: each of its graphs once, the weights beside them, configuration and tokenizer. Three
 * layouts are known: graphs in `onnx/` (transformers.js), in the top folder, or each in a folder of its own (diffusers).
 *
 * @param quant such as `q8` or `fp16`; undefined takes the most exact that each graph has
 * @throws Problem `not-found`, which says what there is
 */
export function chooseOnnx<F extends Named>(files: readonly F[], quant: string | undefined, repository: string): readonly F[] {
  const graphs = graphsIn(files);
  const pipeline = files.some(({ path }) => path === "model_index.json");
  const layouts = [
    graphs.filter(({ folder }) => folder === "onnx/"),
    graphs.filter(({ folder, stem }) => pipeline && /^[^/]+\/$/.test(folder) && stem === "model"),
    graphs.filter(({ folder }) => folder === ""),
  ];
  const laid = layouts.find((layout) => layout.length > 0) ?? [];
  if (laid.length === 0) throw new Problem("not-found", `${repository} has no ONNX graphs in a layout that is known here`);
  const chosen = withoutTwins(oneOfEach(laid, quant, repository));
  const folders = new Set(["", "1_Pooling/", ...(pipeline ? foldersOf(files) : [])]);
  return files.filter(({ path }) => {
    const { folder, name } = split(path);
    if (companion.test(name) && folders.has(folder)) return true;
    return chosen.some((graph) => path === graph.path || isDataOf(graph, path));
  });
}

function graphsIn(files: readonly Named[]): Graph[] {
  const paths = files.map(({ path }) => path).filter((path) => path.endsWith(".onnx"));
  return paths.map((path) => {
    const { folder, name } = split(path);
    const whole = name.slice(0, -".onnx".length);
    for (const [quant, ending] of Object.entries(endings)) {
      if (ending !== "" && whole.endsWith(ending)) return { path, folder, stem: whole.slice(0, -ending.length), quant };
    }
    // `model_O4` and `model_qint8_avx512` are made from `model` for some machine; which one cannot be known here.
    const base = paths.map(split).find((other) => other.folder === folder && whole.startsWith(`${other.name.slice(0, -".onnx".length)}_`));
    const rest = base && whole.slice(base.name.length - ".onnx".length + 1);
    if (rest !== undefined && /^(o[1-4]|opt|u?int\d|qu?int8|q4|q8|arm64|avx)/i.test(rest)) {
      return { path, folder, stem: whole.slice(0, -rest.length - 1), quant: rest };
    }
    return { path, folder, stem: whole, quant: "fp32" };
  });
}

function oneOfEach(graphs: readonly Graph[], quant: string | undefined, repository: string): Graph[] {
  const stems = new Map<string, Graph[]>();
  for (const graph of graphs) stems.set(graph.folder + graph.stem, [...(stems.get(graph.folder + graph.stem) ?? []), graph]);
  return [...stems.values()].flatMap((variants) => {
    const wanted = quant === undefined ? Object.keys(endings) : [quant];
    const found = wanted.map((name) => variants.find((variant) => variant.quant === name)).find((variant) => variant !== undefined);
    if (found) return [found];
    if (quant === undefined) return variants.slice(0, 1);
    const names = [...new Set(graphs.map((graph) => graph.quant))].join(", ");
    throw new Problem("not-found", `${repository} has no ${variants[0]?.stem ?? "graph"} with ${quant}; it has ${names}`);
  });
}

/** A merged decoder does what the two others do, one for the first token and one for the rest. */
function withoutTwins(graphs: readonly Graph[]): Graph[] {
  const merged = graphs.some(({ stem }) => stem === "decoder_model_merged");
  return graphs.filter(({ stem }) => !merged || !/^decoder(_with_past)?_model$|^decoder_with_past$/.test(stem));
}

/** Weights too large for the graph's own file: `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data`, or `weights.pb` beside it. */
function isDataOf(graph: Graph, path: string): boolean {
  if (path.startsWith(`${graph.path}_data`) || path === `${graph.path}.data`) return true;
  return path === `${graph.folder}weights.pb`;
}

function foldersOf(files: readonly Named[]): string[] {
  return files.map(({ path }) => split(path).folder).filter((folder) => /^[^/]+\/$/.test(folder));
}

function split(path: string): { folder: string; name: string } {
  const at = path.lastIndexOf("/") + 1;
  return { folder: path.slice(0, at), name: path.slice(at) };
}
