/** Aliases with which a document would grow without bound. */
export class GrowthError extends Error {
  override readonly name = "GrowthError";
}

/**
 * How far aliases may make a document grow: the rule of the Pulumi CLI's reader, which bounds the share of what is read through
 * aliases and not their number. A block of two lines may be used by a thousand accounts; ten levels of ten may not be.
 */
export class Growth {
  #steps = 0;
  #aliased = 0;
  #depth = 0;

  /** Counts a value that is read. */
  step(): void {
    this.#steps++;
    if (this.#depth > 0) this.#aliased++;
    if (this.#aliased <= 100 || this.#steps <= 1_000) return;
    if (this.#aliased / this.#steps > allowed(this.#steps))
      throw new GrowthError("aliases of aliases, with which the file would grow without bound");
  }

  /** Reads what an alias stands for. */
  aliased<T>(read: () => T): T {
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }
}

const [low, high] = [400_000, 4_000_000];

/** The share of a document that may come from aliases: 99 of 100 in a small one, one tenth in the largest. */
function allowed(steps: number): number {
  if (steps <= low) return 0.99;
  return steps >= high ? 0.1 : 0.99 - 0.89 * ((steps - low) / (high - low));
}
