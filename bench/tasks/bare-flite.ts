import { openFlite } from "../../src/engines/flite/program.ts";
import { servePeer } from "../peer.ts";
import type { Ran, TaskOptions } from "./ran.ts";

/** The floor: the program alone, each text as a whole. */
async function start({ inputs }: TaskOptions) {
  const flite = await openFlite();
  const texts = inputs.map((input) => ("text" in input ? String(input.text) : ""));

  return {
    async run(): Promise<Ran> {
      const before = process.cpuUsage();
      const began = performance.now();
      for (const text of texts) await flite.read(text, "slt", 1);
      const seconds = (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(before);
      return { seconds, cpuSeconds: (user + system) / 1e6 };
    },
  };
}

servePeer(start);
