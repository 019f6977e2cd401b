import { delimiter } from "node:path";
import * as z from "zod";
import { type PlanName, plans } from "../core/index.ts";

/** One thing that an operator can set: by flag, by environment variable, or in the configuration file. */
export interface Setting {
  readonly schema: z.ZodType;
  /** For `--help` and the documentation. */
  readonly about: string;
  /** What fits, as the end of "must be …". */
  readonly takes: string;
  /** What stands for a value in `--help`. */
  readonly value: string;
  /** What holds where nothing is set, in words, if the schema does not say it. */
  readonly otherwise?: string;
  /** Never shown, and an empty one is an error. */
  readonly secret?: true;
}

/** Flags and variables are text; the file may say it as JSON does. */
function whole(least: number, most: number) {
  const inRange = z.int().min(least).max(most);
  return z.union([inRange, z.string().regex(/^\d+$/).transform(Number).pipe(inRange)]);
}
const yesOrNo = z.union([z.boolean(), z.stringbool()]);
const text = z.string().min(1);
const seconds = z.union([z.literal("forever"), whole(0, 2_000_000)]);
const gpuLayers = z.union([z.literal("auto"), whole(0, 10_000)]);
const contextTokens = whole(256, 10_000_000);
const sequences = whole(1, 256);

/** What can be said of one model. */
const modelSetting = z.strictObject({
  threads: whole(1, 1024).optional(),
  gpuLayers: gpuLayers.optional(),
  contextTokens: contextTokens.optional(),
  sequences: sequences.optional(),
  keepAlive: seconds.optional(),
});
export type ModelSetting = z.output<typeof modelSetting>;
export const modelSettingNames = Object.keys(modelSetting.shape);

/** In a flag or a variable it is JSON too. */
function readJson(said: unknown): unknown {
  if (typeof said !== "string") return said;
  try {
    return JSON.parse(said);
  } catch {
    return said;
  }
}

const planNames = Object.keys(plans) as PlanName[]; // the keys of the table

/**
 * Every setting once. `GANGLION_STAND_INS`, `--stand-ins` and `"standIns"` are the same one: `variableOf` and `flagOf` make the names.
 */
