/** GET /?text=… says whether a text is kind. */
export default {
  async fetch(request, { AI }) {
    const text = new URL(request.url).searchParams.get("text");
    if (!text) return Response.json({ error: "text is missing" }, { status: 400 });
    const labels = await AI.run("@cf/huggingface/distilbert-sst-2-int8", { text });
    const kind = labels.find(({ label }) => label === "POSITIVE")?.score ?? 0;
    return Response.json({ kind: kind > 0.5 });
  },
} satisfies ExportedHandler<Cloudflare.Env>;
