interface Env {
  AI: Ai;
}

interface Question {
  messages: { role: "system" | "user" | "assistant"; content: string }[];
}

/** POST a conversation, read the answer as server-sent events. Nothing here knows whether Cloudflare or Ganglion answers. */
export default {
  async fetch(request, { AI }) {
    if (request.method !== "POST") return new Response('POST {"messages": [{"role": "user", "content": "Hello"}]}\n', { status: 405 });
    const { messages } = await request.json<Question>();
    const events = await AI.run("@cf/meta/llama-3.2-3b-instruct", { messages, stream: true }, { signal: request.signal });
    return new Response(events, { headers: { "content-type": "text/event-stream" } });
  },
} satisfies ExportedHandler<Env>;
