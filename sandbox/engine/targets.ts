import { needs, type ResourceState } from "./state/deployment";
import { isProviderType, stackType } from "./urn";

/** The resources that `--target` names; without, all. With `--target-dependents` also those that need them. */
export class Targets {
  readonly #patterns: readonly RegExp[];
  readonly #taken = new Set<string>();

  constructor(
    named: readonly string[] = [],
    private readonly dependents = false,
  ) {
    this.#patterns = (named.length > 0 ? named : ["**"]).map(asPattern);
  }

  /** Whether a resource takes part in the run. Asked of a resource after those that it needs. */
  include(state: ResourceState): boolean {
    return state.type === stackType || isProviderType(state.type) || this.#take(state, this.dependents);
  }

  /** Whether a resource would have to be deleted, as it is named or needs one that is. Asked as {@link include}. */
  delete(state: ResourceState): boolean {
    return this.#take(state, true);
  }

  /** Whether a resource may not be deleted, because only what it needs is named. */
  isStray(urn: string): boolean {
    return !this.dependents && !this.#patterns.some((pattern) => pattern.test(urn));
  }

  #take(state: ResourceState, withNeeded: boolean): boolean {
    const isNamed = this.#patterns.some((pattern) => pattern.test(state.urn));
    const isTaken = isNamed || (withNeeded && [...needs(state)].some((urn) => this.#taken.has(urn)));
    if (isTaken) this.#taken.add(state.urn);
    return isTaken;
  }
}

/** `*` stands for anything within a part of a URN, `**` across parts. */
function asPattern(target: string): RegExp {
  const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const parts = target.split(/(\*\*|\*)/).map((part) => ({ "**": ".*", "*": "[^:]*" })[part] ?? literal(part));
  return new RegExp(`^${parts.join("")}$`, "s");
}
