import { env, SELF } from "cloudflare:test";
import { expect, it } from "vitest";

it("asks the Worker", async () => {
  const reply = await SELF.fetch("http://worker.test/");
  console.log(`checks ${JSON.stringify(await reply.json())}`);
});

it("asks the binding", async () => {
  expect(await env.AI.run("@ganglion/echo", { prompt: "one two" })).toMatchObject({ response: "one two" });
});
