const last = new Map<string, Promise<unknown>>();

/** Runs tasks of one key one after the other, in this process. */
export function inTurn<T>(key: string, task: () => Promise<T>): Promise<T> {
  const turn = (last.get(key) ?? Promise.resolve()).then(task, task);
  last.set(key, turn);
  // Nobody may be listening to this copy: without a catch a failed task would end the process.
  turn
    .catch(() => undefined)
    .finally(() => {
      if (last.get(key) === turn) last.delete(key);
    });
  return turn;
}
