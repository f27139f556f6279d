import type { SeenToken } from "./eyes";

/** An account is one thing whatever it is called: it goes by its first name. */
export class Lines {
  readonly #firstNames = new Map<string, string>();
  readonly #untold = new Set<string>();

  /** The first name of an account that is called so now, or was. */
  of(name: string): string {
    return this.#firstNames.get(name) ?? name;
  }

  /** Takes note of another name, and whether the declaration says what it was before. */
  rename(from: string, to: string, isTold: boolean): void {
    const first = this.of(from);
    this.#firstNames.set(to, first);
    if (!isTold && to !== first) this.#untold.add(to);
  }

  /** Whether a name was taken without a word: what bears it is a person's to see to. */
  isUntold(name: string | undefined): boolean {
    return name !== undefined && this.#untold.has(name);
  }

  /** Whose token it is, by its mark. */
  ofToken({ mark }: SeenToken, fleet: string): string | undefined {
    return mark?.fleet === fleet ? this.of(mark.account) : undefined;
  }
}
