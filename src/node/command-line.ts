import { inspect } from "node:util";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type Permission, permissions, plans, Problem } from "../core/index.ts";
import type { CreateAccountOptions } from "./commands/accounts.ts";
import type { UsageOptions } from "./commands/usage.ts";
import type { DevOptions } from "./commands/dev.ts";
import type { AddOptions } from "./commands/add.ts";
import type { MarkdownOptions } from "./commands/markdown.ts";
import type { ModelsOptions } from "./commands/models.ts";
import type { PullCommandOptions } from "./commands/pull.ts";
import type { RunOptions } from "./run/asked.ts";
import { type Configuration, readConfiguration } from "./configuration.ts";
import { version } from "./installation.ts";
import { choicesOf, defaultOf, flagOf, type Setting, type SettingName, settingNames, settings, variableOf } from "./settings.ts";

/** 0 done, 1 failed with a line on stderr, 2 wrong usage, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

/** Runs one command, says on stderr why it failed, and returns the exit code. */
export async function runCommandLine(words: readonly string[]): Promise<ExitCode> {
  try {
    await createProgram().parseAsync(words.length === 0 ? ["--help"] : words, { from: "user" });
    return process.exitCode === 130 ? 130 : 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2; // it has said why
    process.stderr.write(`ganglion: ${sentenceOf(thrown)}\n`);
    return 1;
  }
}

/** No stack traces, but for those who ask for them. */
function sentenceOf(thrown: unknown): string {
  if (process.env["NODE_DEBUG"]?.includes("ganglion") && thrown instanceof Error) {
    return `${thrown.stack}${thrown.cause === undefined ? "" : `\ncaused by ${inspect(thrown.cause)}`}`;
  }
  if (thrown instanceof Problem) return thrown.message;
  const [line] = String(thrown instanceof Error ? thrown.message : thrown).split("\n");
  return `this should not happen: ${line} (NODE_DEBUG=ganglion shows where)`;
}

