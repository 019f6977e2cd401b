import * as z from "zod";
import { builtIns, catalogueCards, createModels } from "../catalogue/index.ts";
import { taskOf } from "../core/index.ts";
import { dialects, type Route } from "../dialects/index.ts";

/** What one client asked for while it judged a server, as `test/clients/seen/` keeps it. */
export interface SeenClient {
  readonly client: string;
  /** Empty for a reader that was made anew: then there is no package. */
  readonly versions: Readonly<Record<string, string>>;
  readonly seen: readonly {
    /** `POST /v1/chat/completions` */
    readonly request: string;
    readonly statuses: readonly number[];
    readonly streamed: boolean;
    /** Query parameters, `?page`, and paths into bodies, `messages[].content`, of requests that were answered. */
    readonly fields: readonly string[];
  }[];
}

/** Endpoint x field x client: the fields from the routes, the marks from what the clients in the tests have sent. */
export function compatibilityPage(clients: readonly SeenClient[]): string {
  const sorted = clients.toSorted((a, b) => Number(isReader(a)) - Number(isReader(b)) || a.client.localeCompare(b.client));
  const endpoints = endpointsOf(sorted);
  const asked = new Set(endpoints.map(({ route }) => route));
  const others = dialects.flatMap(({ name, routes }) => routes.filter((route) => !asked.has(route)).map((route) => [name, route] as const));
  return `
# Compatibility

What other people's clients ask of a started server in \`test/clients/\`, and what of it was answered. The clients are unmodified, or, where
that is not possible in a test, made anew from what is known of how they read. The fields are those of the routes; a mark says that the client
has sent the field in a request that was answered with success. \`npm test\` fails when a client sends something else than this page says.

${clientsTable(sorted)}

${endpoints.map(endpointSection).join("\n")}
## Other routes

No client above asks for these; they have tests of their own.

${others.map(([dialect, { method, path }]) => `- \`${method.toUpperCase()} ${shownPath(path)}\` (${dialect})`).join("\n")}
`.trimStart();
}

function isReader({ versions }: SeenClient): boolean {
  return Object.keys(versions).length === 0;
}

function clientsTable(clients: readonly SeenClient[]): string {
  const rows = clients.map((client) => {
    const packages = Object.entries(client.versions).map(([name, version]) => `\`${name}\` ${version}`);
    return `| ${client.client} | ${isReader(client) ? "its reader, made anew" : packages.join(", ")} |`;
  });
  return `| client | what judges |\n| --- | --- |\n${rows.join("\n")}`;
}

/** What one client asked of one endpoint. */
interface Visit {
  readonly client: string;
  readonly statuses: ReadonlySet<number>;
  readonly streamed: boolean;
  readonly atRoot: boolean;
  readonly belowAccount: boolean;
  readonly fields: ReadonlySet<string>;
}

interface Endpoint {
  readonly title: string;
  readonly route: Route;
  /** Undefined where the route reads forms or files, and has no schema. */
  readonly schema: readonly string[] | undefined;
  readonly prefixes: number;
  readonly visits: readonly Visit[];
}

function endpointsOf(clients: readonly SeenClient[]): Endpoint[] {
  const endpoints = new Map<string, Endpoint & { visits: Visit[] }>();
  for (const { client, seen } of clients) {
    for (const { request, statuses, streamed, fields } of seen) {
      const [method = "", path = ""] = request.split(/ (.*)/, 2);
      const found = routeAt(method, path);
      if (!found) continue;
      const { title, schema } = describe(found.route, method, found.model);
      const endpoint = endpoints.get(title) ?? { title, schema, route: found.route, prefixes: found.prefixes, visits: [] };
      endpoints.set(title, endpoint);
      const before = endpoint.visits.find((visit) => visit.client === client);
      const visit: Visit = {
        client,
        statuses: new Set([...(before?.statuses ?? []), ...statuses]),
        streamed: streamed || (before?.streamed ?? false),
        atRoot: found.prefix === "" || (before?.atRoot ?? false),
        belowAccount: found.prefix !== "" || (before?.belowAccount ?? false),
        fields: new Set([...(before?.fields ?? []), ...fields]),
      };
      endpoint.visits = [...endpoint.visits.filter((other) => other !== before), visit];
    }
  }
  const order = dialects.flatMap(({ routes }) => routes);
  return [...endpoints.values()].toSorted((a, b) => order.indexOf(a.route) - order.indexOf(b.route) || a.title.localeCompare(b.title));
}

