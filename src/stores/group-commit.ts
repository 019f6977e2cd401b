interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (thrown: unknown) => void;
}

/**
 * One commit for everything that came while the last one ran. There is no timer: when no commit runs, one starts in the same turn.
 * Where a full group waits, it is made ready while the one before it is still being written.
 *
 * @param commit makes items durable, all or none; what it throws is what each of them is told.
 * @param most items of one commit, so that nobody waits for a commit without end.
 */
export function createGroupCommit<Item>(commit: (items: readonly Item[]) => Promise<void>, most = 128): (item: Item) => Promise<void> {
  let waiting: Waiting<Item>[] = [];
  let running = 0;

  async function run(): Promise<void> {
    const group = waiting.slice(0, most);
    waiting = waiting.slice(most);
    running++;
    try {
      await commit(group.map(({ item }) => item));
      for (const { resolve } of group) resolve();
    } catch (thrown) {
      for (const { reject } of group) reject(thrown);
    }
    running--;
    startIfDue();
  }

  function startIfDue(): void {
    while ((running === 0 && waiting.length > 0) || (running === 1 && waiting.length >= most)) void run();
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // Not at once but at the end of this turn: what comes in the same turn rides along.
      if (waiting.length === 1 || waiting.length === most) queueMicrotask(startIfDue);
    });
}
