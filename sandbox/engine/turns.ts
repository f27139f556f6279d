/** Works on so many things at a time, first come first served. Nothing new begins once the run is stopped. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #running = 0;

  constructor(
    private readonly size: number,
    private readonly stop: AbortSignal,
  ) {}

  /** Does something when its turn comes. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.size) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#running += 1;
    try {
      this.stop.throwIfAborted();
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else if (--this.#running === 0) for (const go of this.#idle.splice(0)) go();
    }
  }

  /** Waits for what is under way. */
  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((go) => this.#idle.push(go));
  }
}