function routeAt(method: string, path: string): { route: Route; prefix: string; prefixes: number; model: string | undefined } | undefined {
  for (const { prefixes, routes } of dialects) {
    for (const prefix of prefixes) {
      for (const route of routes) {
        const match = route.method.toUpperCase() === method ? patternOf(prefix + route.path).exec(path) : null;
        if (match) return { route, prefix, prefixes: prefixes.length, model: match.groups?.["model"] };
      }
    }
  }
  return undefined;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:(\w+)\{\.\+\}/g, "(?<$1>.+)").replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
}

const models = createModels([...builtIns({ modelsFolder: "" }), ...catalogueCards]);

/** A route that runs any model has the fields of the model's task. */
function describe(route: Route, method: string, model: string | undefined): { title: string; schema: readonly string[] | undefined } {
  const title = `${method} ${shownPath(route.path)}`;
  const query = Object.keys(route.query?.shape ?? {}).map((name) => `?${name}`);
  if (method !== "POST") return { title, schema: query };
  if (route.body) return { title, schema: [...query, ...pathsIn(printed(route.body))] };
  if (model === undefined) return { title, schema: undefined };
  const card = models.find(model);
  if (!card) return { title: `${title}, of a model that is not there`, schema: [] };
  const task = taskOf(card.task);
  const fields = Object.values(task.wire).flatMap(({ input }) => pathsIn(printed(input)));
  return { title: `${title}, ${task.label}${card.task === "reranking" ? " (reranking)" : ""}`, schema: [...new Set(fields)] };
}

function shownPath(path: string): string {
  return path.replace(/:(\w+)(\{\.\+\})?/g, (_, name: string) => `{${name}}`);
}

interface Printed {
  readonly properties?: Readonly<Record<string, Printed>>;
  readonly items?: Printed;
  readonly anyOf?: readonly Printed[];
  readonly oneOf?: readonly Printed[];
  readonly allOf?: readonly Printed[];
}

function printed(schema: z.ZodType): Printed {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Printed; // JSON Schema has these keys
}

/** `messages`, `messages[].role` and the like, for every property that a schema names. */
function pathsIn(schema: Printed, path = ""): string[] {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((branch) => pathsIn(branch, path));
  const items = schema.items ? pathsIn(schema.items, `${path}[]`) : [];
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const below = path === "" ? name : `${path}.${name}`;
    return [below, ...pathsIn(property, below)];
  });
  return [...new Set([...properties, ...items, ...branches])];
}

function endpointSection({ title, route, schema, prefixes, visits }: Endpoint): string {
  const row = (name: string, cell: (visit: Visit) => string) => `| ${name} | ${visits.map(cell).join(" | ")} |`;
  const mark = (yes: boolean) => (yes ? "✓" : "");
  const fields = fieldsOf(schema, new Set(visits.flatMap((visit) => [...visit.fields])));
  return `## ${title}

${route.summary}.

| | ${visits.map(({ client }) => client).join(" | ")} |
| --- |${" --- |".repeat(visits.length)}
${[
  row("answered with", ({ statuses }) => [...statuses].toSorted((a, b) => a - b).join(" ")),
  ...(visits.some(({ streamed }) => streamed) ? [row("as a stream", ({ streamed }) => mark(streamed))] : []),
  ...(prefixes > 1 && visits.some(({ belowAccount }) => belowAccount)
    ? [row("at the root", ({ atRoot }) => mark(atRoot)), row("below the account", ({ belowAccount }) => mark(belowAccount))]
    : []),
  ...fields.map(({ name, ignored }) => row(`\`${name}\`${ignored ? " (ignored)" : ""}`, (visit) => mark(visit.fields.has(name)))),
].join("\n")}
`;
}

/** What the schema names on its first level, below it what was sent, and what was sent that it does not name: that is ignored. */
function fieldsOf(schema: readonly string[] | undefined, sent: ReadonlySet<string>): { name: string; ignored: boolean }[] {
  if (!schema) return [...sent].toSorted().map((name) => ({ name, ignored: false }));
  const parents = new Set(["", ...schema.map(parentOf)]);
  const named = schema.filter((name) => parentOf(name) === "" || sent.has(name)).map((name) => ({ name, ignored: false }));
  const others = [...sent].filter((name) => !schema.includes(name) && parents.has(parentOf(name))).toSorted();
  return [...named, ...others.map((name) => ({ name, ignored: true }))];
}

/** `messages[]` of `messages[].role`. */
function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")));
}
