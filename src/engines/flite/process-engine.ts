import type { Engine } from "../../core/index.ts";
import { createProcessEngine, type ProcessEngineOptions } from "../index.ts";

export type FliteProcessOptions = Omit<ProcessEngineOptions, "name" | "keyOf" | "needsOf" | "settings">;

/** Node, the program and the voices in it. */
const bytes = 150_000_000;

/** The voices of flite, in a process of their own: a text of ten thousand characters takes seconds of computing. */
export function createFliteProcessEngine(options: FliteProcessOptions): Engine {
  return createProcessEngine({ ...options, name: "flite", needsOf: async () => ({ wanted: bytes, least: bytes }) });
}
