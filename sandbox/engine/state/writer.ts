import { rm } from "node:fs/promises";
import { coalesce } from "./coalesce";
import { writeWhole } from "./files";
import { Journal } from "./journal";
import { type Entry, type SecretsProvider, type Snapshot, uniqueTime } from "./snapshot";

/** Where and how a stack's state is written. */
export interface Target {
  /** The state's file. */
  readonly path: string;
  /** The stack's full name, as it stands in the file. */
  readonly stack: string;
  readonly secrets: SecretsProvider | undefined;
  /** Called once, before the state's file may be behind the journal. */
  readonly onJournal: () => Promise<void>;
}

/** Up to this many characters, some 300 resources, writing the whole state takes a few milliseconds. */
const wholeUpTo = 512 * 1024;

/** The share of the time that writing the whole state may take beside the journal: one in five. */
const pause = 4;

/**
 * Keeps the state's file and its journal.
 *
 * A small state is written whole at each step, once for all steps that end at the same time: after a kill the file says
 * everything, to the Pulumi CLI as well. Writing all of a large state at each step costs the square of its resources
 * (measured, sixteen steps at a time: 13 s for 6,000 creates and 62 s for 12,000; with a journal 0.8 s and 1.2 s). From there on a step is kept in a journal beside the file,
 * one line each, and the file is brought up to date in the background as often as a fifth of the time allows. After a kill
 * the file is whole and a fraction of a second old, the stack is locked, the lock says to use this engine's `cancel`, and
 * any command of this engine adds what the journal has.
 */
export class Writer {
  private journal: Journal | undefined;
  private journaling = false;
  private size = 0;
  private background: Promise<void> | undefined;
  private nextBackground = 0;
  private failure: unknown;
  private dirty = false;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly target: Target,
  ) {}

  /** Changes the state; kept with the next {@link save}. */
  record(entry: Entry): void {
    this.snapshot.apply(entry);
    this.journal?.push(entry);
    this.dirty = true;
  }

  /** Kept once everything recorded before the call would survive a kill or a power cut. */
  async save(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    if (!this.journal || !this.journaling) return this.whole();
    await this.journal.flush();
    this.keepUp();
  }

  /** Writes the whole state, if anything changed, and removes the journal. */
  async close(): Promise<void> {
    await this.background;
    if (this.dirty) await this.whole();
    await this.journal?.close();
    await rm(journalOf(this.target.path), { force: true });
  }

  private readonly whole = coalesce(async () => {
    if (this.size > wholeUpTo && !this.journal) {
      await this.target.onJournal();
      this.journal = await Journal.create(journalOf(this.target.path));
    }
    // From here to the next await nothing else runs: text and marker are of the same moment.
    const time = uniqueTime();
    const text = this.snapshot.render(this.target.stack, this.target.secrets, time);
    this.journal?.push({ marker: this.snapshot.marker(time) });
    // The marker goes first: a state that no marker in the journal names makes the whole journal void.
    await this.journal?.flush();
    await writeWhole(this.target.path, text);
    this.size = text.length;
    this.journaling = this.journal !== undefined;
  });

  private keepUp(): void {
    if (this.background || performance.now() < this.nextBackground) return;
    const began = performance.now();
    this.background = this.whole().then(
      () => {
        const took = performance.now() - began;
        this.nextBackground = performance.now() + Math.max(250, took * pause);
        this.background = undefined;
      },
      (error: unknown) => {
        this.failure = error;
        this.background = undefined;
      },
    );
  }
}

/** The journal of a state's file. */
export function journalOf(path: string): string {
  return path.replace(/\.json$/, ".journal");
}
