import { isDeepStrictEqual } from "node:util";
import type { Deployment, Operation, OperationType, ResourceState } from "./deployment";
import { integrityFault, withoutReferences, withRenamed } from "./integrity";
import type { Serializer } from "./serialize";
import { type Checkpoint, type Entry, Snapshot } from "./snapshot";
import { type Target, Writer } from "./writer";

/** What a finished step makes of the state. States are known by identity: hand in the very objects the session gave or got. */
export interface Change {
  /** Leave the state. */
  readonly remove?: readonly ResourceState[];
  /** Change where they stand, such as a replaced resource that now waits to be deleted. */
  readonly replace?: readonly (readonly [before: ResourceState, after: ResourceState])[];
  /** Joins the resources of this run, behind all that joined before it. */
  readonly add?: ResourceState;
}

/** A stack that this process has locked and writes to. Whatever a method's promise was kept for survives a kill. */
export class Session {
  private readonly snapshot: Snapshot;
  private readonly writer: Writer;
  private readonly states = new Map<number, ResourceState>();
  private readonly numbers = new Map<ResourceState, number>();
  private readonly operations = new Map<number, Operation>();
  private lastNumber: number;
  private lastOperation = 0;
  private settled: number[] = [];

  /** The state found at the start. */
  readonly before: Deployment;

  constructor(
    checkpoint: Checkpoint,
    private readonly serializer: Serializer,
    target: Target,
    private readonly unlock: () => Promise<void>,
  ) {
    this.snapshot = new Snapshot(checkpoint);
    this.writer = new Writer(this.snapshot, target);
    for (const [number, { text }] of this.snapshot.resources) this.remember(number, serializer.restore(text));
    this.lastNumber = this.states.size - 1;
    for (const [number, { type, resource }] of this.snapshot.operations) {
      this.operations.set(number, { type, resource: serializer.restore(resource.text) });
      // The CLI asks the person about creates only: whether anything else came to its end is seen by doing it again.
      if (type !== "creating") this.settled.push(number);
    }
    this.before = { resources: [...this.states.values()], pending: [...this.operations.values()] };
  }

  /** The state now. */
  get now(): Deployment {
    const resources = this.snapshot.resources.flatMap(([number]) => this.states.get(number) ?? []);
    return { resources, pending: [...this.operations.values()] };
  }

  /** Something is about to be done: recorded as pending before the promise is kept. */
  async begin(type: OperationType, resource: ResourceState): Promise<number> {
    const operation = ++this.lastOperation;
    this.operations.set(operation, { type, resource });
    await this.save({ begin: { operation, type, resource: this.serializer.store(resource) } });
    return operation;
  }

  /** It ended: no change when it failed. */
  async end(operation: number, change: Change = {}): Promise<void> {
    this.operations.delete(operation);
    await this.save({ end: [operation], ...this.entry(change) });
  }

  /** A resource that needed nothing: takes its place among this run's resources. Written only when more than the order changed. */
  async same(before: ResourceState, after: ResourceState): Promise<void> {
    if (!isDeepStrictEqual(before, after)) return this.change({ remove: [before], add: after });
    const number = this.numberOf(before);
    this.remember(number, after);
    this.writer.record({ add: [number] });
  }

  /** A change that is no operation of a provider: outputs registered, a resource forgotten, the result of a refresh. */
  async change(change: Change): Promise<void> {
    await this.save(this.entry(change));
  }

  /** Resources that a refresh found gone: removed, with every reference to them. */
  async vanish(gone: readonly ResourceState[]): Promise<void> {
    const { resources } = this.now;
    const stays = resources.filter((resource) => !gone.includes(resource));
    const urns = new Set(stays.map(({ urn }) => urn));
    const parents = new Map(gone.filter(({ urn }) => !urns.has(urn)).map(({ urn, parent }) => [urn, parent]));
    const replace = stays.map((resource) => [resource, withoutReferences(resource, parents)] as const);
    await this.change({ remove: gone, replace: replace.filter(([before, after]) => before !== after) });
  }

  /** Drops operations that were pending when the run began, but for those to keep. */
  async settle(keep: (operation: Operation) => boolean): Promise<void> {
    const left = [...this.operations].filter(([number, operation]) => number < 0 && !keep(operation));
    this.settled.push(...left.map(([number]) => number));
    if (left.length > 0) await this.save({});
  }

  /** Writes the whole state and unlocks. Call it however the run ended. */
  async close(): Promise<void> {
    try {
      await this.writer.close();
    } finally {
      await this.unlock();
    }
    const fault = integrityFault(this.now);
    if (fault) throw new Error(`snapshot integrity failure; it was already written, but is invalid: ${fault}`);
  }

  private async save(entry: Entry): Promise<void> {
    const { settled } = this;
    this.settled = [];
    for (const number of settled) this.operations.delete(number);
    this.writer.record(settled.length > 0 ? { ...entry, end: [...(entry.end ?? []), ...settled] } : entry);
    await this.writer.save();
  }

  private entry({ remove = [], replace = [], add }: Change): Entry {
    const replaced = [...replace, ...this.renames(remove, add)].map(([before, after]) => {
      const number = this.numberOf(before);
      this.remember(number, after);
      return [number, this.serializer.store(after)] as const;
    });
    const removed = remove.map((resource) => this.numberOf(resource));
    for (const number of removed) this.states.delete(number);
    const added = add && ([++this.lastNumber, this.serializer.store(add)] as const);
    if (added && add) this.remember(added[0], add);
    return {
      ...(removed.length > 0 && { remove: removed }),
      ...(replaced.length > 0 && { replace: replaced }),
      ...(added && { add: added }),
    };
  }

  /** A resource that took another URN: those that this run has not come to still call it by the old one. */
  private renames(
    [before]: readonly ResourceState[],
    after: ResourceState | undefined,
  ): [ResourceState, ResourceState][] {
    if (!before || !after || before.urn === after.urn) return [];
    return this.now.resources.flatMap((resource): [ResourceState, ResourceState][] => {
      const renamed = withRenamed(resource, before.urn, after.urn);
      return renamed === resource || resource === before ? [] : [[resource, renamed]];
    });
  }

  private remember(number: number, resource: ResourceState): void {
    this.states.set(number, resource);
    this.numbers.set(resource, number);
  }

  private numberOf(resource: ResourceState): number {
    const number = this.numbers.get(resource);
    if (number === undefined) throw new Error(`the state holds no such object for ${resource.urn}`);
    return number;
  }
}