/** The commands. What they need is loaded when one of them runs, so that `--help` is quick. */
function createProgram(): Command {
  const program = new Command("ganglion")
    .description("Runs AI models behind the API of Cloudflare Workers AI and of OpenAI, and books what they use in neurons.")
    .version(version(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print this, or the help of a command")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "ganglion: ")) })
    .showHelpAfterError("`ganglion --help` shows what there is.")
    .addHelpText(
      "after",
      `
Examples:
  ganglion serve                                   start the server; the first time it prints an API token
  ganglion run @ganglion/tiny-chat "Hello"         ask a model from the terminal
  ganglion run @ganglion/tiny-sentiment "I like it"  every kind of model: pictures, recordings, translation, …
  ganglion ps                                      what the server has in memory; \`ganglion stop MODEL\` takes it out
  ganglion models llama --task "Text Generation"   what there is, and what runs here
  ganglion pull @cf/qwen/qwen1.5-0.5b-chat         fetch a model's weights
  ganglion add @me/qwen ~/models/qwen.gguf         give a GGUF file on disk a name
  ganglion usage                                   what was used today
  ganglion dev                                     wrangler dev, with env.AI answered here`,
    );

  add(program, "serve", "start the server", settingNames)
    .addHelpText("after", filesText)
    .action(async (options: object) => {
      const { serve } = await import("./commands/serve.ts");
      await serve(configurationOf(options));
    });

  describe(
    program.command("dev"),
    "run `wrangler dev` for the Worker in this folder, with env.AI answered here; wrangler.jsonc stays as it is",
  )
    .option("-c, --config <file>", "wrangler's configuration file")
    .option("-e, --env <name>", "environment of that file")
    .option("--port <port>", "port of the Worker (default: the file's, else 8787)", wholeNumber)
    .option("--ip <address>", "address of the Worker (default: the file's, else localhost)")
    .addHelpText(
      "after",
      "\nA server is started for it, with the built-in models, unless GANGLION_URL and GANGLION_TOKEN name one that runs. See docs/workers.md.",
    )
    .action(async (options: DevOptions) => {
      const { dev } = await import("./commands/dev.ts");
      await dev(options);
    });

  add(program, "run <model> [prompt...]", "ask a model: words, pictures and sounds in and out", ["data", "standIns", "threads", "gpu"])
    .description(
      "Asks a model and shows its answer. Without a prompt, or with -, the prompt is read from stdin; models of pictures and recordings take the path of one. Runs in this process, or, where a server has the data folder, there; either way the first account pays.",
    )
    .option("--file <path>", "a picture, a recording or a text for the model; - is stdin")
    .option("--output <path>", "where to write the picture or the sound (default: picture.png, speech.wav); - is stdout")
    .option("--from <language>", "language of the text or the recording: en, or english")
    .option("--to <language>", "language to translate into: es, or spanish")
    .option("--size <WxH>", "size of a picture in pixels: 512x512", pictureSize)
    .option("--steps <number>", "steps in which a picture is drawn", wholeNumber)
    .option("--seed <number>", "the same seed gives the same answer", wholeNumber)
    .option("--voice <name>", "who reads aloud")
    .option("--system <text>", "instructions that come before the prompt")
    .option("--max-tokens <number>", "most tokens of the answer", wholeNumber)
    .option("--temperature <number>", "0 is the likeliest answer, more is more random", decimal)
    .option("--json", "print the whole reply as the API gives it")
    .addHelpText(
      "after",
      `
Examples:
  ganglion run @ganglion/tiny-chat "Hello"
  ganglion run @cf/facebook/detr-resnet-50 street.jpg
  ganglion run @cf/openai/whisper talk.mp3
  ganglion run @cf/meta/m2m100-1.2b --from en --to es "Good morning"
  ganglion run @cf/black-forest-labs/flux-1-schnell "a red fox" --output fox.png
  ganglion run @cf/baai/bge-reranker-base "how do I reset it?" --file answers.txt`,
    )
    .action(async (model: string, prompt: string[], options: RunOptions) => {
      const { run } = await import("./commands/run.ts");
      await run(configurationOf(options), model, prompt, options);
    });

  add(program, "markdown <files...>", "show what is in documents and pictures, as Markdown", ["data", "captionModel", "detectionModel"])
    .option("--text", "without the marks of Markdown")
    .option("--images", "describe the pictures in documents too")
    .option("--json", "print all answers as the API gives them")
    .action(async (files: string[], options: MarkdownOptions) => {
      const { markdown } = await import("./commands/markdown.ts");
      await markdown(configurationOf(options), files, options);
    });

  add(program, "ps", "what the running server has in memory", ["data"])
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean }) => {
      const { ps } = await import("./commands/ps.ts");
      await ps(configurationOf(options), options);
    });

  add(program, "stop <model>", "take a model out of the running server's memory, when its calls have ended", ["data"])
    .option("--now", "at once: calls that run in it fail")
    .action(async (model: string, options: { now?: boolean }) => {
      const { stop } = await import("./commands/stop.ts");
      await stop(configurationOf(options), model, options);
    });

  add(program, "models [search]", "list models, and which of them run here", ["data", "standIns"])
    .option("--task <task>", 'only this task: "Text Generation" or text-generation')
    .option("--here", "only models that run here")
    .option("--local", "only models whose weights are on this machine, with their sizes and places")
    .option("--include-retired", "also models that Cloudflare has retired")
    .option("--json", "print JSON")
    .action(async (search: string | undefined, options: ModelsOptions) => {
      const { models } = await import("./commands/models.ts");
      models(configurationOf(options), search, options);
    });

  addWeights(program);

  add(program, "add <name> <path>", "give a GGUF file or a folder of ONNX files on disk a name; it stays where it is", ["data"])
    .option("--task <task>", "what an ONNX model does, where its files do not say it: Text-to-Image, text-embeddings, …")
    .action(async (name: string, path: string, options: AddOptions) => {
      const command = await import("./commands/add.ts");
      await command.add(configurationOf(options), name, path, options);
    });

  addAccounts(program);
  addTokens(program);

  add(program, "usage", "what an account used today, by model", ["data"])
    .option("--account <id>", "another account than the first one")
    .option("--day <YYYY-MM-DD>", "another day (UTC)", day)
    .option("--json", "print JSON")
    .action(async (options: UsageOptions) => {
      const { usage } = await import("./commands/usage.ts");
      await usage(configurationOf(options), options);
    });
  return program;
}

function addWeights(program: Command): void {
  add(program, "pull [model]", "fetch a model's weights from Hugging Face, or go on where a fetch was cut off", ["data"])
    .description(
      "Fetches a model's weights from Hugging Face, or from the hub that HF_ENDPOINT names, with HF_TOKEN where it is set. hf:OWNER/NAME or hf:OWNER/NAME:FILE is any repository with a GGUF. What is fetched is checked and written into weights.json, and later pulls bring the same bytes. Without a model: all that weights.json has.",
    )
    .option("--from <repository>", "another repository than the model's card names: OWNER/NAME or OWNER/NAME:FILE")
    .option("--quant <name>", "how the numbers are written: Q4_K_M, Q8_0, … of a GGUF; fp32, fp16, q8, … of ONNX")
    .option("--update", "move on to the newest revision")
    .option("--name <name>", "what to call a model of hf:OWNER/NAME (default: @hf/OWNER/NAME)")
    .action(async (model: string | undefined, options: PullCommandOptions) => {
      const { pull } = await import("./commands/pull.ts");
      await pull(configurationOf(options), model, options);
    });

  add(program, "rm <model>", "delete what was pulled of a model, or forget one that was added", ["data"]).action(
    async (model: string, options: object) => {
      const { rm } = await import("./commands/rm.ts");
      await rm(configurationOf(options), model);
    },
  );
}

