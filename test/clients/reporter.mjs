/** Writes what became of each test as a line of JSON, for `programs.ts`. */
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const error = type === "test:fail" ? String(data.details.error?.cause?.stack ?? data.details.error) : undefined;
    yield `verdict ${JSON.stringify({ name: data.name, error, ms: Math.round(data.details.duration_ms) })}\n`;
  }
}
