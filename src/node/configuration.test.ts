import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readConfiguration, type Sources } from "./configuration.ts";
import { flagOf, settingNames, settings, variableOf } from "./settings.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "ganglion-configuration-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

function read(sources: Partial<Sources>) {
  return readConfiguration({ environment: {}, folder: folderWith(), ...sources });
}

describe("readConfiguration", () => {
  it("needs nothing: it listens on this machine only, on port 8686, with data in ~/.ganglion", () => {
    const data = join(homedir(), ".ganglion");
    expect(read({})).toMatchObject({
      host: "127.0.0.1",
      port: 8686,
      data,
      database: join(data, "ganglion.db"),
      standIns: false,
      plan: undefined,
    });
  });

  it("takes flags before variables before the file", () => {
    const folder = folderWith({ "ganglion.jsonc": '{ "port": 1, "threads": 1, "deadline": 1 }' });
    const environment = { GANGLION_PORT: "2", GANGLION_THREADS: "2" };
    expect(read({ folder, environment, flags: { port: 3 } })).toMatchObject({ port: 3, threads: 2, deadline: 1 });
  });

  it("reads a file with comments and a comma too many", () => {
    const folder = folderWith({ "ganglion.jsonc": '{\n  // no network\n  "standIns": true, /* really */\n}\n' });
    expect(read({ folder }).standIns).toBe(true);
  });

  it("looks for the file here, then in the data folder", () => {
    const data = folderWith({ "ganglion.jsonc": '{ "port": 7 }' });
    expect(read({ environment: { GANGLION_DATA: data } }).port).toBe(7);
    const folder = folderWith({ "ganglion.jsonc": '{ "port": 8 }' });
    expect(read({ folder, environment: { GANGLION_DATA: data } }).port).toBe(8);
  });

  it("reads the file that is named, and fails where there is none", () => {
    const folder = folderWith({ "other.jsonc": '{ "port": 9 }' });
    expect(read({ folder, environment: { GANGLION_CONFIG: "other.jsonc" } }).port).toBe(9);
    expect(() => read({ folder, flags: { config: "none.jsonc" } })).toThrow(/--config names .*none\.jsonc, and there is no such file/);
  });

  it("keeps data in ./.ganglion where that exists", () => {
    const folder = folderWith();
    mkdirSync(join(folder, ".ganglion"));
    expect(read({ folder }).data).toBe(join(folder, ".ganglion"));
  });

  it("makes every path absolute, and ~ the home folder", () => {
    const folder = folderWith();
    const environment = {
      GANGLION_DATA: "~/data",
      GANGLION_DATABASE: "file:sub/x.db",
      GANGLION_MODELS_FOLDER: "models",
      GANGLION_WEIGHTS_FOLDERS: ["here", "~/there", ""].join(delimiter),
    };
    expect(read({ folder, environment })).toMatchObject({
      data: join(homedir(), "data"),
      database: join(folder, "sub/x.db"),
      modelsFolder: join(folder, "models"),
      weightsFolders: [join(folder, "here"), join(homedir(), "there")],
    });
  });

  it("knows the hub and its cache by the variables that others go by", () => {
    const hub = (environment: Record<string, string>) => read({ environment }).hub;
    expect(hub({})).toEqual({ endpoint: "https://huggingface.co", token: undefined, cache: join(homedir(), ".cache/huggingface/hub") });
    expect(hub({ HF_ENDPOINT: "https://mirror", HF_TOKEN: "hf_x", HF_HOME: "/hf" })).toEqual({
      endpoint: "https://mirror",
      token: "hf_x",
      cache: "/hf/hub",
    });
    expect(hub({ XDG_CACHE_HOME: "/cache", HF_TOKEN: "" })).toMatchObject({ token: undefined, cache: "/cache/huggingface/hub" });
    expect(hub({ HF_HUB_CACHE: "/a", HF_HOME: "/hf" }).cache).toBe("/a");
  });

  it("takes 1, true, yes and on for true, 0, false, no and off for false", () => {
    for (const value of ["1", "true", "yes", "on"]) expect(read({ environment: { GANGLION_STAND_INS: value } }).standIns).toBe(true);
    for (const value of ["0", "false", "no", "off"]) expect(read({ environment: { GANGLION_STAND_INS: value } }).standIns).toBe(false);
  });

  it("takes an empty variable for none, and an empty secret for a mistake", () => {
    expect(read({ environment: { GANGLION_PORT: "" } }).port).toBe(8686);
    expect(() => read({ environment: { GANGLION_TOKEN: "" } })).toThrow(/^GANGLION_TOKEN must be/);
  });

  it("says what is wrong, where, and what would fit", () => {
    expect(() => read({ environment: { GANGLION_PORT: "70000" } })).toThrow('GANGLION_PORT must be a port from 0 to 65535, not "70000"');
    const folder = folderWith({ "ganglion.jsonc": '{ "plan": "gold" }' });
    expect(() => read({ folder })).toThrow(`"plan" in ${folder}/ganglion.jsonc must be unlimited or free or paid, not "gold"`);
    expect(() => read({ environment: { GANGLION_DATABASE: "mysql://x" } })).toThrow(/^the database must be file:/);
  });

  it("takes settings of single models, in the file and as JSON in a variable", () => {
    const own = { "@me/large": { threads: 8, gpuLayers: 20, contextTokens: 4096, sequences: 1, keepAlive: "forever" } };
    const folder = folderWith({ "ganglion.jsonc": JSON.stringify({ modelSettings: own }) });
    expect(read({ folder }).modelSettings).toEqual(own);
    expect(read({ environment: { GANGLION_MODEL_SETTINGS: JSON.stringify(own) } }).modelSettings).toEqual(own);
    expect(read({}).modelSettings).toEqual({});
  });

  it("says where in the settings of single models something does not fit", () => {
    const folder = folderWith({ "ganglion.jsonc": '{ "modelSettings": { "@me/large": { "threads": 0 } } }' });
    expect(() => read({ folder })).toThrow(/jsonc, at "@me\/large", "threads", must be JSON such as /);
    const environment = { GANGLION_MODEL_SETTINGS: '{"x": {"treads": 1}}' };
    expect(() => read({ environment })).toThrow(
      /^GANGLION_MODEL_SETTINGS, at "x", has "treads", which there is not; did you mean threads\?$/,
    );
    expect(() => read({ environment: { GANGLION_MODEL_SETTINGS: "x" } })).toThrow(
      /^GANGLION_MODEL_SETTINGS must be JSON such as .*, not "x"$/,
    );
  });

  it("names what is unknown, with what was meant, or what there is", () => {
    expect(() => read({ environment: { GANGLION_PROT: "1" } })).toThrow("there is no setting GANGLION_PROT; did you mean GANGLION_PORT?");
    expect(() => read({ environment: { GANGLION_COLOUR: "1" } })).toThrow(
      /^there is no setting GANGLION_COLOUR; there are .*GANGLION_PORT/,
    );
    const folder = folderWith({ "ganglion.jsonc": '{ "standins": true }' });
    expect(() => read({ folder })).toThrow(/^there is no setting "standins" \(in .*\); did you mean standIns\?$/);
    expect(() => read({ folder: folderWith({ "ganglion.jsonc": '{ "x": 1 }' }) })).toThrow(
      /^there is no setting "x" \(in .*\); there are .*port/,
    );
  });

  it("names the line of a file that cannot be read", () => {
    expect(() => read({ folder: folderWith({ "ganglion.jsonc": '{\n  "port": 1\n  "plan": 2 }' }) })).toThrow(
      /is no JSON with comments: a comma is missing in line 3$/,
    );
    expect(() => read({ folder: folderWith({ "ganglion.jsonc": "[]" }) })).toThrow(/must hold an object/);
  });

  it("never shows a secret", () => {
    const environment = { GANGLION_TOKEN: "with spaces and so on" };
    expect(() => read({ environment })).toThrow(/^GANGLION_TOKEN must be 8 to 256 printable ASCII characters without spaces$/);
  });

  it("does not mind what Kubernetes sets for a service named ganglion", () => {
    const environment = {
      GANGLION_PORT: "tcp://10.0.0.1:8686",
      GANGLION_SERVICE_HOST: "10.0.0.1",
      GANGLION_SERVICE_PORT: "8686",
      GANGLION_PORT_8686_TCP_ADDR: "10.0.0.1",
    };
    expect(read({ environment }).port).toBe(8686);
  });
});

describe("settings", () => {
  it("have a flag and a variable of their own each, and words for people", () => {
    expect(variableOf("standIns")).toBe("GANGLION_STAND_INS");
    expect(flagOf("standIns")).toBe("--stand-ins");
    expect(new Set(settingNames.map(variableOf)).size).toBe(settingNames.length);
    for (const name of settingNames) {
      expect(settings[name].about).not.toBe("");
      expect(`must be ${settings[name].takes}`).not.toMatch(/undefined|\.$/);
    }
  });
});
