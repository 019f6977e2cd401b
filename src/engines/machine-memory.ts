import { readFileSync } from "node:fs";
import { totalmem } from "node:os";

/** Bytes that new processes can have: what is free, and what the system would take back from its cache of files. */
export function freeMemory(): number {
  const machine = kilobytesOf(read("/proc/meminfo"), "MemAvailable");
  if (machine === undefined) return process.availableMemory();
  return Math.max(0, Math.min(machine, freeInContainer() ?? machine));
}

/** Bytes of memory that this machine has, or that its container may use. */
export function wholeMemory(): number {
  const limit = process.constrainedMemory() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** Memory of a process as the system sees it; undefined where it does not say. */
export interface ProcessMemory {
  /** With the files that are mapped into it. */
  readonly resident: number;
  /** What is only its own: of a mapped file nothing, for the system could read that again. */
  readonly own: number;
}

export function memoryOfProcess(pid: number): ProcessMemory | undefined {
  const status = read(`/proc/${pid}/status`);
  const resident = kilobytesOf(status, "VmRSS");
  const own = kilobytesOf(status, "RssAnon");
  return resident === undefined || own === undefined ? undefined : { resident, own };
}

/** A container counts cached files as used, though they give way: cgroups of version 2, then of version 1. */
function freeInContainer(): number | undefined {
  const groups = [
    { folder: "/sys/fs/cgroup", limit: "memory.max", used: "memory.current" },
    { folder: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes" },
  ];
  for (const { folder, limit, used } of groups) {
    const most = Number(read(`${folder}/${limit}`) ?? Number.NaN); // without a limit it says `max`
    const now = Number(read(`${folder}/${used}`) ?? Number.NaN);
    if (!(most < totalmem()) || Number.isNaN(now)) continue;
    const stat = read(`${folder}/memory.stat`) ?? "";
    const cached = [...stat.matchAll(/^(?:in)?active_file (\d+)$/gm)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
    return most - now + cached;
  }
  return undefined;
}

function kilobytesOf(text: string | undefined, name: string): number | undefined {
  const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text ?? "") ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
