import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startHub, type TestHub, testRevision } from "../../test/hub.ts";
import { Problem } from "../core/index.ts";
import { readLockFile } from "./lock-file.ts";
import { processLockOf } from "./places.ts";
import { withProcessLock } from "./process-lock.ts";
import { type PullEvent, type PullOrder, type PullSettings, pullWeights, type RepositorySource } from "./pull.ts";
import { removeWeights } from "./remove.ts";

const patience = { tries: 3, firstPause: 1, longestPause: 1 };
const piecework = { segmentBytes: 10_000, requestBytes: 40_000, connections: 3 };
const source = (repository: string, more: Partial<RepositorySource> = {}): RepositorySource => ({
  format: "gguf",
  repository,
  confirmed: true,
  ...more,
});
const small = { model: "@cf/a/small", sources: [source("owner/small-GGUF")] };
const onnx = { model: "@cf/a/encoder", sources: [source("owner/encoder", { format: "onnx" })] };
const content = randomBytes(100_123);

let dataFolder: string;
let hub: TestHub;
let events: PullEvent[];

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), "ganglion-pull-"));
  events = [];
  hub = await startHub({
    "owner/small-GGUF": {
      revision: testRevision,
      files: { "README.md": Buffer.from("a model"), "small.Q4_K_M.gguf": content, "small.Q8_0.gguf": randomBytes(2_000) },
    },
    "owner/encoder": {
      revision: testRevision,
      files: {
        "config.json": Buffer.from("{}"),
        "tokenizer.json": Buffer.from('{"a":1}'),
        "special_tokens_map.json": Buffer.from("{}"),
        "onnx/model.onnx": randomBytes(30_000),
        "onnx/model_quantized.onnx": randomBytes(9_000),
      },
    },
  });
});

