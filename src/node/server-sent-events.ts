/** The data of each event of our own streams: one `data:` line an event. */
export async function* dataOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let waiting = "";
  for await (const bytes of response.body ?? []) {
    waiting += decoder.decode(bytes, { stream: true });
    const lines = waiting.split("\n");
    waiting = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data:")) yield line.slice(5).trim();
  }
}