function addAccounts(program: Command): void {
  const accounts = describe(program.command("accounts"), "make and list accounts: who pays, each with a plan and tokens of its own");

  add(accounts, "create", "make an account; its tokens are made with `ganglion tokens create --account ID`", ["data"])
    .option("--name <name>", "whose it is", "unnamed")
    .addOption(new Option("--plan <plan>", "what is free, billed and refused").choices(Object.keys(plans)).default("unlimited"))
    .option("--id <id>", "32 hexadecimal digits (default: made at random)")
    .option("--json", "print JSON")
    .action(async ({ plan, ...options }: CreateAccountOptions) => {
      const { createAccount } = await import("./commands/accounts.ts");
      await createAccount(configurationOf(options), { ...options, plan }); // the setting of this name is the first account's
    });

  add(accounts, "list", "list accounts, the first one first", ["data"])
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean }) => {
      const { listAccounts } = await import("./commands/accounts.ts");
      await listAccounts(configurationOf(options), options);
    });
}

function addTokens(program: Command): void {
  const tokens = describe(program.command("tokens"), "make, list and revoke API tokens");

  add(tokens, "create", "make a token; it is printed once", ["data"])
    .option("--name <name>", "what it is for", "unnamed")
    .addOption(
      new Option("--permissions <list>", `what it may do: ${permissions.join(", ")}`)
        .argParser(permissionList)
        .default(["run", "read", "edit"], "run,read,edit"),
    )
    .option("--account <id>", "another account than the first one")
    .option("--json", "print JSON")
    .action(async (options: { name: string; permissions: Permission[]; account?: string; json?: boolean }) => {
      const { createToken } = await import("./commands/tokens.ts");
      await createToken(configurationOf(options), options);
    });

  add(tokens, "list", "list tokens; secrets are not kept, so none is shown", ["data"])
    .option("--account <id>", "another account than the first one")
    .option("--all", "revoked ones too")
    .option("--json", "print JSON")
    .action(async (options: { account?: string; all?: boolean; json?: boolean }) => {
      const { listTokens } = await import("./commands/tokens.ts");
      await listTokens(configurationOf(options), options);
    });

  add(tokens, "revoke <id>", "end a token; running servers refuse it within a second", ["data"])
    .option("--account <id>", "another account than the first one")
    .action(async (id: string, options: { account?: string }) => {
      const { revokeToken } = await import("./commands/tokens.ts");
      await revokeToken(configurationOf(options), id, options);
    });
}

const filesText = `
Every setting can be a flag, an environment variable or a line of a configuration file, in this order. The file is ganglion.jsonc in the
current folder, else in the data folder, or the one that --config or GANGLION_CONFIG names: { "port": 8686, "standIns": true }`;

/** A command with some of the settings as its flags. */
function add(parent: Command, nameAndArguments: string, description: string, flags: readonly SettingName[]): Command {
  const command = describe(parent.command(nameAndArguments), description);
  for (const name of flags) {
    const option = flagFor(name);
    if (option) command.addOption(option);
  }
  return command.addOption(new Option("--config <file>", "configuration file [GANGLION_CONFIG]"));
}

/** What a command says of itself in the list of its siblings, in its own help, and when it is used wrongly. */
function describe(command: Command, description: string): Command {
  const names: string[] = [];
  for (let one: Command | null = command; one; one = one.parent) names.unshift(one.name());
  return command
    .summary(description)
    .description(sentence(description))
    .helpOption("-h, --help", "print this")
    .helpCommand(false)
    .showHelpAfterError(`\`${names.join(" ")} --help\` shows what there is.`);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** A secret has no flag: every user of a machine can read the arguments of its processes. */
function flagFor(name: SettingName): Option | undefined {
  const setting: Setting = settings[name];
  if (setting.secret) return undefined;
  const isSwitch = setting.schema.safeParse("true").data === true;
  const about = `${setting.about} (default: ${defaultOf(name)}) [${variableOf(name)}]`.replaceAll("`", "");
  if (isSwitch) return new Option(flagOf(name), about);
  const choices = choicesOf(setting);
  return new Option(`${flagOf(name)} <${choices.length > 0 ? choices.join("|") : setting.value}>`, about).argParser((value) => {
    const parsed = setting.schema.safeParse(value);
    if (!parsed.success) throw new InvalidArgumentError(`It must be ${setting.takes}.`);
    return parsed.data;
  });
}

/** An option of a command that has a setting's name is that setting: give it another name where it means something else. */
function configurationOf(options: object): Configuration {
  const known = new Set<string>([...settingNames, "config"]);
  const flags = Object.fromEntries(Object.entries(options).filter(([name]) => known.has(name)));
  return readConfiguration({ flags, environment: process.env, folder: process.cwd() });
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(value);
}

function pictureSize(value: string): string {
  if (!/^\d{2,4}x\d{2,4}$/.test(value)) throw new InvalidArgumentError("It must be a size such as 512x512.");
  return value;
}

function decimal(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) throw new InvalidArgumentError("It must be a number.");
  return number;
}

function day(value: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value)))
    throw new InvalidArgumentError("It must be a day such as 2026-11-25.");
  return value;
}

function permissionList(value: string): Permission[] {
  return value.split(",").map((word) => {
    const found = permissions.find((permission) => permission === word.trim());
    if (!found) throw new InvalidArgumentError(`Permissions are ${permissions.join(", ")}, with commas between them.`);
    return found;
  });
}
