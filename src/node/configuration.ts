import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { nearest, Problem } from "../core/index.ts";
import { shippedModels } from "./installation.ts";
import {
  flagOf,
  modelSettingNames,
  type Setting,
  type SettingName,
  settingNames,
  type Settings,
  settings,
  variableOf,
} from "./settings.ts";

/** What one run of the program works with; every path is absolute. */
export interface Configuration extends Settings {
  readonly data: string;
  /** Path of the SQLite file. */
  readonly database: string;
  readonly modelsFolder: string;
  readonly hub: HubConfiguration;
}

/** From the variables that every program around Hugging Face goes by, and that are no settings of ours. */
export interface HubConfiguration {
  /** HF_ENDPOINT */
  readonly endpoint: string;
  /** HF_TOKEN */
  readonly token: string | undefined;
  /** HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME */
  readonly cache: string;
}

export interface Sources {
  /** By setting; `config` is the path of the file. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Relative paths and the default file are looked for here. */
  readonly folder: string;
}

/** A value, and where it was said, for messages. */
interface Said {
  readonly value: unknown;
  readonly where: string;
}

/**
 * Flags before environment variables before the file.
 *
 * @throws Problem `bad-setting` for what is unknown or does not fit
 */
export function readConfiguration({ flags = {}, environment, folder }: Sources): Configuration {
  const variables = readVariables(environment);
  const fromFlags = sayings(flags, flagOf);
  const early = { ...variables, ...fromFlags };
  const earlyData = early.data && absolute(folder, String(early.data.value));
  const file = readFile(early.config, folder, earlyData ?? defaultData(folder));
  const said: Partial<Record<string, Said>> = { ...file, ...early };

  const values = Object.fromEntries(settingNames.map((name) => [name, valueOf(name, said[name])]));
  const read = values as unknown as Settings; // each value is what the setting's own schema made
  const data = read.data === undefined ? defaultData(folder) : absolute(folder, read.data);
  return {
    ...read,
    data,
    database: databaseFile(read.database, folder) ?? join(data, "ganglion.db"),
    modelsFolder: read.modelsFolder === undefined ? shippedModels : absolute(folder, read.modelsFolder),
    weightsFolders: read.weightsFolders.map((path) => absolute(folder, path)),
    hub: hubOf(environment, folder),
  };
}

/** Source of the names: huggingface.co/docs/huggingface_hub/package_reference/environment_variables. */
function hubOf(environment: Sources["environment"], folder: string): HubConfiguration {
  const said = (name: string) => environment[name] || undefined;
  const home = said("HF_HOME") ?? join(said("XDG_CACHE_HOME") ?? join(homedir(), ".cache"), "huggingface");
  return {
    endpoint: said("HF_ENDPOINT") ?? "https://huggingface.co",
    token: said("HF_TOKEN"),
    cache: absolute(folder, said("HF_HUB_CACHE") ?? join(home, "hub")),
  };
}

function valueOf(name: SettingName, said: Said | undefined): unknown {
  const setting: Setting = settings[name];
  const parsed = setting.schema.safeParse(said?.value);
  if (parsed.success) return parsed.data;
  const shown = setting.secret ? "" : `, not ${JSON.stringify(said?.value)?.slice(0, 100)}`;
  const [issue] = parsed.error.issues;
  const inside = issue?.path.map((key) => JSON.stringify(key)).join(", ");
  const where = `${said?.where ?? name}${inside ? `, at ${inside},` : ""}`;
  if (issue?.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    throw unknownName(`${where} has ${JSON.stringify(key.slice(0, 100))}, which there is not`, key, modelSettingNames);
  }
  throw new Problem("bad-setting", `${where} must be ${setting.takes}${shown}`);
}

/** With what was most likely meant, or else with all that there is. */
function unknownName(sentence: string, name: string, known: readonly string[]): Problem {
  const meant = nearest(name, known);
  return new Problem(
    "bad-setting",
    meant === undefined ? `${sentence}; there are ${known.join(", ")}` : `${sentence}; did you mean ${meant}?`,
  );
}

