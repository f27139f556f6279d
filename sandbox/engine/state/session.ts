import { type FileHandle, open, rm } from "node:fs/promises";
import { filled } from "../values";
import { type Deployment, type Operation, type ResourceState, verify } from "./deployment";
import type { Serializer } from "./serialize";
import { type Entry, inOrder, journalOf, put, type State, stateText, writeWhole } from "./stateFile";

/** Resources of earlier runs are numbered from here, in their order: behind those of this run, which are numbered from 1. */
export const behind = 1e9;

/** Up to this many characters, some 300 resources, writing the whole state takes a few milliseconds. */
const wholeUpTo = 512 * 1024;

/**
 * A stack that this process has locked and writes to. Each resource and each pending operation has a number; the order of
 * the numbers is that of the state. What {@link save} was told is kept, when its promise is, whatever happens then.
 */
export class Session {
  readonly #resources: Map<number, ResourceState>;
  readonly #pending: Map<number, Operation>;
  #unwritten: Entry[] = [];
  #journal: FileHandle | undefined;
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
    clearPendingCreates: boolean,
    private readonly unlock: () => Promise<void>,
  ) {
    this.#resources = new Map(before.resources.map((state, at) => [behind + at, state]));
    // The CLI asks the person about creates only: whether anything else came to its end is seen by doing it again.
    const kept = clearPendingCreates ? [] : before.pending.filter(({ type }) => type === "creating");
    this.#pending = new Map(kept.map((operation, at) => [behind + at, operation]));
  }

  /** Puts resources and pending operations under their numbers, `null` for what leaves. Serves many callers at once. */
  save({ resources = [], pending = [] }: Partial<Entry>): Promise<void> {
    // Empty fields are left out, as the CLI does.
    const stored = (state: ResourceState) => ({ ...filled(state), custom: state.custom }) as ResourceState;
    const entry: Entry = {
      resources: resources.map(([number, state]) => [number, state && stored(state)]),
      pending: pending.map(([number, one]) => [number, one && { ...one, resource: stored(one.resource) }]),
    };
    put(this.#resources, entry.resources);
    put(this.#pending, entry.pending);
    this.#unwritten.push(entry);
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#running = this.#write(this.#unwritten.splice(0));
        return this.#running;
      });
    return this.#next;
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
    verify(this.#now.resources, "it was already written, but is invalid");
  }

  get #now(): Deployment {
    return { resources: inOrder(this.#resources), pending: inOrder(this.#pending) };
  }

  /** Writing all of a large state at each step would cost the square of its resources: from there on a step is a line. */
  async #write(entries: readonly Entry[]): Promise<void> {
    if (this.#size <= wholeUpTo) return this.#whole();
    this.#journal ??= await this.#begin();
    await this.#journal.appendFile(entries.map((entry) => `${this.serializer.stringify(entry)}\n`).join(""));
    await this.#journal.datasync();
  }

  async #whole(): Promise<void> {
    const text = stateText(this.stack, { ...this.before, ...this.#now }, this.serializer);
    this.#size = text.length;
    await writeWhole(this.path, text);
  }

  /** The journal begins with all there is: it needs nothing of the file, and the file of it only to say so. */
  async #begin(): Promise<FileHandle> {
    const all = { resources: [...this.#resources], pending: [...this.#pending] };
    await writeWhole(journalOf(this.path), `${this.serializer.stringify(all)}\n`);
    await writeWhole(this.path, stateText(this.stack, { ...this.before, ...this.#now }, this.serializer, false));
    return open(journalOf(this.path), "a");
  }
}
