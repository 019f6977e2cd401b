import { env, SELF } from "cloudflare:test";
import { expect, it } from "vitest";

const ask = async (text: string) => (await SELF.fetch(`http://worker.test/?text=${encodeURIComponent(text)}`)).json();

it("tells kind texts from others", async () => {
  expect(await ask("I love this, thank you!")).toEqual({ kind: true });
  expect(await ask("This is terrible and I hate it.")).toEqual({ kind: false });
});

it("has an answer for every text model, with no login and no bill", async () => {
  const { response } = (await env.AI.run("@cf/meta/llama-3-8b-instruct", { prompt: "Hello" })) as { response: string };
  expect(response).not.toBe("");
});

it("passes on what goes wrong", async () => {
  await expect(env.AI.run("@cf/never/was" as "@cf/meta/llama-3-8b-instruct", { prompt: "Hello" })).rejects.toThrow("5007: No such model");
});
