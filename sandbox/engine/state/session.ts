import { isDeepStrictEqual } from "node:util";
import type { Deployment, Operation, ResourceState } from "./deployment";
import { integrityFault } from "./integrity";
import type { Serializer } from "./serialize";
import type { Put, StateFile } from "./stateFile";

/** What a finished step makes of the state. States are known by identity: hand in the very objects the session gave or got. */
export interface Change {
  /** Leave the state. */
  readonly remove?: readonly ResourceState[];
  /** Change where they stand, such as a replaced resource that now waits to be deleted. */
  readonly replace?: readonly (readonly [before: ResourceState, after: ResourceState])[];
  /** Joins the resources of this run, behind all that joined before it and before those that it has not come to. */
  readonly add?: ResourceState;
}

/** A stack that this process has locked and writes to. Whatever a method's promise was kept for survives a kill. */
export class Session {
  readonly #numbers = new Map<ResourceState, number>();
  /** Operations of earlier runs whose end is not known. */
  readonly #left = new Map<number, Operation>();
  #settled: number[] = [];
  #lastNumber = 0;
  #lastOperation = 0;

  /** The state found at the start. */
  readonly before: Deployment;

  constructor(
    private readonly file: StateFile,
    private readonly serializer: Serializer,
    private readonly unlock: () => Promise<void>,
  ) {
    for (const [number, text] of file.resources) this.#numbers.set(serializer.restore(JSON.parse(text)), number);
    for (const [number, text] of file.pending) {
      const { type, resource } = JSON.parse(text) as Operation;
      this.#left.set(number, { type, resource: serializer.restore(resource) });
      // The CLI asks the person about creates only: whether anything else came to its end is seen by doing it again.
      if (type !== "creating") this.#settled.push(number);
    }
    this.before = { resources: this.resources, pending: [...this.#left.values()] };
  }

  /** The resources now. */
  get resources(): readonly ResourceState[] {
    return [...this.#numbers].sort(([, one], [, other]) => one - other).map(([state]) => state);
  }

  /** Something is about to be done: recorded as pending before the promise is kept. */
  async begin(type: Operation["type"], resource: ResourceState): Promise<number> {
    const operation = ++this.#lastOperation;
    const text = `{"resource":${this.serializer.store(resource)},"type":"${type}"}`;
    await this.#save([], [[operation, text]]);
    return operation;
  }

  /** It ended: no change when it failed. */
  async end(operation: number, change: Change = {}): Promise<void> {
    await this.#save(this.#puts(change), [[operation, null]]);
  }

  /** A resource that needed nothing: takes its place among this run's resources. Written only when more than the order changed. */
  async same(before: ResourceState, after: ResourceState): Promise<void> {
    if (!isDeepStrictEqual(before, after)) return this.change({ remove: [before], add: after });
    const number = this.#take(before);
    this.#numbers.set(after, ++this.#lastNumber);
    const text = this.file.resources.get(number) ?? null;
    this.file.record({
      resources: [
        [number, null],
        [this.#lastNumber, text],
      ],
    });
  }

  /** A change that is no operation of a provider: outputs registered, a resource forgotten, the result of a refresh. */
  async change(change: Change): Promise<void> {
    await this.#save(this.#puts(change));
  }

  /** Drops operations that were pending when the run began, but for those to keep. */
  async settle(keep: (operation: Operation) => boolean): Promise<void> {
    this.#settled.push(...[...this.#left].flatMap(([number, operation]) => (keep(operation) ? [] : [number])));
    if (this.#settled.length > 0) await this.#save();
  }

  /** Writes the whole state and unlocks. Call it however the run ended. */
  async close(): Promise<void> {
    try {
      await this.file.close();
    } finally {
      await this.unlock();
    }
    const fault = integrityFault(this.resources);
    if (fault) throw new Error(`snapshot integrity failure; it was already written, but is invalid: ${fault}`);
  }

  async #save(resources: readonly Put[] = [], pending: readonly Put[] = []): Promise<void> {
    const settled = this.#settled.splice(0).map((number): Put => [number, null]);
    this.file.record({ resources, pending: [...pending, ...settled] });
    await this.file.save();
  }

  #puts({ remove = [], replace = [], add }: Change): readonly Put[] {
    const put = (number: number, state: ResourceState): Put => {
      this.#numbers.set(state, number);
      return [number, this.serializer.store(state)];
    };
    return [
      ...remove.map((state): Put => [this.#take(state), null]),
      ...replace.map(([before, after]) => put(this.#take(before), after)),
      ...(add ? [put(++this.#lastNumber, add)] : []),
    ];
  }

  #take(state: ResourceState): number {
    const number = this.#numbers.get(state);
    if (number === undefined) throw new Error(`the state holds no such object for ${state.urn}`);
    this.#numbers.delete(state);
    return number;
  }
}