function sayings(values: Readonly<Record<string, unknown>>, nameOf: (name: string) => string): Partial<Record<string, Said>> {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined.map(([name, value]) => [name, { value, where: nameOf(name) }]));
}

/** Kubernetes sets these for a service of our name, and GANGLION_PORT=tcp://… too. They are nobody's settings. */
const ofKubernetes = /^GANGLION_(SERVICE_|PORT_\d)/;

function readVariables(environment: Sources["environment"]): Partial<Record<string, Said>> {
  const names = new Map([...settingNames, "config", "url"].map((name) => [variableOf(name), name]));
  const said: Partial<Record<string, Said>> = {};
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith("GANGLION_") || value === undefined || ofKubernetes.test(variable) || value.startsWith("tcp://")) continue;
    const name = names.get(variable);
    if (name === undefined) throw unknownName(`there is no setting ${variable}`, variable, [...names.keys()]);
    // `NAME=` is how scripts say that nothing is set. An empty secret would be a trap.
    if (value !== "" || name === "token") said[name] = { value, where: variable };
  }
  return said;
}

function readFile(named: Said | undefined, folder: string, data: string): Partial<Record<string, Said>> {
  const candidates = named ? [absolute(folder, String(named.value))] : [join(folder, "ganglion.jsonc"), join(data, "ganglion.jsonc")];
  const path = candidates.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    if (named) throw new Problem("bad-setting", `${named.where} names ${candidates[0]}, and there is no such file`);
    return {};
  }
  const content = parseFile(path);
  const names = [...settingNames, "$schema"];
  const unknown = Object.keys(content).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw unknownName(`there is no setting ${JSON.stringify(unknown)} (in ${path})`, unknown, settingNames);
  }
  return sayings(content, (name) => `"${name}" in ${path}`);
}

function parseFile(path: string): Readonly<Record<string, unknown>> {
  let source: string;
  try {
    source = readFileSync(path, "utf8");
  } catch (thrown) {
    throw new Problem("bad-setting", `${path} cannot be read`, { cause: thrown });
  }
  const errors: ParseError[] = [];
  const content: unknown = parse(source, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const line = source.slice(0, error.offset).split("\n").length;
    throw new Problem("bad-setting", `${path} is no JSON with comments: ${wordsOf(error.error)} in line ${line}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new Problem("bad-setting", `${path} must hold an object: { "port": 8686 }`);
  }
  return { ...content };
}

/** The parser's names for what is wrong, in words. Source: github.com/microsoft/node-jsonc-parser, printParseErrorCode. */
const parseErrors: Readonly<Record<string, string>> = {
  PropertyNameExpected: "the name of a setting in quotes is missing",
  ValueExpected: "a value is missing",
  ColonExpected: "a colon is missing",
  CommaExpected: "a comma is missing",
  CloseBraceExpected: "a } is missing",
  CloseBracketExpected: "a ] is missing",
  EndOfFileExpected: "something comes after its end",
  UnexpectedEndOfComment: "a comment has no end",
  UnexpectedEndOfString: "a text has no end",
  InvalidNumberFormat: "something is no number",
  UnexpectedEndOfNumber: "a number has no end",
};

function wordsOf(error: ParseError["error"]): string {
  return parseErrors[printParseErrorCode(error)] ?? "something cannot be read";
}

function databaseFile(said: string | undefined, folder: string): string | undefined {
  if (said === undefined) return undefined;
  const [, path] = /^file:(?:\/\/)?(.+)$/.exec(said) ?? [];
  if (path !== undefined) return absolute(folder, path);
  throw new Problem("bad-setting", `the database must be file: and the path of a SQLite file; this version knows no other kind`);
}

function defaultData(folder: string): string {
  const here = join(folder, ".ganglion");
  return existsSync(here) ? here : join(homedir(), ".ganglion");
}

function absolute(folder: string, path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : resolve(folder, path);
}
