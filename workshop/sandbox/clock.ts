/**
 * The sandbox's own time. It ticks like a real clock, from wherever it was last set, so that a year passes in one call.
 */
export class Clock {
  #base: number;
  #since = performance.now();
  #frozen = false;

  constructor(start: string | Date) {
    this.#base = instantOf(start);
  }

  /** The time in the sandbox. */
  now(): Date {
    return new Date(this.#frozen ? this.#base : this.#base + Math.floor(performance.now() - this.#since));
  }

  /** The day in the sandbox, UTC: `2026-11-23`. */
  today(): string {
    return this.now().toISOString().slice(0, 10);
  }

  /** Jump to an instant; a day alone means its first moment, 00:00 UTC. */
  set(instant: string | Date): void {
    this.#base = instantOf(instant);
    this.#since = performance.now();
  }

  /** Jump ahead (or back, with negative numbers). */
  advance(by: {
    readonly days?: number;
    readonly hours?: number;
    readonly minutes?: number;
    readonly seconds?: number;
  }) {
    const hours = (by.days ?? 0) * 24 + (by.hours ?? 0);
    const seconds = (hours * 60 + (by.minutes ?? 0)) * 60 + (by.seconds ?? 0);
    this.set(new Date(this.now().getTime() + seconds * 1000));
  }

  /** Stand still from now on, for tests that need exact instants; `set` and `advance` still move it. */
  freeze(): void {
    this.set(this.now());
    this.#frozen = true;
  }
}

function instantOf(value: string | Date): number {
  const at = value instanceof Date ? value.getTime() : Date.parse(value);
  if (Number.isNaN(at)) {
    throw new Error(
      `Setting the sandbox's clock: "${value}" is neither a day (2026-11-23) nor an instant (2026-11-23T07:10:00Z)`,
    );
  }
  return at;
}
