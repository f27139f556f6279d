import { createHash, randomInt } from "node:crypto";
import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import type { Operation, ResourceState } from "./deployment";
import { writeWhole } from "./files";

/** A text that takes its place under a number, or `null` when it leaves. */
export type Put = readonly [number: number, text: string | null];

/** One change of a state. */
export interface Entry {
  readonly resources?: readonly Put[];
  readonly pending?: readonly Put[];
}

/** What `Pulumi.<stack>.yaml` and the state share about secrets. */
export interface SecretsProvider {
  readonly type: string;
  readonly state: { readonly salt: string };
}

/** The first line of a journal: which written state it continues, and what numbers that state's texts have, in its order. */
interface Header {
  readonly time: string;
  readonly resources: readonly number[];
  readonly pending: readonly number[];
}

/** Resources found at the start are numbered from here; those of a run from 1, so that they come first. */
const found = 1e9;

/** Up to this many characters, some 300 resources, writing the whole state takes a few milliseconds. */
const wholeUpTo = 512 * 1024;

/**
 * A stack's state as it lies in its file: resources and pending operations as numbered texts, in the order of the numbers.
 *
 * A small state is written whole at each step, once for all steps that end at the same time: after a kill the file says
 * everything, to the Pulumi CLI as well. Writing all of a large state at each step costs the square of its resources: from
 * there on a run writes each step to a journal beside the file, and the whole state when it ends. After a kill any command
 * of this engine adds what the journal has.
 */
export class StateFile {
  readonly resources = new Map<number, string>();
  readonly pending = new Map<number, string>();
  #journal: FileHandle | undefined;
  #lines: string[] = [];
  #size = 0;
  #dirty = false;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(
    private readonly path: string,
    /** The stack's full name, as it stands in the file. */
    private readonly stack: string,
    readonly secrets: SecretsProvider | undefined,
    /** Called once, before the file falls behind a journal. */
    private readonly onJournal: () => Promise<void> = async () => undefined,
  ) {}

  /** The state of a file with what its journal adds. */
  static async read(path: string, stack: string, onJournal?: () => Promise<void>): Promise<StateFile> {
    const text = await readFile(path, "utf8");
    const { time, secrets, resources, pending } = parseState(text, path);
    const file = new StateFile(path, stack, secrets, onJournal);
    const journal = await readFile(journalOf(path), "utf8").catch(() => "");
    // What follows the last line end was being written when the run was killed: nobody was told that it is kept.
    const [header, ...lines] = journal.split("\n").slice(0, -1);
    const numbers = header === undefined ? undefined : (JSON.parse(header) as Header);
    const continues = numbers?.time === time ? numbers : undefined;
    resources.forEach((resource, at) => {
      file.resources.set(continues?.resources[at] ?? found + at, JSON.stringify(resource));
    });
    pending.forEach((operation, at) => {
      file.pending.set(continues?.pending[at] ?? -1 - at, JSON.stringify(operation));
    });
    file.#size = text.length;
    if (continues === undefined) return file;
    for (const line of lines) apply(file, JSON.parse(line) as Entry);
    const renumbered = new StateFile(path, stack, secrets, onJournal);
    for (const resource of file.texts) renumbered.resources.set(found + renumbered.resources.size, resource);
    for (const operation of file.pending.values()) renumbered.pending.set(-1 - renumbered.pending.size, operation);
    renumbered.#dirty = true;
    return renumbered;
  }

  /** The resources' texts, dependencies first. */
  get texts(): readonly string[] {
    return [...this.resources].sort(([one], [other]) => one - other).map(([, text]) => text);
  }

  /** Changes the state; on disk at the latest with the next {@link save}. */
  record(entry: Entry): void {
    apply(this, entry);
    if (this.#journal) this.#lines.push(`${JSON.stringify(entry)}\n`);
    this.#dirty = true;
  }

  /** Kept once everything recorded before the call would survive a kill or a power cut. Serves many callers at once. */
  save(): Promise<void> {
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#running = this.#write();
        return this.#running;
      });
    return this.#next;
  }

  /** Writes the whole state, if anything changed, and ends the journal. */
  async close(): Promise<void> {
    await this.#running.catch(() => undefined);
    if (this.#dirty) await this.#whole(uniqueTime());
    await this.#journal?.close();
    this.#journal = undefined;
    await rm(journalOf(this.path), { force: true });
  }

  /** The file's text. */
  render(time = uniqueTime()): string {
    const { texts } = this;
    const version = texts.some((text) => text.includes('"resourceHooks":{'))
      ? { version: 4, features: ["hooks"] }
      : { version: 3 };
    const manifest = { time, magic: createHash("sha256").update(engineVersion).digest("hex"), version: engineVersion };
    const latest = [
      `"manifest":${JSON.stringify(manifest)}`,
      ...(this.secrets ? [`"secrets_providers":${JSON.stringify(this.secrets)}`] : []),
      ...(texts.length > 0 ? [`"resources":[${texts.join(",")}]`] : []),
      ...(this.pending.size > 0 ? [`"pending_operations":[${[...this.pending.values()].join(",")}]`] : []),
      '"metadata":{}',
    ];
    return `${JSON.stringify(version).slice(0, -1)},"checkpoint":{"stack":${JSON.stringify(this.stack)},"latest":{${latest.join(",")}}}}`;
  }

  async #write(): Promise<void> {
    if (this.#journal) {
      const lines = this.#lines.splice(0);
      await this.#journal.appendFile(lines.join(""));
      return this.#journal.datasync();
    }
    const time = uniqueTime();
    if (this.#size <= wholeUpTo) return this.#whole(time);
    await this.onJournal();
    const journal = await open(journalOf(this.path), "w", 0o600);
    // From here to the next await nothing else runs: header and state are of the same moment.
    const numbers = [...this.resources.keys()].sort((one, other) => one - other);
    const header: Header = { time, resources: numbers, pending: [...this.pending.keys()] };
    const text = this.render(time);
    this.#journal = journal;
    // The header goes first: a state that it does not name makes the journal void, and nobody was told of either.
    await journal.appendFile(`${JSON.stringify(header)}\n`);
    await journal.datasync();
    await writeWhole(this.path, text);
  }

  async #whole(time: string): Promise<void> {
    const text = this.render(time);
    this.#dirty = false;
    await writeWhole(this.path, text);
    this.#size = text.length;
  }
}

