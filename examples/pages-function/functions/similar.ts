interface Env {
  AI: Ai;
}

/** POST {"texts": ["a cat", "a kitten", "a bank"]} says which of the others is most like the first. */
export const onRequestPost: PagesFunction<Env> = async ({ request, env }) => {
  const { texts } = await request.json<{ texts: string[] }>();
  const answer = await env.AI.run("@cf/baai/bge-small-en-v1.5", { text: texts });
  const [first = [], ...others] = "data" in answer ? (answer.data ?? []) : [];
  const likeness = others.map((other) => other.reduce((sum, value, index) => sum + value * (first[index] ?? 0), 0));
  const best = likeness.indexOf(Math.max(...likeness));
  return Response.json({ text: texts[best + 1], likeness: likeness[best] });
};
