import { needs } from "./snapshot";
import type { ResourceState } from "./state/deployment";
import { isProviderType, stackType } from "./urn";

/** The resources that `--target` names; without, all. With `--target-dependents` also those that need them. */
export class Targets {
  readonly #urns: Set<string>;
  readonly #patterns: readonly RegExp[];
  readonly #isLimited: boolean;

  constructor(
    named: readonly string[],
    private readonly dependents: boolean,
  ) {
    this.#urns = new Set(named);
    this.#patterns = named.filter((name) => name.includes("*")).map(asPattern);
    this.#isLimited = named.length > 0;
  }

  /** Whether a resource takes part in the run. Asked of a resource after those that it needs. */
  include(state: ResourceState): boolean {
    const { type, urn } = state;
    if (!this.#isLimited || type === stackType || isProviderType(type) || this.#names(urn)) return true;
    const isMeant = this.dependents && [...needs(state)].some((needed) => this.#names(needed));
    if (isMeant) this.#urns.add(urn);
    return isMeant;
  }

  /** Tells which of these would have to be deleted with what is named; they come after what they need. */
  withDependents(states: readonly ResourceState[]): (state: ResourceState) => boolean {
    const urns = new Set(this.#urns);
    for (const state of states)
      if (this.#names(state.urn) || [...needs(state)].some((urn) => urns.has(urn))) urns.add(state.urn);
    return ({ urn }) => !this.#isLimited || urns.has(urn);
  }

  /** Whether a resource may not be deleted, because only what it needs is named. */
  isStray(urn: string): boolean {
    return this.#isLimited && !this.dependents && !this.#names(urn);
  }

  #names(urn: string): boolean {
    return this.#urns.has(urn) || this.#patterns.some((pattern) => pattern.test(urn));
  }
}

/** `*` stands for anything within a part of a URN, `**` across parts. */
function asPattern(target: string): RegExp {
  const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const parts = target.split(/(\*\*|\*)/).map((part) => ({ "**": ".*", "*": "[^:]*" })[part] ?? literal(part));
  return new RegExp(`^${parts.join("")}$`);
}