function apply(file: StateFile, { resources = [], pending = [] }: Entry): void {
  const put = (texts: Map<number, string>, [number, text]: Put) =>
    text === null ? texts.delete(number) : texts.set(number, text);
  for (const one of resources) put(file.resources, one);
  for (const one of pending) put(file.pending, one);
}

/** Reads the text of a state's file. */
export function parseState(text: string, path: string) {
  const refuse = (what: string) => new Error(`${path} ${what}. Use the Pulumi CLI`);
  const { version, features = [], checkpoint } = parseJson(text, path) as VersionedCheckpoint;
  if (version !== 3 && version !== 4)
    throw refuse(`holds a deployment of version ${version}; the embedded engine reads 3 and 4`);
  const strange = features.filter((feature) => feature !== "hooks");
  if (strange.length > 0) throw refuse(`uses features that the embedded engine does not know: ${strange.join(", ")}`);
  const {
    manifest,
    secrets_providers: secrets,
    resources = [],
    pending_operations: pending = [],
  } = checkpoint?.latest ?? {};
  if (secrets && secrets.type !== "passphrase")
    throw refuse(`is encrypted by "${secrets.type}"; the embedded engine knows passphrases only`);
  return { time: manifest?.time ?? "", secrets, resources, pending };
}

interface VersionedCheckpoint {
  readonly version: number;
  readonly features?: readonly string[];
  readonly checkpoint?: {
    readonly latest?: {
      readonly manifest?: { readonly time?: string };
      readonly secrets_providers?: SecretsProvider;
      readonly resources?: readonly ResourceState[];
      readonly pending_operations?: readonly Operation[];
    };
  };
}

/** The journal of a state's file. */
export const journalOf = (path: string): string => path.replace(/\.json$/, ".journal");

/** A time that no other write of a state bears: it tells a journal which of them it continues. */
function uniqueTime(): string {
  return new Date().toISOString().replace("Z", `${String(randomInt(1_000_000)).padStart(6, "0")}Z`);
}

// The CLI checks no more than that the sum belongs to the version; it is the engine's whose behaviour is shared.
const engineVersion = "3.260.0";

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(
      `${path} is not a whole JSON document: ${(cause as Error).message}. A copy from before the last run is beside it (.bak)`,
      { cause },
    );
  }
}
