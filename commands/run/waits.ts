import { existsSync, readFileSync } from "node:fs";
import { visible } from "../../ground/visible";

/** What a provider noted that it waits for. */
interface Wait {
  /** What for. */
  readonly about: string;
  /** How it stands, with its link. */
  readonly what: string;
  /** Instants. */
  readonly since: string;
  readonly until: string;
  /** It has ended. */
  readonly over?: boolean;
}

/** Where a run tells what it waits for. */
export interface WaitsOptions {
  /** Takes what is told. */
  readonly tell: (text: string) => void;
  /** A terminal in which the engine keeps a table of its own, that a line of ours would break: it is told in the window's title. */
  readonly isTable: boolean;
}

/** How often is told what a run waits for, in milliseconds: in a job, and in a window's title. */
const EVERY = 60_000;
const EVERY_IN_TITLE = 1000;

/** Tells what a run waits for, since when and until when at most: once a minute in a job, live in a terminal. */
export class Waits {
  readonly #file: string;
  readonly #options: WaitsOptions;
  readonly #timer: NodeJS.Timeout;
  #title = "";

  constructor(file: string, options: WaitsOptions) {
    this.#file = file;
    this.#options = options;
    this.#timer = setInterval(() => this.#tell(), options.isTable ? EVERY_IN_TITLE : EVERY);
    this.#timer.unref();
  }

  /** What the run is to find in its environment. */
  get environment(): { readonly PAT_ROTATION_WAITS: string } {
    return { PAT_ROTATION_WAITS: this.#file };
  }

  /** The run is over. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#title !== "") this.#options.tell(titled(""));
  }

  #tell(): void {
    const text = waitsText(existsSync(this.#file) ? readFileSync(this.#file, "utf8") : "", new Date());
    if (!this.#options.isTable) {
      if (text !== "") this.#options.tell(text);
      return;
    }
    const [title = ""] = text.split("\n");
    if (title !== this.#title) this.#options.tell(titled(title));
    this.#title = title;
  }
}

/** Has a terminal call its window so. */
function titled(title: string): string {
  return `\u001b]0;${title}\u0007`;
}

/** The waits that last, a line each; nothing when there is none. */
export function waitsText(noted: string, now: Date): string {
  const waits = new Map<string, Wait>();
  for (const line of noted.split("\n")) {
    const wait = read(line);
    if (wait === undefined) continue;
    const key = `${wait.about} ${wait.since}`;
    if (wait.over === true) waits.delete(key);
    else waits.set(key, wait);
  }
  return [...waits.values()].map((wait) => `${visible(text(wait, now))}\n`).join("");
}

function text({ about, what, since, until }: Wait, now: Date): string {
  const minutes = Math.round((now.getTime() - Date.parse(since)) / 60_000);
  const clock = (instant: string) => instant.slice(11, 16);
  return `Waiting for ${about}: ${what}; since ${clock(since)} UTC (${minutes} min), until ${clock(until)} UTC at most.`;
}

function read(line: string): Wait | undefined {
  try {
    return JSON.parse(line) as Wait;
  } catch {
    return undefined;
  }
}
