import type { Call, Engine, Part, TaskId } from "../src/core/index.ts";

/** The id of a call that no engine sees: it is answered with what its process has used. */
const cpuCall = "cpu";

/** An engine for the child process that also says how much CPU time that process has had. */
export function withCpu(engine: Engine): Engine {
  async function* run<T extends TaskId>(call: Call<T>): AsyncGenerator<Part<T>> {
    if (call.id !== cpuCall) {
      yield* engine.run(call);
      return;
    }
    const { user, system } = process.cpuUsage();
    // The bench reads the usage only.
    yield { type: "end", usage: { "audio-second": (user + system) / 1e6 }, output: {} } as Part<T>;
  }
  return { ...engine, run };
}

/** Microseconds of CPU time of the process that serves such an engine. */
export async function cpuOf<T extends TaskId>(engine: Engine, call: Call<T>): Promise<number> {
  for await (const part of engine.run({ ...call, id: cpuCall })) return (part.usage["audio-second"] ?? NaN) * 1e6;
  throw new Error("the process of the engine did not answer");
}
