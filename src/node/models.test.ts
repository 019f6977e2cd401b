import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type LocalModel, localModelsFile, writeLocalModels } from "./local-models.ts";
import { followModels } from "./models.ts";

const data = mkdtempSync(join(tmpdir(), "ganglion-models-"));
afterAll(() => rmSync(data, { recursive: true }));

const modelCalled = (name: string): LocalModel => ({ name, path: "/nowhere.gguf", task: "text-generation", tools: false, addedAt: 0 });

it("a server knows what was added, and no more what was removed, from the moment on at which that is written", () => {
  const failures: unknown[] = [];
  const places = { data, modelsFolder: data, weightsFolders: [], hub: { endpoint: "http://127.0.0.1:9", token: undefined, cache: data } };
  const models = followModels(places, (thrown) => failures.push(thrown));
  expect(models.find("@me/one")).toBeUndefined();
  for (const name of ["@me/one", "@me/two"]) {
    writeLocalModels(data, [modelCalled(name)]);
    expect(models.find(name)?.name).toBe(name);
    expect(models.all.filter(({ origin }) => origin === "local")).toHaveLength(1);
  }
  expect(models.find("@me/one")).toBeUndefined();

  writeFileSync(localModelsFile(data), "[{");
  expect(models.find("@me/two")?.name).toBe("@me/two");
  expect(models.find("@me/two")?.name).toBe("@me/two");
  expect(failures).toMatchObject([{ code: "bad-setting" }]);
});
