import type { Call, Output, TaskId } from "../../core/index.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { Vectors } from "./session.ts";
import type { Row } from "./token-reader.ts";

/** How one task is done with a graph that reads tokens. */
export interface Operation<T extends TaskId> {
  /** What the graph reads, one row for each answer that it shall give. */
  rows(call: Call<T>, model: LoadedModel): readonly Row[];
  /** The graph's output that answers. @throws Problem engine-failed where the graph has none that could */
  source(call: Call<T>, model: LoadedModel): string;
  output(results: readonly Vectors[], call: Call<T>, model: LoadedModel): Output<T>;
}
