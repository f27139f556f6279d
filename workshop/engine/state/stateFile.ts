import { createHash } from "node:crypto";
import { appendFile, mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { unfinished } from "../../../engines/unfinished";
import { filled } from "../values";
import { type Deployment, type Operation, type ResourceState, verify } from "./deployment";
import type { Serializer } from "./secrets";

/** What a stack's file holds. */
export interface State extends Deployment {
  readonly secrets?: { readonly type: string; readonly state: { readonly salt: string } } | undefined;
  /** The file itself lacks what its journal adds. */
  readonly isJournaled?: boolean;
}

/** The document that the CLI exports. */
export interface Exported {
  readonly version: number;
  readonly features?: readonly string[];
  readonly deployment?: {
    readonly secrets_providers?: State["secrets"];
    readonly resources?: readonly ResourceState[];
    readonly pending_operations?: readonly Operation[];
  };
}

/** A line of a journal: what is put under which number, `null` when it leaves. */
export interface Entry {
  readonly resources: Puts<ResourceState>;
  readonly pending: Puts<Operation>;
}

type Puts<T> = readonly (readonly [number: number, item: T | null])[];

// The CLI checks no more than that the sum belongs to the version; it is the engine's whose behaviour is shared.
const version = "3.260.0";
const magic = createHash("sha256").update(version).digest("hex");

/** Resources that an earlier run left are numbered from here, in their order: behind those of this run, numbered from 1. */
export const behind = 1e9;

/** Up to this many characters, some 300 resources, writing the whole state takes a few milliseconds. */
const wholeUpTo = 512 * 1024;

/** A stack's state, and the file that keeps it. All in it has a number; the order of the numbers is that of the state. */
export class StateFile {
  readonly #resources: Map<number, ResourceState>;
  readonly #pending: Map<number, Operation>;
  #unwritten: Entry[] = [];
  #isJournaled = false;
  #size = 0;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(
    private readonly path: string,
    /** The stack's full name. */
    private readonly stack: string,
    private readonly serializer: Serializer,
    /** What it holds at first. */
    readonly before: State,
    private readonly unlock = async (): Promise<void> => undefined,
  ) {
    this.#resources = new Map(before.resources.map((state, at) => [behind + at, state]));
    this.#pending = new Map(before.pending.map((operation, at) => [behind + at, operation]));
  }

  /** What a file holds, with what a journal adds. */
  static async read(path: string, stack: string, serializer: Serializer, unlock?: () => Promise<void>) {
    const text = await readFile(path, "utf8");
    let stored: Exported & { readonly checkpoint?: { readonly latest?: Exported["deployment"] } };
    try {
      stored = serializer.parse(text) as typeof stored;
    } catch (cause) {
      const fault = `${path} cannot be read as a state: ${(cause as Error).message}`;
      throw new Error(`${fault}. A copy from before the last run is beside it (.bak)`, { cause });
    }
    const isWhole = !stored.features?.includes(unfinished);
    const state = accept({ ...stored, deployment: stored.checkpoint?.latest ?? {} }, path);
    if (isWhole) return new StateFile(path, stack, serializer, state, unlock);
    const file = new StateFile(path, stack, serializer, { ...state, resources: [], pending: [] });
    // What follows the last line end was being written when the run was killed: nobody was told that it is kept.
    for (const line of (await readFile(file.#journal, "utf8")).split("\n").slice(0, -1))
      file.#put(serializer.parse(line) as Entry);
    return new StateFile(path, stack, serializer, { ...state, ...file.#now, isJournaled: true }, unlock);
  }

  /** Forgets what was pending at first, but for creates, unless those as well. Saved with what comes next. */
  forget(creates: boolean): void {
    // The CLI asks the person about creates only: whether anything else came to its end is seen by doing it again.
    for (const [number, { type }] of this.#pending) if (creates || type !== "creating") this.#pending.delete(number);
  }

  /**
   * Puts resources and pending operations under their numbers, `null` for what leaves. When the promise is kept, they
   * survive a kill or a power cut. Serves many callers at once; once one has failed, nothing is kept but by {@link close}.
   */
  save({ resources = [], pending = [] }: Partial<Entry>): Promise<void> {
    // Empty fields are left out, as the CLI does.
    const stored = (state: ResourceState) => ({ ...filled(state), custom: state.custom }) as ResourceState;
    const entry: Entry = {
      resources: resources.map(([number, state]) => [number, state && stored(state)]),
      pending: pending.map(([number, one]) => [number, one && { ...one, resource: stored(one.resource) }]),
    };
    this.#put(entry);
    this.#unwritten.push(entry);
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.#write(this.#unwritten.splice(0));
    });
    this.#running = this.#next;
    return this.#next;
  }

  /** Writes all that there is to the file itself. */
  async write(): Promise<void> {
    await this.#running.catch(() => undefined);
    await this.#whole();
  }

  /** Writes all and unlocks. Call it however the run ended. */
  async close(): Promise<void> {
    await this.write().finally(this.unlock);
    verify(this.#now.resources, "it was already written, but is invalid");
  }

  /** The document that the CLI's `stack export` writes. */
  export(): unknown {
    const { checkpoint, ...head } = JSON.parse(this.#text({ version: 3 }));
    return { ...head, deployment: checkpoint.latest };
  }

  get #now(): Deployment {
    const inOrder = <T>(items: ReadonlyMap<number, T>): readonly T[] =>
      [...items].sort(([one], [other]) => one - other).map(([, item]) => item);
    return { resources: inOrder(this.#resources), pending: inOrder(this.#pending) };
  }

  #put({ resources, pending }: Entry): void {
    for (const [number, state] of resources)
      state ? this.#resources.set(number, state) : this.#resources.delete(number);
    for (const [number, one] of pending) one ? this.#pending.set(number, one) : this.#pending.delete(number);
  }

  /** Writing all of a large state at each step would cost the square of its resources: from there on a step is a line. */
  async #write(entries: readonly Entry[]): Promise<void> {
    if (this.#size <= wholeUpTo) return this.#whole();
    if (!this.#isJournaled) {
      // It begins with all there is: it needs nothing of the file, and the file of it only to say so.
      await writeWhole(this.#journal, this.#line({ resources: [...this.#resources], pending: [...this.#pending] }));
      await writeWhole(this.path, this.#text({ version: 4, features: [unfinished] }));
      this.#isJournaled = true;
    }
    await appendFile(this.#journal, entries.map((entry) => this.#line(entry)).join(""), { flush: true });
  }

  async #whole(): Promise<void> {
    const text = this.#text({ version: 3 });
    this.#size = text.length;
    await writeWhole(this.path, text);
    await rm(this.#journal, { force: true });
  }

  #line(entry: Entry): string {
    return `${this.serializer.stringify(entry)}\n`;
  }

  #text(head: Exported): string {
    const { resources, pending } = this.#now;
    const manifest = { time: new Date().toISOString(), magic, version };
    const lists = filled({ resources, pending_operations: pending });
    const latest = { manifest, secrets_providers: this.before.secrets, metadata: {}, ...lists };
    return this.serializer.stringify({ ...head, checkpoint: { stack: this.stack, latest } });
  }

  get #journal(): string {
    return this.path.replace(/\.json$/, ".journal");
  }
}

/** The state of an exported document; throws for one that this engine does not know. */
export function accept({ version, features = [], deployment = {} }: Exported, path: string): State {
  const refuse = (what: string) => new Error(`${path} ${what}. Use the Pulumi CLI`);
  if (version !== 3 && version !== 4)
    throw refuse(`holds a deployment of version ${version}; the embedded engine reads 3 and 4`);
  const strange = features.filter((feature) => feature !== unfinished);
  if (strange.length > 0) throw refuse(`uses features that the embedded engine does not know: ${strange.join(", ")}`);
  const { secrets_providers: secrets, resources = [], pending_operations: pending = [] } = deployment;
  if (secrets && secrets.type !== "passphrase")
    throw refuse(`is encrypted by "${secrets.type}"; the embedded engine knows passphrases only`);
  return { secrets, resources, pending };
}

/** Replaces a file so that at every moment, also after a power cut, it holds either all of the old or all of the new. */
export async function writeWhole(path: string, content: string, temporary = `${path}.tmp`): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const mode = (await stat(path).catch(() => undefined))?.mode ?? 0o600;
  // The temporary name is fixed: what a kill leaves behind is overwritten by the next write.
  await writeFile(temporary, content, { mode, flush: true });
  await rename(temporary, path);
  if (process.platform === "win32") return;
  const names = await open(folder, "r");
  await names.sync().finally(() => names.close());
}
