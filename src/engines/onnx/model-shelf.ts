import type { ModelCard } from "../../core/index.ts";
import { folderOf } from "./model-files.ts";
import type { Loaded, Loader, LoadOptions } from "./work.ts";

/** Keeps models in memory: loaded at their first use, gone when the room is wanted and nobody uses them. */
export interface ModelShelf {
  /** Lends a model until it is given back. @throws Problem as the loader does */
  lend<M extends Loaded>(card: ModelCard, loader: Loader<M>): Promise<Lent<M>>;
  close(): Promise<void>;
}

export interface Lent<M extends Loaded> {
  readonly model: M;
  giveBack(): void;
}

interface Place<M extends Loaded = Loaded> {
  readonly loading: Promise<M>;
  users: number;
  bytes: number;
}

/** A model that is larger than `maxModelBytes`, or in use, stays as long as it is used. */
export function createModelShelf(options: LoadOptions): ModelShelf {
  // In the order of use: a model that is lent moves to the end.
  const places = new Map<string, Place>();
  const leaving = new Set<Promise<void>>();

  function placeOf<M extends Loaded>(card: ModelCard, loader: Loader<M>): [string, Place<M>] {
    const key = `${loader.make}:${folderOf(card)}`;
    const known = places.get(key) as Place<M> | undefined; // what has this make in its key was loaded by this loader
    const place = known ?? { loading: loader.load(card, options), users: 0, bytes: 0 };
    places.delete(key);
    places.set(key, place);
    return [key, place];
  }

  async function lend<M extends Loaded>(card: ModelCard, loader: Loader<M>): Promise<Lent<M>> {
    const [key, place] = placeOf(card, loader);
    place.users++;
    try {
      const model = await place.loading;
      place.bytes = model.bytes;
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
      if (sum <= options.maxModelBytes) return;
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
