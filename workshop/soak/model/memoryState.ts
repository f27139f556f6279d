import type { Operation, ResourceState } from "../../engine/state/deployment";
import { behind, type Entry } from "../../engine/state/stateFile";

/** A stack's state in memory: what a state file keeps, without the file. */
export class MemoryState {
  #resources: ReadonlyMap<number, ResourceState>;
  #pending: ReadonlyMap<number, Operation>;
  #isCut = false;

  constructor(resources: readonly ResourceState[], pending: readonly Operation[]) {
    this.#resources = new Map(resources.map((state, at) => [behind + at, state]));
    this.#pending = new Map(pending.map((operation, at) => [behind + at, operation]));
  }

  /** Puts resources and pending operations under their numbers. */
  async save({ resources = [], pending = [] }: Partial<Entry>): Promise<void> {
    if (this.#isCut) return;
    this.#resources = put(this.#resources, resources);
    this.#pending = put(this.#pending, pending);
  }

  /** From now on nothing is kept: the run was killed. */
  cut(): void {
    this.#isCut = true;
  }

  get resources(): readonly ResourceState[] {
    return inOrder(this.#resources);
  }

  get pending(): readonly Operation[] {
    return inOrder(this.#pending);
  }
}

function put<T>(items: ReadonlyMap<number, T>, puts: readonly (readonly [number, T | null])[]): ReadonlyMap<number, T> {
  const all = items as Map<number, T>;
  for (const [number, item] of puts) item === null ? all.delete(number) : all.set(number, item);
  return all;
}

function inOrder<T>(items: ReadonlyMap<number, T>): readonly T[] {
  return [...items].sort(([one], [other]) => one - other).map(([, item]) => item);
}