export const settings = {
  host: {
    schema: text.default("127.0.0.1"),
    about: "address to listen on; 0.0.0.0 and :: are open to other machines, which needs a token that you chose or already have",
    takes: "an address or a host name",
    value: "address",
  },
  port: {
    schema: whole(0, 65_535).default(8686),
    about: "port to listen on; 0 takes any free one",
    takes: "a port from 0 to 65535",
    value: "port",
  },
  data: {
    schema: text.optional(),
    about: "folder of the database and of what belongs to this server",
    takes: "a folder",
    value: "folder",
    otherwise: "`./.ganglion` if that exists, else `~/.ganglion`",
  },
  database: {
    schema: text.optional(),
    about: "where accounts, tokens and the ledger are kept: `file:PATH` is SQLite",
    takes: "`file:` and the path of a SQLite file",
    value: "file:path",
    otherwise: "`ganglion.db` in the data folder",
  },
  accountId: {
    schema: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional(),
    about: "id of the first account, taken at the first start",
    takes: "32 hexadecimal digits in lower case",
    value: "id",
    otherwise: "made at the first start",
  },
  token: {
    schema: z
      .string()
      .regex(/^[\x21-\x7e]{8,256}$/)
      .optional(),
    about:
      "API token of the first account, which takes it at a start where it does not have it yet; the commands that ask a running server use it too",
    takes: "8 to 256 printable ASCII characters without spaces",
    value: "secret",
    otherwise: "made and shown once, at the first start",
    secret: true,
  },
  plan: {
    schema: z.enum(planNames).optional(),
    about: "plan of the first account from this start on: `free` refuses past 10,000 neurons a day, as Cloudflare does",
    takes: planNames.join(" or "),
    otherwise: "the plan it has, at first `unlimited`",
    value: "plan",
  },
  standIns: {
    schema: yesOrNo.default(false),
    about: "answer for a model whose weights are not here with the built-in model of its task, marked in the reply and in the ledger",
    takes: "true or false",
    value: "boolean",
  },
  retired: {
    schema: z.enum(["serve", "refuse"]).default("serve"),
    about: "what happens to models past Cloudflare's retirement date",
    takes: "serve or refuse",
    value: "what",
  },
  modelsFolder: {
    schema: text.optional(),
    about: "folder of the built-in models",
    takes: "a folder",
    value: "folder",
    otherwise: "`models` where Ganglion is installed",
  },
  weightsFolders: {
    schema: z.union([z.array(text), text.transform((paths) => paths.split(delimiter).filter((path) => path !== ""))]).default([]),
    about: `folders that have weights as OWNER/NAME/… or NAME/…, by their repositories, with \`${delimiter}\` between them; they are only read`,
    takes: "folders",
    value: "folders",
    otherwise: "Hugging Face's cache, which is always looked into",
  },
  threads: {
    schema: whole(1, 1024).optional(),
    about: "threads that a model computes with; as many as the machine has cores is slower where anything else runs",
    takes: "a whole number from 1",
    value: "number",
    otherwise: "all cores but one",
  },
  gpu: {
    schema: z.enum(["auto", "off"]).default("auto"),
    about: "`auto` computes on a GPU where there is one and its build of llama.cpp is installed (`npm run gpu`)",
    takes: "auto or off",
    value: "what",
  },
  gpuLayers: {
    schema: gpuLayers.default("auto"),
    about: "layers of each GGUF model that go to the GPU; `auto` takes as many as its memory has room for, 0 none",
    takes: "a whole number, or auto",
    value: "number",
  },
  contextTokens: {
    schema: contextTokens.default(8192),
    about:
      "prompt and answer together that a GGUF model holds, for each call that it answers at the same time; memory is taken for all of it",
    takes: "a number of tokens from 256",
    value: "tokens",
  },
  sequences: {
    schema: sequences.default(4),
    about: "calls that a GGUF model of texts answers at the same time; the others wait in line",
    takes: "a whole number from 1 to 256",
    value: "number",
  },
  captionModel: {
    schema: text.optional(),
    about: "Image-to-Text model that describes the pictures of documents which become Markdown",
    takes: "a model's name",
    value: "name",
    otherwise: "one that runs here",
  },
  detectionModel: {
    schema: text.optional(),
    about: "Object Detection model that tells the captionModel what is in a picture",
    takes: "a model's name",
    value: "name",
    otherwise: "one that runs here",
  },
  modelSettings: {
    schema: z.preprocess(readJson, z.record(z.string(), modelSetting).default({})),
    about: "`threads`, `gpuLayers`, `contextTokens`, `sequences` and `keepAlive` of single models, by their names",
    takes: 'JSON such as { "@cf/meta/llama-3-8b-instruct": { "threads": 8, "keepAlive": "forever" } }',
    value: "json",
    otherwise: "what the settings of those names say",
  },
  loadedModels: {
    schema: whole(1, 1000).optional(),
    about:
      "models in memory at the same time; an idle one makes room for the next, the least recently used first, here and where memory is short",
    takes: "a whole number from 1",
    value: "number",
    otherwise: "16; 4 where models may go to a GPU, whose memory is not counted beforehand",
  },
  keepAlive: {
    schema: seconds.default(300),
    about: "seconds that a model stays in memory when nobody asks it; then its process ends and the memory is free",
    takes: "a number of seconds from 0 to 2000000, or forever",
    value: "seconds",
  },
  queueLength: {
    schema: whole(1, 1_000_000).default(512),
    about: "calls of one model that run or wait at the same time, half of them at most from one account; more are told to come back",
    takes: "a whole number from 1",
    value: "number",
  },
  queueSeconds: {
    schema: whole(1, 86_400).default(60),
    about: "seconds that a call waits for its turn, or for memory that other models have",
    takes: "a number of seconds from 1 to 86400",
    value: "seconds",
  },
  moderationModel: {
    schema: text.optional(),
    about: "model that answers `/v1/moderations` where the client names none of ours: one of the Llama Guard family, or a text classifier",
    takes: "the name of a model",
    value: "model",
    otherwise: "a model of the Llama Guard family whose weights are here, else the text classifier",
  },
  deadline: {
    schema: whole(1, 86_400).default(600),
    about: "seconds that one call may take",
    takes: "a number of seconds from 1 to 86400",
    value: "seconds",
  },
  publicUrl: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    about: "where clients reach this server, for links to pictures; set it behind a proxy",
    takes: "a URL such as https://ai.example.org",
    value: "url",
    otherwise: "the address that the request came to",
  },
  imageDebugGet: {
    schema: yesOrNo.default(false),
    about: "let `GET /v1/chat/completions?debug=1&prompt=…&key=TOKEN` draw, for a try in a browser; the token is in the address then",
    takes: "true or false",
    value: "yes or no",
  },
  fileDays: {
    schema: whole(0, 36_500).default(0),
    about: "days after which pictures that answers linked to are removed; 0 keeps them for ever",
    takes: "a number of days from 0 to 36500",
    value: "days",
  },
  bodyLimit: {
    schema: whole(1_000, 1_000_000_000).default(32_000_000),
    about: "largest request body, in bytes",
    takes: "a number of bytes from 1000 to 1000000000",
    value: "bytes",
  },
  log: {
    schema: z.enum(["auto", "text", "json"]).default("auto"),
    about: "form of the log on stderr; `auto` is text on a terminal and JSON lines elsewhere",
    takes: "auto, text or json",
    value: "form",
  },
  logLevel: {
    schema: z.enum(["debug", "info", "warning", "error"]).default("info"),
    about: "least important lines that are logged",
    takes: "debug, info, warning or error",
    value: "level",
  },
} as const satisfies Record<string, Setting>;

/** The words that a setting takes, if it takes a few. */
export function choicesOf({ schema }: Setting): readonly string[] {
  let inner: z.core.$ZodType = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional) inner = inner.unwrap();
  return inner instanceof z.ZodEnum ? inner.options.map(String) : [];
}

export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as SettingName[]; // the keys of the table

export type Settings = { readonly [N in SettingName]: z.output<(typeof settings)[N]["schema"]> };

/** `standIns` as an environment variable: GANGLION_STAND_INS. */
export function variableOf(name: string): string {
  return `GANGLION_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}

/** `standIns` as a flag: --stand-ins. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, "-$&").toLowerCase()}`;
}

/** What holds where nothing is set, for people. */
export function defaultOf(name: SettingName): string {
  const setting: Setting = settings[name];
  return setting.otherwise ?? `\`${String(setting.schema.parse(undefined))}\``;
}
