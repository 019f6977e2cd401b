import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { startPeer } from "../peer.ts";
import { createRandom } from "../random.ts";
import { inRounds, pairs } from "../rounds.ts";
import type { Suite } from "../suite.ts";
import type { Looked, LookerCommands, LookerOptions } from "./bare-looker.ts";
import { resNet50, tinyResNet, writeRandomResNet } from "./random-resnet.ts";

const cases = ["JPEG, 640 x 480"] as const;
const variants = ["ganglion", "bare"] as const;

/** Pictures per second of our engine, child process and channel included, against sharp and the bare session on the same graph. */
export const pictures: Suite = async ({ folder: parent, rounds, quick, profile, progress }) => {
  const folder = mkdtempSync(join(parent, "resnet-"));
  progress("pictures: writing a model");
  writeRandomResNet(folder, quick ? tinyResNet : resNet50);
  const given: LookerOptions = { folder, threads: 1 };
  const peers = {
    ganglion: await startPeer<LookerCommands>("our-looker.js", given, { profile }),
    bare: await startPeer<LookerCommands>("bare-looker.js", given, { profile }),
  };
  const files = await Promise.all(Array.from({ length: quick ? 4 : 16 }, (_, i) => pictureOf(i)));
  for (const variant of variants) await peers[variant].ask("look", files.slice(0, 4));
  const samples = await inRounds(rounds, cases, variants, (one, variant) => {
    progress(`pictures: ${one}, ${variant}`);
    return peers[variant].ask("look", files);
  });
  for (const variant of variants) await peers[variant].end();
  rmSync(folder, { recursive: true });

  const perSecond = (a: Looked, b: Looked) => a.pictures / a.seconds / (b.pictures / b.seconds);
  const perCpuSecond = (a: Looked, b: Looked) => a.pictures / a.cpuSeconds / (b.pictures / b.cpuSeconds);
  const rows = cases.flatMap((of) => {
    const { ganglion, bare } = samples[of];
    return [
      {
        of,
        what: "pictures per second / sharp and session.run",
        unit: "" as const,
        rounds: pairs(ganglion, bare, perSecond),
        target: { least: 0.95 },
      },
      {
        of,
        what: "pictures per CPU-second / sharp and session.run",
        unit: "" as const,
        rounds: pairs(ganglion, bare, perCpuSecond),
        target: { least: 0.95 },
      },
    ];
  });
  return { rows, samples };
};

/** Clouds of colour with the grain of a photograph. */
async function pictureOf(seed: number): Promise<Uint8Array> {
  const random = createRandom(seed + 1);
  const coarse = Uint8Array.from({ length: 20 * 15 * 3 }, () => random.number() * 256);
  const clouds = await sharp(coarse, { raw: { width: 20, height: 15, channels: 3 } })
    .resize(640, 480, { kernel: "cubic" })
    .raw()
    .toBuffer();
  const grained = clouds.map((value) => Math.min(255, Math.max(0, value + random.number() * 24 - 12)));
  return new Uint8Array(
    await sharp(grained, { raw: { width: 640, height: 480, channels: 3 } })
      .jpeg()
      .toBuffer(),
  );
}
