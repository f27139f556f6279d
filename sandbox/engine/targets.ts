/** The resources that `--target` or `--replace` name, by URN or pattern: `*` within a part, `**` across. */
export class Targets {
  readonly patterns: readonly string[];
  readonly #added = new Set<string>();
  readonly #tests: readonly RegExp[];

  constructor(patterns: readonly string[]) {
    this.patterns = patterns;
    this.#tests = patterns.map((pattern) => {
      const source = pattern
        .split(/(\*\*|\*)/)
        .map((part) => (part === "**" ? ".*" : part === "*" ? "[^:]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")));
      return new RegExp(`^${source.join("")}$`);
    });
  }

  /** Whether any were named; without, everything is meant. */
  get named(): boolean {
    return this.patterns.length > 0;
  }

  /** Whether a resource was named, or added. */
  has(urn: string): boolean {
    return this.#added.has(urn) || this.#tests.some((test) => test.test(urn));
  }

  /** Also means this one from now on. */
  add(urn: string): void {
    this.#added.add(urn);
  }

  /** The plain URNs that none of the given resources has. */
  unmatched(urns: readonly string[]): readonly string[] {
    return this.patterns.filter((pattern) => !pattern.includes("*") && !urns.includes(pattern));
  }
}
