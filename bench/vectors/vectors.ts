import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startPeer } from "../peer.ts";
import { inRounds, pairs } from "../rounds.ts";
import type { Suite } from "../suite.ts";
import type { SearchCommands, SearchOptions } from "./our-index.ts";

const variants = ["ganglion", "bare"] as const;
const nearest = 20;

/** Our index of vectors in its file against a scan of the same numbers in memory, which finds what there is to find. */
export const vectors: Suite = async ({ folder: parent, rounds, quick, profile, progress }) => {
  const folder = mkdtempSync(join(parent, "vectors-"));
  const given: SearchOptions = { folder, count: quick ? 2_000 : 100_000, dimensions: 768, nearest };
  const of = `${given.count.toLocaleString("en")} x ${given.dimensions}`;
  progress(`vectors: writing ${of}`);
  const peers = {
    ganglion: await startPeer<SearchCommands>("our-index.js", given, { profile }),
    bare: await startPeer<SearchCommands>("bare-scan.js", given, { profile }),
  };
  const writing = await peers.ganglion.ask("written");
  const queries = quick ? 3 : 20;
  for (const variant of variants) await peers[variant].ask("search", 2);
  const { [of]: samples } = await inRounds(rounds, [of], variants, (_, variant) => {
    progress(`vectors: ${of}, ${variant}`);
    return peers[variant].ask("search", queries);
  });
  const { ganglion = [], bare = [] } = samples ?? {};
  for (const variant of variants) await peers[variant].end();
  rmSync(folder, { recursive: true });

  const shared = (mine: readonly string[], true_: readonly string[]) => mine.filter((id) => true_.includes(id)).length / nearest;
  const recall = pairs(ganglion, bare, (a, b) => a.found.reduce((sum, ids, i) => sum + shared(ids, b.found[i] ?? []), 0) / a.found.length);
  const latency = (all: typeof ganglion) => all.map(({ seconds }) => (seconds / queries) * 1000);
  return {
    rows: [
      { of, what: `the nearest ${nearest} found / by the scan`, unit: "", rounds: recall, target: { least: 1 } },
      { of, what: "a query", unit: "ms", rounds: latency(ganglion) },
      { of, what: "a query of the scan", unit: "ms", rounds: latency(bare) },
      {
        of,
        what: "queries per second / a scan in JavaScript",
        unit: "",
        rounds: pairs(ganglion, bare, (a, b) => b.seconds / a.seconds),
        target: { least: 0.95 },
      },
      { of, what: "a thousand vectors written in", unit: "ms", rounds: [(writing.seconds / given.count) * 1e6] },
      { of, what: "file", unit: "MB", rounds: [writing.bytes / 1e6] },
    ],
    samples: { writing, [of]: samples },
  };
};
