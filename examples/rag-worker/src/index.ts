interface Env {
  AI: Ai;
  VECTORIZE: Vectorize;
  DB: D1Database;
  BUCKET: R2Bucket;
}

interface Page {
  title: string;
  text: string;
}

/** PUT /pages/NAME {title, text} keeps a page; GET /?question=… answers from the pages that are nearest to the question. */
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const [, name] = /^\/pages\/([\w-]+)$/.exec(pathname) ?? [];
    if (request.method === "PUT" && name) return keep(name, await request.json<Page>(), env);
    const question = searchParams.get("question");
    if (question) return Response.json(await answer(question, env));
    return new Response("PUT /pages/NAME, or GET /?question=…\n", { status: 404 });
  },
} satisfies ExportedHandler<Env>;

async function keep(name: string, { title, text }: Page, { AI, VECTORIZE, DB, BUCKET }: Env): Promise<Response> {
  const [values = []] = await vectorsOf([`${title}. ${text}`], AI);
  await BUCKET.put(name, text);
  await DB.prepare("CREATE TABLE IF NOT EXISTS pages (name TEXT PRIMARY KEY, title TEXT NOT NULL)").run();
  await DB.prepare("INSERT OR REPLACE INTO pages VALUES (?, ?)").bind(name, title).run();
  await VECTORIZE.upsert([{ id: name, values }]);
  return new Response(null, { status: 204 });
}

async function answer(question: string, { AI, VECTORIZE, DB, BUCKET }: Env) {
  const [vector = []] = await vectorsOf([question], AI);
  const { matches } = await VECTORIZE.query(vector, { topK: 2 });
  const sources = await Promise.all(
    matches.map(async ({ id }) => {
      const row = await DB.prepare("SELECT title FROM pages WHERE name = ?").bind(id).first<{ title: string }>();
      return { name: id, title: row?.title ?? id, text: (await (await BUCKET.get(id))?.text()) ?? "" };
    }),
  );
  const { response } = await AI.run("@cf/meta/llama-3.2-3b-instruct", {
    messages: [
      { role: "system", content: `Answer from these pages.\n${sources.map(({ title, text }) => `${title}: ${text}`).join("\n")}` },
      { role: "user", content: question },
    ],
    max_tokens: 60,
  });
  return { answer: response, sources: sources.map(({ name, title }) => ({ name, title })) };
}

async function vectorsOf(text: string[], AI: Ai): Promise<number[][]> {
  const embedded = await AI.run("@cf/baai/bge-base-en-v1.5", { text });
  return "data" in embedded ? (embedded.data ?? []) : [];
}
