import { expect, it } from "vitest";
import { compatibilityPage } from "./compatibility-page.ts";

const page = compatibilityPage([
  { client: "Reader", versions: {}, seen: [seen("GET /v1/models", [200])] },
  {
    client: "sdk",
    versions: { sdk: "1.2.3" },
    seen: [
      seen("POST /v1/rerank", [200, 404], ["model", "query", "documents", "trace", "trace.id"]),
      seen("POST /client/v4/accounts/ACCOUNT/ai/run/@ganglion/echo", [200], ["prompt"]),
      seen("POST /client/v4/accounts/ACCOUNT/ai/run/@cf/nobody/nothing", [400]),
    ],
  },
]);

function seen(request: string, statuses: number[], fields: string[] = []) {
  return { request, statuses, streamed: false, fields };
}

/** The cells of each row of one endpoint's table. */
function rowsOf(title: string): string[][] {
  const [, section = ""] = page.split(`## ${title}\n`);
  const [table = ""] = section.split("\n## ");
  return table.split("\n").flatMap((line) =>
    line.startsWith("| ")
      ? [
          line
            .split("|")
            .slice(1, -1)
            .map((cell) => cell.trim()),
        ]
      : [],
  );
}

it("marks the fields that a client has sent, and names those that the route does not know", () => {
  expect(rowsOf("POST /v1/rerank")).toEqual([
    ["", "sdk"],
    ["---", "---"],
    ["answered with", "200 404"],
    ["`model`", "✓"],
    ["`query`", "✓"],
    ["`documents`", "✓"],
    ["`top_n`", ""],
    ["`return_documents`", ""],
    ["`trace` (ignored)", "✓"],
  ]);
});

it("shows a route that runs any model by the model's task", () => {
  const run = "POST /client/v4/accounts/{account}/ai/run/{model}";
  expect(rowsOf(`${run}, Text Generation`)).toContainEqual(["`prompt`", "✓"]);
  expect(rowsOf(`${run}, of a model that is not there`)).toContainEqual(["answered with", "400"]);
});

it("tells packages from readers, and names the routes that nobody asks for", () => {
  expect(page).toContain("| sdk | `sdk` 1.2.3 |\n| Reader | its reader, made anew |");
  expect(page).toMatch(/## Other routes\n[^#]*- `POST \/v1\/chat\/completions` \(openai\)/);
});
