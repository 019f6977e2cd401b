import type { ModelCard } from "../../core/index.ts";
import { folderOf } from "./folder.ts";
import type { LoadedModel } from "./loaded-model.ts";

/** Keeps models in memory: loaded at their first use, gone when the room is wanted and nobody uses them. */
export interface ModelShelf {
  /** Lends a model until it is given back. @throws Problem as `load` does */
  lend(card: ModelCard): Promise<Lent>;
  close(): Promise<void>;
}

export interface Lent {
  readonly model: LoadedModel;
  giveBack(): void;
}

interface Place {
  readonly loading: Promise<LoadedModel>;
  users: number;
  bytes: number;
}

/** @param maxBytes of model files; a model that is larger, or in use, stays as long as it is used */
export function createModelShelf(load: (card: ModelCard) => Promise<LoadedModel>, maxBytes: number): ModelShelf {
  // In the order of use: a model that is lent moves to the end.
  const places = new Map<string, Place>();
  const leaving = new Set<Promise<void>>();

  function placeOf(card: ModelCard): [string, Place] {
    const key = folderOf(card);
    const place = places.get(key) ?? { loading: load(card), users: 0, bytes: 0 };
    places.delete(key);
    places.set(key, place);
    return [key, place];
  }

  async function lend(card: ModelCard): Promise<Lent> {
    const [key, place] = placeOf(card);
    place.users++;
    try {
      const model = await place.loading;
      place.bytes = model.folder.bytes;
      makeRoom();
      let given = false;
      return {
        model,
        giveBack() {
          if (given) return;
          given = true;
          place.users--;
          makeRoom();
        },
      };
    } catch (thrown) {
      // Not kept: the files may be there the next time.
      if (places.get(key) === place) places.delete(key);
      throw thrown;
    }
  }

  function makeRoom(): void {
    let sum = [...places.values()].reduce((bytes, place) => bytes + place.bytes, 0);
    for (const [key, place] of places) {
      if (sum <= maxBytes) return;
      if (place.users > 0) continue;
      sum -= place.bytes;
      places.delete(key);
      release(place);
    }
  }

  function release({ loading }: Place): void {
    const gone = loading.then((model) => model.release()).catch(() => {}); // what did not load holds nothing
    leaving.add(gone);
    void gone.finally(() => leaving.delete(gone));
  }

  async function close(): Promise<void> {
    for (const place of places.values()) release(place);
    places.clear();
    await Promise.all(leaving);
  }

  return { lend, close };
}
