import * as z from "zod";
import type { Dialect, Route } from "./route.ts";

/** The routes as an OpenAPI 3.0 document. `docs/openapi.json` is this, and CI compares the two. */
export function openapi(dialects: readonly Dialect[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const dialect of dialects) {
    for (const prefix of dialect.prefixes) {
      for (const route of dialect.routes) {
        const path = (prefix + route.path).replace(/:(\w+)(\{[^}]*\})?/g, "{$1}");
        paths[path] = { ...paths[path], [route.method]: operationOf(route, dialect, path) };
      }
    }
  }
  return {
    openapi: "3.0.3",
    info: {
      title: "Ganglion",
      version,
      description: "Runs AI models behind the API of Cloudflare Workers AI and of OpenAI. Not affiliated with Cloudflare.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "http://127.0.0.1:8686" }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    paths,
  };
}

function operationOf(route: Route, dialect: Dialect, path: string): object {
  const names = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
  const inPath = names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
  const inQuery = Object.entries(route.query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    schema: printed(schema as z.ZodType), // a zod object's shape holds schemas
  }));
  const also = Object.fromEntries((route.also ?? []).map((mediaType) => [mediaType, { schema: { type: "string" } }]));
  return {
    tags: [dialect.name],
    summary: route.summary,
    parameters: [...inPath, ...inQuery],
    ...(route.method === "post" && {
      requestBody: { required: true, content: { "application/json": { schema: route.body ? printed(route.body) : {} } } },
    }),
    responses: {
      "200": { description: "Success", content: { "application/json": { schema: printed(route.reply) }, ...also } },
      default: { description: "A problem; docs/problems.md lists them" },
    },
  };
}

function printed(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { target: "openapi-3.0", io: "input", unrepresentable: "any" });
}