afterEach(async () => {
  await hub.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

function pull(order: PullOrder, settings: Partial<PullSettings> = {}) {
  const address = { endpoint: hub.endpoint, token: undefined };
  return pullWeights(order, { dataFolder, hub: address, patience, piecework, onEvent: (event) => events.push(event), ...settings });
}

async function problemOf(pulling: Promise<unknown>): Promise<Problem> {
  const thrown = await pulling.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown instanceof Problem) return thrown;
  throw new Error("no Problem was thrown", { cause: thrown });
}

/** All files under the weights folder, locks apart. */
function filesHere(): string[] {
  const folder = join(dataFolder, "weights");
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith(".locks"))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

function nothingIsLeft(): void {
  expect(filesHere()).toEqual([]);
  expect(readLockFile(dataFolder)).toEqual({});
}

const requestsFor = (host: "hub" | "files") => hub.requests.filter((request) => request.host === host);

describe("a pull", () => {
  it("brings the file that fits, in several requests, and locks what it is", async () => {
    const pulled = await pull(small);
    expect(readFileSync(pulled.path).equals(content)).toBe(true);
    expect(filesHere()).toEqual([`owner/small-GGUF/${testRevision}/small.Q4_K_M.gguf`]);
    expect(readLockFile(dataFolder)).toEqual({
      "@cf/a/small": {
        format: "gguf",
        repository: "owner/small-GGUF",
        revision: testRevision,
        files: [{ path: "small.Q4_K_M.gguf", bytes: 100_123, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      },
    });
    expect(pulled).toMatchObject({ bytes: 100_123, fetchedBytes: 100_123 });
    expect(requestsFor("files").map(({ range }) => range)).toEqual([
      "bytes=0-9999",
      "bytes=10000-49999",
      "bytes=50000-89999",
      "bytes=90000-100122",
    ]);
    // The listing in two requests; the file's address is asked for once and used for all of its parts.
    expect(requestsFor("hub").map(({ path }) => path)).toEqual([
      "/api/models/owner/small-GGUF/revision/main",
      `/api/models/owner/small-GGUF/tree/${testRevision}?recursive=true`,
      `/owner/small-GGUF/resolve/${testRevision}/small.Q4_K_M.gguf`,
    ]);
  });

  it("brings an ONNX model as a folder, small files checked by the id that git gives them", async () => {
    const pulled = await pull(onnx);
    expect(pulled.path).toBe(join(dataFolder, "weights/owner/encoder", testRevision));
    expect(readFileSync(join(pulled.path, "special_tokens_map.json"), "utf8")).toBe("{}");
    expect(pulled.files.map(({ path }) => path)).toEqual(["config.json", "tokenizer.json", "special_tokens_map.json", "onnx/model.onnx"]);
    hub.troubles.alter = () => Buffer.from('{"b":1}');
    rmSync(join(pulled.path, "tokenizer.json"));
    expect((await problemOf(pull({ ...onnx, anew: true }))).message).toContain("what 127.0.0.1");
  });

  it("tells how far it is, and ends at all bytes", async () => {
    await pull(onnx);
    const progress = events.filter((event) => event.type === "progress");
    expect(progress.at(-1)).toEqual({ type: "progress", bytes: 30_011, totalBytes: 30_011 });
    expect(progress.every(({ bytes }, i) => bytes >= (progress[i - 1]?.bytes ?? 0))).toBe(true);
    expect(events[0]).toMatchObject({ type: "chosen", repository: "owner/encoder", revision: testRevision, locked: false });
  });

  it("reads listings in pages", async () => {
    hub.troubles.pageSize = 2;
    expect((await pull(onnx)).files).toHaveLength(4);
    expect(requestsFor("hub").filter(({ path }) => path.includes("/tree/"))).toHaveLength(3);
  });

  it("does nothing where everything is here", async () => {
    await pull(small);
    hub.requests.length = 0;
    expect((await pull(small)).fetchedBytes).toBe(0);
    expect(hub.requests).toEqual([]);
  });

  it("obeys the lock file: the same bytes, whatever the hub has on its main branch by now", async () => {
    await pull(small);
    const repository = hub.repositories["owner/small-GGUF"];
    if (repository) repository.files["small.Q4_K_M.gguf"] = randomBytes(100_123);
    expect((await pull(small)).fetchedBytes).toBe(0);

    rmSync(join(dataFolder, "weights"), { recursive: true });
    expect((await problemOf(pull(small))).message).toMatch(/is not the file that it lists; nothing of it was kept$/);
    expect(filesHere()).toEqual([]);

    if (repository) repository.files["small.Q4_K_M.gguf"] = content;
    await pull(small);
    expect(filesHere()).toHaveLength(1);
  });

  it("moves on when asked, keeps bytes that are the same, and takes the old revision away", async () => {
    await pull(onnx);
    const repository = hub.repositories["owner/encoder"];
    const next = "f".repeat(40);
    if (repository) {
      repository.revision = next;
      repository.files["config.json"] = Buffer.from('{"new":true}');
    }
    hub.requests.length = 0;
    const pulled = await pull({ ...onnx, anew: true });
    expect(pulled.revision).toBe(next);
    expect(requestsFor("files")).toEqual([]); // the graph is the same
    expect(filesHere()).toEqual(
      ["config.json", "onnx/model.onnx", "special_tokens_map.json", "tokenizer.json"].map((path) => `owner/encoder/${next}/${path}`),
    );
  });

  it("takes another quantisation in the place of the one that is here", async () => {
    await pull(small);
    const pulled = await pull({ ...small, quant: "q8_0", anew: true });
    expect(pulled.path.endsWith("small.Q8_0.gguf")).toBe(true);
    expect(filesHere()).toEqual([`owner/small-GGUF/${testRevision}/small.Q8_0.gguf`]);
  });

  it("brings the files of a repository once, for all models that have them", async () => {
    await pull(small);
    expect((await pull({ ...small, model: "@cf/a/twin" })).fetchedBytes).toBe(0);
    expect(await removeWeights(dataFolder, "@cf/a/small", [])).toBe(0);
    expect(filesHere()).toHaveLength(1);
    expect(await removeWeights(dataFolder, "@cf/a/twin", [])).toBe(100_123);
    expect(readdirSync(join(dataFolder, "weights"))).toEqual([".locks"]);
    expect(readLockFile(dataFolder)).toEqual({});
    expect(await removeWeights(dataFolder, "@cf/a/twin", ["owner/small-GGUF"])).toBeUndefined();
  });

  it("passes over a repository that is not there or is gated, and says so", async () => {
    const gated = { revision: testRevision, files: { "g.gguf": content }, gated: true };
    hub.repositories["owner/gated"] = gated;
    const sources = [source("owner/nowhere"), source("owner/gated"), source("owner/small-GGUF")];
    expect((await pull({ ...small, sources })).repository).toBe("owner/small-GGUF");
    expect(events.filter(({ type }) => type === "passed-over")).toMatchObject([
      {
        repository: "owner/nowhere",
        why: expect.stringContaining("has no repository owner/nowhere, or it is private and HF_TOKEN is not set"),
      },
      { repository: "owner/gated", why: expect.stringContaining("owner/gated is given only to those who agree to its terms") },
    ]);
    expect(filesHere()).toEqual([`owner/small-GGUF/${testRevision}/small.Q4_K_M.gguf`]);
  });

  it("marks weights that are a substitute", async () => {
    const pulled = await pull({ ...small, sources: [source("owner/small-GGUF", { substitute: "small, and not large" })] });
    expect(pulled.substitute).toBe("small, and not large");
  });
});

describe("a pull that is cut off", () => {
  it("goes on in the middle of a body whose connection broke", async () => {
    hub.troubles.cut = { after: 7_000, times: 5 };
    expect(readFileSync((await pull(small)).path).equals(content)).toBe(true);
    expect(events.filter(({ type }) => type === "retrying")).toHaveLength(5);
    expect(requestsFor("files").map(({ range }) => range)).toContain("bytes=7000-9999");
  });

  it("gives up when nothing comes any more, and the next pull fetches only the rest", async () => {
    hub.troubles.cut = { after: 10_000, times: Infinity };
    hub.troubles.addressUses = 3;
    const unreachable = await problemOf(pull(small, { patience: { ...patience, tries: 1 } }));
    expect(unreachable.message).toMatch(/cannot be reached.*it goes on from here/);
    expect(filesHere().every((path) => path.includes("/.unfinished/"))).toBe(true);

    hub.troubles.cut = undefined;
    const sent = hub.sentBytes;
    const pulled = await pull(small);
    expect(readFileSync(pulled.path).equals(content)).toBe(true);
    expect(pulled.fetchedBytes).toBeLessThanOrEqual(100_123 - 10_000);
    expect(hub.sentBytes - sent).toBe(pulled.fetchedBytes);
    expect(filesHere()).toHaveLength(1);
  });

  it("stops at once when it is told to", async () => {
    hub.troubles.stallAfter = 60_000;
    const leaving = new AbortController();
    const pulling = pull(small, {
      signal: leaving.signal,
      onEvent: (event) => event.type === "progress" && event.bytes >= 30_000 && leaving.abort("enough"),
    });
    await expect(pulling).rejects.toBe("enough");
    hub.troubles.stallAfter = undefined;
    expect((await pull(small)).fetchedBytes).toBeLessThan(100_123);
  });

  it("mends what a crash of the machine left wrong", async () => {
    hub.troubles.cut = { after: 10_000, times: Infinity };
    await problemOf(pull(small, { patience: { ...patience, tries: 1 } }));
    hub.troubles.cut = undefined;
    const [part] = filesHere().filter((path) => path.endsWith(".part"));
    const path = join(dataFolder, "weights", part ?? "");
    const { size } = statSync(path);
    writeFileSync(path, Buffer.alloc(size));
    expect(readFileSync((await pull(small)).path).equals(content)).toBe(true);
  });

  it("asks the hub again when a signed address has had its time", async () => {
    hub.troubles.addressUses = 2;
    expect(readFileSync((await pull(small)).path).equals(content)).toBe(true);
    expect(requestsFor("hub").filter(({ path }) => path.includes("/resolve/")).length).toBeGreaterThan(1);
  });

  it("takes a file as a whole from a hub that knows no ranges, after a cut too", async () => {
    hub.troubles.noRanges = true;
    hub.troubles.cut = { after: 50_000, times: 1 };
    expect(readFileSync((await pull(small)).path).equals(content)).toBe(true);
  });
});

describe("a hub that does not do what it should", () => {
  it("is a Problem where it sends altered bytes", async () => {
    hub.troubles.alter = (bytes) => Buffer.from(bytes.map((byte, i) => (i === 77_777 ? byte ^ 1 : byte)));
    const problem = await problemOf(pull(small));
    expect(problem.message).toMatch(/^what 127.0.0.1:\d+ sends as small.Q4_K_M.gguf of owner\/small-GGUF is not the file that it lists/);
    expect(Problem.detailsOf(problem, "weights-missing")).toEqual({ files: [{ name: "small.Q4_K_M.gguf", bytes: 100_123 }] });
    nothingIsLeft();
  });

  it.each([
    ["shorter", (bytes: Uint8Array) => bytes.subarray(0, 90_000)],
    ["longer", (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc(10)])],
  ])("is a Problem where it sends a %s file, with ranges and without", async (_case, alter) => {
    hub.troubles.alter = alter;
    expect((await problemOf(pull(small))).message).toContain("is not the file that it lists");
    hub.troubles.noRanges = true;
    expect((await problemOf(pull(small))).message).toContain("is not the file that it lists");
    nothingIsLeft();
  });

  it("is a Problem where the repository is not there, which may be a private one", async () => {
    expect((await problemOf(pull({ ...small, sources: [source("owner/nowhere")] }))).message).toMatch(
      /^127.0.0.1:\d+ has no repository owner\/nowhere, or it is private and HF_TOKEN is not set$/,
    );
    nothingIsLeft();
  });

  it("is a Problem that names the page where a gated model's terms are", async () => {
    const repository = hub.repositories["owner/small-GGUF"];
    if (repository) repository.gated = true;
    const problem = await problemOf(pull(small));
    expect(problem.code).toBe("forbidden");
    expect(problem.message).toMatch(/agree to its terms: do so at https:.*owner\/small-GGUF, and set HF_TOKEN/);
    nothingIsLeft();
    await pull(small, { hub: { endpoint: hub.endpoint, token: "hf_secret" } });
  });

  it("waits as long as it is asked to, and says when to come back where that is too long", async () => {
    for (const refusal of [
      { status: 429, headers: { "retry-after": "0" } },
      { status: 429, headers: { ratelimit: '"api";r=0;t=0' } },
      { status: 503 },
    ]) {
      hub.troubles.refusals = [refusal];
      await pull({ ...small, anew: true });
    }
    expect(events.filter(({ type }) => type === "retrying")).toHaveLength(3);

    await removeWeights(dataFolder, small.model, []);
    hub.troubles.refusals = [{ status: 429, headers: { "retry-after": "290" } }];
    const problem = await problemOf(pull(small));
    expect(problem.message).toMatch(
      /too many requests: pull again in 290 seconds, it goes on from here; with HF_TOKEN set it allows more$/,
    );
    expect(Problem.detailsOf(problem, "rate-limited")).toEqual({ retryAfterSeconds: 290 });
    nothingIsLeft();
  });

  it("is a Problem where it fails again and again", async () => {
    hub.troubles.refusals = Array.from({ length: 3 }, () => ({ status: 500 }));
    expect((await problemOf(pull(small))).message).toMatch(/fails at the moment \(status 500\)/);
    nothingIsLeft();
  });

  it("is a Problem where it is not there at all: the message says how to go on without a network", async () => {
    const { endpoint } = hub;
    await hub.close();
    const problem = await problemOf(pull(small, { hub: { endpoint, token: undefined } }));
    expect(problem.message).toMatch(
      /cannot be reached: nothing listens there; pull again when there is a network.*HF_ENDPOINT.*by hand.*`ganglion add`$/,
    );
    nothingIsLeft();
    hub = await startHub({});
  });

  it.each([
    ["is no JSON", "<html>"],
    ["is no list", '{"error":"x"}'],
    ["has no end", `[${'{"type":"directory"},'.repeat(800_000)}`],
  ])("is a Problem where its listing %s", async (_case, listing) => {
    hub.troubles.listing = listing;
    expect((await problemOf(pull(small))).message).toContain("the hub's listing of owner/small-GGUF cannot be read");
    nothingIsLeft();
  });

  it.each([
    "../../../escaped.gguf",
    "/tmp/escaped.gguf",
    "a/../../escaped.gguf",
    "..\\escaped.gguf",
    "C:escaped.gguf",
    ".ssh/escaped.gguf",
  ])("cannot have a file called %j written", async (path) => {
    hub.repositories["owner/evil"] = { revision: testRevision, files: { "m.gguf": content }, listedAs: { "m.gguf": { path } } };
    expect((await problemOf(pull({ ...small, sources: [source("owner/evil")] }))).message).toBe("owner/evil has no GGUF file");
    nothingIsLeft();
  });

  it("cannot list sizes and digests that are none", async () => {
    for (const facts of [{ size: -1 }, { size: 1e300 }, { size: "9" }, { oid: "../../x" }, { oid: 7 }]) {
      hub.repositories["owner/evil"] = { revision: testRevision, files: { "m.gguf": content }, listedAs: { "m.gguf": facts } };
      expect((await problemOf(pull({ ...small, sources: [source("owner/evil")] }))).message).toBe("owner/evil has no GGUF file");
    }
    const repository = hub.repositories["owner/small-GGUF"];
    if (repository) repository.revision = "../../../../etc";
    expect((await problemOf(pull(small))).message).toContain("cannot be read");
    nothingIsLeft();
  });

  it("cannot fill the disk: the room is looked at first", async () => {
    const listedAs = { "m.gguf": { size: 2 ** 52 } };
    hub.repositories["owner/huge"] = { revision: testRevision, files: { "m.gguf": content }, listedAs };
    const problem = await problemOf(pull({ ...small, sources: [source("owner/huge")] }));
    expect(problem.message).toMatch(/^4500 TB more are wanted in .*, and .* are free: make room/);
    expect(requestsFor("files")).toEqual([]);
    nothingIsLeft();
  });
});

describe("the token", () => {
  const token = "hf_secret";
  const withToken = () => ({ hub: { endpoint: hub.endpoint, token } });

  it("goes to the hub with every request, and to no other host", async () => {
    await pull(small, withToken());
    expect(requestsFor("hub").every(({ authorization }) => authorization === `Bearer ${token}`)).toBe(true);
    expect(requestsFor("files").every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  it("does not follow the next page of a listing to another host", async () => {
    const other = await startHub({});
    hub.troubles.pageSize = 1;
    hub.troubles.nextPage = `${other.endpoint}/api/models/owner/small-GGUF/tree/${testRevision}`;
    expect((await problemOf(pull(small, withToken()))).message).toContain("cannot be read");
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it("is not sent in the open", async () => {
    const problem = await problemOf(pull(small, { hub: { endpoint: "http://hub.example", token } }));
    expect(problem.message).toBe("HF_TOKEN is not sent to hub.example over http: set HF_ENDPOINT to an https address, or unset HF_TOKEN");
  });

  it("is in no message", async () => {
    hub.troubles.refusals = [{ status: 403 }];
    const problem = await problemOf(pull({ ...small, sources: [source("owner/nowhere")] }, withToken()));
    expect(JSON.stringify([problem.message, problem.details])).not.toContain(token);
  });
});

describe("a redirect", () => {
  it.each(["http://files.example/x", "ftp://127.0.0.1/x", "file:///etc/passwd", "https://user:password@127.0.0.1/x", "http://[bad"])(
    "to %s is not followed",
    async (location) => {
      hub.troubles.redirectTo = () => location;
      expect((await problemOf(pull(small))).message).toMatch(/redirects to .*, which is not a secured one; nothing was kept$/);
      expect(filesHere()).toEqual([]);
    },
  );

  it("in a circle comes to an end", async () => {
    hub.troubles.redirectTo = () => `/owner/small-GGUF/resolve/${testRevision}/small.Q4_K_M.gguf`;
    expect((await problemOf(pull(small))).message).toContain("only sends from one address to the next");
  });
});

describe("a name", () => {
  it.each(["../x", "owner/..", "owner", "a/b/c", "https://hub/owner/model"])(
    "%j of a repository is refused before anything is asked",
    async (name) => {
      expect((await problemOf(pull({ ...small, sources: [source(name)] }))).message).toContain("is no name on a model hub");
      expect(hub.requests).toEqual([]);
    },
  );
});

describe("two pulls at once", () => {
  it("fetch a file once: the second waits, says so, and finds it", async () => {
    const [first, second] = await Promise.all([pull(small), pull({ ...small, model: "@cf/a/twin" })]);
    expect(new Set([first.fetchedBytes, second.fetchedBytes])).toEqual(new Set([0, 100_123]));
    expect(events.filter(({ type }) => type === "waiting")).toEqual([{ type: "waiting", repository: "owner/small-GGUF" }]);
    expect(hub.sentBytes).toBe(100_123);
  });

  it("can be left while waiting", async () => {
    await withProcessLock(processLockOf(dataFolder, "owner/small-GGUF"), {}, async () => {
      const leaving = new AbortController();
      const waiting = pull(small, { signal: leaving.signal, onEvent: ({ type }) => type === "waiting" && leaving.abort("enough") });
      await expect(waiting).rejects.toBe("enough");
    });
  });
});
