import { appendFileSync } from "node:fs";

/** Something that a step waits for. */
export interface WaitNote {
  /** What it is for. */
  readonly about: string;
  /** What is waited for, with its link. */
  readonly what: string;
  /** Milliseconds that it may still take. */
  readonly left: number;
}

/** Notes what a step waits for, in the file that the run's wrapper reads once a minute; nowhere without one. */
export class WaitNotes {
  readonly #file: string | undefined;
  readonly #since = new Date();
  #about = "";

  constructor(environment: NodeJS.ProcessEnv = process.env) {
    this.#file = environment.PAT_ROTATION_WAITS || undefined;
  }

  /** It still waits. */
  note({ about, what, left }: WaitNote): void {
    this.#about = about;
    this.#write({ what, until: new Date(Date.now() + left).toISOString() });
  }

  /** It waits no more. */
  end(): void {
    if (this.#about !== "") this.#write({ over: true });
  }

  #write(what: object): void {
    if (this.#file === undefined) return;
    const line = { about: this.#about, since: this.#since.toISOString(), ...what };
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  }
}
