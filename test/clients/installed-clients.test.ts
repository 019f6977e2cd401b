import { afterAll, describe, expect, it } from "vitest";
import { startJudgedServers, versionIn } from "./judged-servers.ts";
import { clientFolder, install, runProgram } from "./programs.ts";

const node20 = clientFolder("node20", 20);
const node24 = clientFolder("node24", 22);

const aiSdk = ["ai", "@ai-sdk/openai-compatible", "@ai-sdk/openai", "workers-ai-provider"];

/** Clients that are installed when they are first asked for. */
const judges = [
  { client: "ai 6", folder: node20, program: "ai-sdk.mjs", packages: aiSdk },
  {
    client: "langchain",
    folder: node20,
    program: "langchain.mjs",
    packages: ["@langchain/openai", "@langchain/cloudflare", "@langchain/core"],
  },
  { client: "cohere-ai", folder: node20, program: "cohere.mjs", packages: ["cohere-ai"] },
  { client: "ai 7", folder: node24, program: "ai-sdk.mjs", packages: aiSdk },
] as const;

const absent = new Map([node20, node24].map((folder) => [folder, install(folder)]));
const servers = await startJudgedServers();
afterAll(() => servers.stop());

for (const { client, folder, program, packages } of judges) {
  const reason = absent.get(folder);
  if (reason !== undefined) {
    console.warn(`${client} does not judge: ${reason}`);
    it(`${client} judges a started server`, ({ skip }) => skip(reason));
    continue;
  }
  const judge = await servers.judge(client);
  const verdicts = await runProgram(folder, program, servers, judge);

  describe(client, () => {
    for (const { name, error } of verdicts) {
      it(name, () => {
        expect(error).toBeUndefined();
      });
    }

    it("sent what docs/compatibility.md says", async () => {
      await judge.expectSeen(Object.fromEntries(packages.map((name) => [name, versionIn(folder.path, name)])));
    });
  });
}
