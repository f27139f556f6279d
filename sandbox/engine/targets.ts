import { needs } from "./snapshot";
import type { ResourceState } from "./state/deployment";
import { isProviderType, stackType } from "./urn";

/** The resources that `--target` names; without, all. With `--target-dependents` also those that need them. */
export class Targets {
  readonly #patterns: readonly RegExp[];
  readonly #taken = new Set<string>();

  constructor(
    named: readonly string[],
    private readonly dependents: boolean,
  ) {
    this.#patterns = (named.length > 0 ? named : ["**"]).map(asPattern);
  }

  /** Whether a resource takes part in the run. Asked of a resource after those that it needs. */
  include(state: ResourceState): boolean {
    const { type, urn } = state;
    if (type === stackType || isProviderType(type) || this.#name(urn)) return true;
    const isTaken = this.dependents && [...needs(state)].some((needed) => this.#name(needed));
    if (isTaken) this.#taken.add(urn);
    return isTaken;
  }

  /** Of these, which come after what they need, those that would be deleted with what is named. */
  withDependents(states: readonly ResourceState[]): Set<string> {
    const urns = new Set<string>();
    for (const state of states)
      if (this.#name(state.urn) || [...needs(state)].some((urn) => urns.has(urn))) urns.add(state.urn);
    return urns;
  }

  /** Whether a resource may not be deleted, because only what it needs is named. */
  isStray(urn: string): boolean {
    return !this.dependents && !this.#name(urn);
  }

  #name(urn: string): boolean {
    return this.#taken.has(urn) || this.#patterns.some((pattern) => pattern.test(urn));
  }
}

/** `*` stands for anything within a part of a URN, `**` across parts. */
function asPattern(target: string): RegExp {
  const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const parts = target.split(/(\*\*|\*)/).map((part) => ({ "**": ".*", "*": "[^:]*" })[part] ?? literal(part));
  return new RegExp(`^${parts.join("")}$`, "s");
}
