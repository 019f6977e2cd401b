import { Hono } from "hono";
import { Problem } from "../core/index.ts";
import { admin } from "./admin/index.ts";
import { carriedRequest, carrierPaths } from "./binding/carried-request.ts";
import { binding } from "./binding/index.ts";
import { deepl, deeplx } from "./deepl/index.ts";
import { serveFile } from "./file-links.ts";
import { problemResponse, mount } from "./mount.ts";
import { openai } from "./openai/index.ts";
import type { Dialect, Services } from "./route.ts";
import { hintFor } from "./unknown-route.ts";
import { vectorize, vectorizeBinding } from "./vectorize/index.ts";
import { workersAi } from "./workers-ai/index.ts";

/** Every API that clients speak here. */
export const dialects: readonly Dialect[] = [binding, vectorize, vectorizeBinding, workersAi, openai, deepl, deeplx, admin];

/** The whole HTTP surface as one fetch handler, the same on every runtime. */
export function createApp(services: Services): { fetch(request: Request): Response | Promise<Response> } {
  const app = new Hono({ getPath: pathOf });

  // The two open routes: the name of a file is the right to read it.
  app.get("/health", () => Response.json({ status: "ok" }));
  app.on(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], "/file/:name", (context) =>
    serveFile(context.req.raw, context.req.param("name"), services.files, services.newId()),
  );
  app.options("*", (context) => {
    const asked = context.req.header("access-control-request-headers");
    return new Response(null, {
      status: 204,
      headers: {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET, HEAD, POST, PATCH, DELETE, OPTIONS",
        "access-control-allow-headers": asked && /^[\w\-, ]{1,2000}$/.test(asked) ? asked : "authorization, content-type",
        "access-control-max-age": "86400",
      },
    });
  });
  for (const path of carrierPaths) {
    app.all(path, (context, next) => {
      const carried = carriedRequest(context.req.raw);
      return carried ? app.fetch(carried) : next();
    });
  }
  for (const dialect of dialects) mount(app, dialect, services);

  app.notFound((context) => {
    const path = pathOf(context.req.raw);
    const id = services.newId();
    const at = services.now();
    const allowed = methodsAt(path);
    const problem = isUpgrade(context.req.raw)
      ? new Problem("wrong-method", "websockets are not served; send the inputs of a model with POST", { details: { allowed: ["POST"] } })
      : allowed.length > 0
        ? new Problem("wrong-method", `${context.req.method} is not served here; use ${allowed.join(" or ")}`, { details: { allowed } })
        : new Problem("unknown-route", hintFor(path, allPaths));
    const response = problemResponse(dialectOf(path), problem, id);
    const { status } = response;
    services.log({
      id,
      method: context.req.method,
      route: "*",
      status,
      milliseconds: services.now() - at,
      accountId: undefined,
      problem: problem.code,
      cause: undefined,
    });
    return response;
  });
  app.onError((thrown, context) => problemResponse(dialectOf(pathOf(context.req.raw)), Problem.from(thrown), services.newId()));
  return app;
}

/** `//` counts as `/`, and a slash at the end as none: gateways join a base that ends in a slash with a path that begins with one. */
function pathOf(request: Request): string {
  const [, path = "/"] = /^[^:/]+:\/\/[^/?#]*([^?#]*)/.exec(request.url) ?? [];
  return path.replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "") || "/";
}

/** Miniflare tries one before every call of a remote binding, and waits for the answer. */
function isUpgrade(request: Request): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

/** Who asks below Cloudflare's prefix, and not for an OpenAI route there, reads Cloudflare's errors; a binding reads its own. */
function dialectOf(path: string): Dialect {
  if (/^\/(v1\/)?(run|mf|ai-gateway|ai-api|to-everything|autorag)(\/|$)|\/ai\/run\/proxy(\/|$)/.test(path)) return binding;
  if (/^\/vectorize\/[^/]+\/\w+$/.test(path)) return vectorizeBinding;
  if (/^\/client\/v4\/accounts\/[^/]+\/vectorize\//.test(path)) return vectorize;
  if (/^\/ganglion(\/|$)/.test(path)) return admin;
  if (path.endsWith("/translate") && path !== "/v2/translate") return deeplx;
  if (/^\/v[23]\/(?!rerank)/.test(path)) return deepl;
  return path.startsWith("/client/v4") && !/\/ai\/v1(\/|$)/.test(path) ? workersAi : openai;
}

const allPaths = dialects.flatMap(({ prefixes, routes }) => prefixes.flatMap((prefix) => routes.map(({ path }) => prefix + path)));

function methodsAt(path: string): string[] {
  const routes = dialects.flatMap((dialect) =>
    dialect.prefixes.flatMap((prefix) => dialect.routes.map((route) => ({ route, path: prefix + route.path }))),
  );
  const matching = routes.filter(({ path: pattern }) => patternOf(pattern).test(path)).map(({ route }) => route.method.toUpperCase());
  return [...new Set(path === "/health" ? ["GET"] : matching)];
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+\{\.\+\}/g, ".+").replace(/:\w+/g, "[^/]+")}/?$`);
}
