interface Env {
  AI: Ai;
}

/** GET /?prompt=… draws a picture. */
export default {
  async fetch(request, { AI }) {
    const prompt = new URL(request.url).searchParams.get("prompt");
    if (!prompt) return new Response("GET /?prompt=a+red+circle\n", { status: 400 });
    const picture = await AI.run("@cf/bytedance/stable-diffusion-xl-lightning", { prompt }, { signal: request.signal });
    return new Response(picture, { headers: { "content-type": "image/png" } });
  },
} satisfies ExportedHandler<Env>;
