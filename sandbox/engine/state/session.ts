import { type FileHandle, open, rm } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { type Operation, type ResourceState, verify } from "./deployment";
import type { Serializer } from "./serialize";
import { journalLine, journalOf, type PutText, type State, stateText, writeWhole } from "./stateFile";

/** What a finished step makes of the state. States are known by identity: hand in the very objects the session gave or got. */
export interface Change {
  /** Leave the state. */
  readonly remove?: readonly ResourceState[];
  /** Change where they stand, such as a replaced resource that now waits to be deleted. */
  readonly replace?: readonly (readonly [before: ResourceState, after: ResourceState])[];
  /** Joins the resources of this run, behind all that joined before it and before those that it has not come to. */
  readonly add?: ResourceState;
}

/** Up to this many characters, some 300 resources, writing the whole state takes a few milliseconds. */
const wholeUpTo = 512 * 1024;

/**
 * A stack that this process has locked and writes to. Whatever a method's promise was kept for survives a kill.
 *
 * A small state is written whole at each step, once for all steps that end at the same time. Writing all of a large one at
 * each step would cost the square of its resources: from there on each step is a line in a journal beside the file, which
 * says so, and the whole state is written when the run ends.
 */
export class Session {
  /** In the order of their numbers; those of this run are numbered from 1, so that they come first. */
  readonly #numbers = new Map<ResourceState, number>();
  /** Those of earlier runs have numbers below 0. */
  readonly #pending = new Map<number, Operation>();
  #last = 0;
  #journal: FileHandle | undefined;
  /** Of the journal, those still to be written. */
  #lines: string[] = [];
  #size = 0;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(
    private readonly path: string,
    /** The stack's full name, as it stands in the file. */
    private readonly stack: string,
    /** The state found at the start. */
    readonly before: State,
    private readonly serializer: Serializer,
    private readonly unlock: () => Promise<void>,
  ) {
    before.resources.forEach((state, at) => void this.#numbers.set(state, 1e9 + at));
    before.pending.forEach((operation, at) => void this.#pending.set(-1 - at, operation));
    this.#size = this.#text().length;
    // The CLI asks the person about creates only: whether anything else came to its end is seen by doing it again.
    this.#forget(({ type }) => type === "creating");
  }

  /** The resources now. */
  get resources(): readonly ResourceState[] {
    return [...this.#numbers].sort(([, one], [, other]) => one - other).map(([state]) => state);
  }

  /** Something is about to be done: recorded as pending before the promise is kept. */
  async begin(type: Operation["type"], resource: ResourceState): Promise<number> {
    const number = ++this.#last;
    this.#pending.set(number, { type, resource });
    this.#record({}, [[number, this.serializer.operation({ type, resource })]]);
    await this.#save();
    return number;
  }

  /** It ended: no change when it failed. */
  async end(operation: number, change: Change = {}): Promise<void> {
    this.#pending.delete(operation);
    this.#record(change, [[operation, "null"]]);
    await this.#save();
  }

  /** A resource that needed nothing: takes its place among this run's resources. Waited for only when more than the order changed. */
  async same(before: ResourceState, after: ResourceState): Promise<void> {
    const isEqual = isDeepStrictEqual(before, after);
    if (isEqual) this.serializer.alike(before, after);
    this.#record({ remove: [before], add: after });
    if (!isEqual) await this.#save();
  }

  /** A change that is no operation of a provider: outputs registered, a resource forgotten, the result of a refresh. */
  async change(change: Change): Promise<void> {
    this.#record(change);
    await this.#save();
  }

  /** Drops operations that were pending when the run began, but for those to keep. */
  async settle(keep: (operation: Operation) => boolean): Promise<void> {
    this.#forget(keep);
    await this.#save();
  }

  /** Writes the whole state and unlocks. Call it however the run ended. */
  async close(): Promise<void> {
    try {
      await this.#running.catch(() => undefined);
      await this.#whole();
      await this.#journal?.close();
      await rm(journalOf(this.path), { force: true });
    } finally {
      await this.unlock();
    }
    verify(this.resources, "it was already written, but is invalid");
  }

  #forget(keep: (operation: Operation) => boolean): void {
    const gone = [...this.#pending].filter(([number, operation]) => number < 0 && !keep(operation));
    for (const [number] of gone) this.#pending.delete(number);
    this.#record(
      {},
      gone.map(([number]): PutText => [number, "null"]),
    );
  }

  #record({ remove = [], replace = [], add }: Change, pending: readonly PutText[] = []): void {
    const put = (number: number, state: ResourceState): PutText => {
      this.#numbers.set(state, number);
      return [number, this.serializer.resource(state)];
    };
    const resources = [
      ...remove.map((state): PutText => [this.#take(state), "null"]),
      ...replace.map(([before, after]) => put(this.#take(before), after)),
      ...(add ? [put(++this.#last, add)] : []),
    ];
    this.#lines.push(journalLine(resources, pending));
  }

  #take(state: ResourceState): number {
    const number = this.#numbers.get(state);
    if (number === undefined) throw new Error(`the state holds no such object for ${state.urn}`);
    this.#numbers.delete(state);
    return number;
  }

  /** Kept once everything recorded before would survive a kill or a power cut. Serves many callers at once. */
  #save(): Promise<void> {
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#running = this.#write();
        return this.#running;
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    const lines = this.#lines.splice(0).join("");
    if (this.#journal) {
      await this.#journal.appendFile(lines);
      return this.#journal.datasync();
    }
    const { path, serializer } = this;
    if (this.#size <= wholeUpTo) return this.#whole();
    // The journal begins with all there is: it needs nothing of the file, and the file of it only to say so.
    const resources = [...this.#numbers].map(([state, number]): PutText => [number, serializer.resource(state)]);
    const pending = [...this.#pending].map(([number, one]): PutText => [number, serializer.operation(one)]);
    const text = this.#text(false);
    await writeWhole(journalOf(path), journalLine(resources, pending));
    await writeWhole(path, text);
    this.#journal = await open(journalOf(path), "a");
  }

  async #whole(): Promise<void> {
    const text = this.#text();
    this.#size = text.length;
    await writeWhole(this.path, text);
  }

  #text(isWhole = true): string {
    const { resources, serializer } = this;
    return stateText(
      this.stack,
      { ...this.before, resources, pending: [...this.#pending.values()] },
      serializer,
      isWhole,
    );
  }
}
