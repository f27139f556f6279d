import type { Flags } from "../flags";
import { needs, type ResourceState } from "../state/deployment";
import { isProviderType, stackType } from "../urn";
import { Graph } from "./graph";

type Named = Pick<
  Flags,
  "target" | "exclude" | "replace" | "target-replace" | "target-dependents" | "exclude-dependents"
>;

/** What `--target`, `--exclude` and `--replace` name. Without, a run is about all, and replaces nothing that need not be. */
export class Targets {
  readonly #targets: Patterns;
  readonly #excludes: Patterns;
  readonly #replaces: Patterns;
  /** What was taken in, or left out, because something that it needs was. */
  readonly #followers = new Set<string>();

  constructor(private readonly named: Named) {
    const both = named["target-replace"] ?? [];
    this.#targets = new Patterns([...(named.target ?? []), ...both]);
    this.#excludes = new Patterns(named.exclude ?? []);
    this.#replaces = new Patterns([...(named.replace ?? []), ...both]);
  }

  /** What is named without `*`, and must exist: in the run, before its program, before a refresh. */
  get literals() {
    const [targets, excludes, replaces] = [this.#targets.literals, this.#excludes.literals, this.#replaces.literals];
    return { run: targets, program: replaces, refresh: [...targets, ...excludes] };
  }

  /** Whether a step may need nothing that is left out: with `--exclude` alone the CLI lets it try. */
  get areStrict(): boolean {
    return !this.#targets.isEmpty || !this.#replaces.isEmpty;
  }

  /** Whether a resource takes part in the run. Asked of a resource after those that it needs. */
  include(state: ResourceState): boolean {
    const isTaken = this.refresh(state);
    return isTaken || state.type === stackType || isProviderType(state.type);
  }

  /** Whether a refresh looks at a resource: asked as {@link include}, but nothing takes part unless named. */
  refresh(state: ResourceState): boolean {
    if (!this.#targets.isEmpty) return this.#takes(this.#targets, state, this.named["target-dependents"]);
    return this.#excludes.isEmpty || !this.#takes(this.#excludes, state, this.named["exclude-dependents"]);
  }

  /** Whether a resource is to be replaced, whatever differs. */
  replace(urn: string): boolean {
    return !this.#replaces.isEmpty && this.#replaces.match(urn);
  }

  /** Which of the resources may be deleted: with what needs those named, and without what those left out need. */
  deletable(states: readonly ResourceState[]): (urn: string) => boolean {
    if (this.#targets.isEmpty && this.#excludes.isEmpty) return () => true;
    const graph = new Graph(states);
    const urnsAt = (places: ReadonlySet<number>) => new Set([...places].map((at) => states[at]?.urn ?? ""));
    if (!this.#targets.isEmpty) {
      const allowed = urnsAt(graph.withDependents((urn) => this.#targets.match(urn)));
      return (urn) => allowed.has(urn);
    }
    const isLeft = (urn: string) => this.#excludes.match(urn);
    const kept = urnsAt(graph.withDependencies(isLeft, this.named["exclude-dependents"] === true));
    const living = new Set(states.filter((state) => !state.delete).map(({ urn }) => urn));
    return (urn) => !(kept.has(urn) && living.has(urn));
  }

  /** Whether a resource may not be deleted, because only what it needs is named. */
  isStray(urn: string): boolean {
    return !this.#targets.isEmpty && this.named["target-dependents"] !== true && !this.#targets.match(urn);
  }

  #takes(patterns: Patterns, state: ResourceState, andDependents = false): boolean {
    const isTaken = (urn: string) => patterns.match(urn) || this.#followers.has(urn);
    const isIn = patterns.match(state.urn) || (andDependents && [...needs(state)].some(isTaken));
    if (isIn) this.#followers.add(state.urn);
    return isIn;
  }
}

/** Names of resources, in which `*` stands for anything within a part of a URN, `**` across parts. */
class Patterns {
  readonly literals: readonly string[];
  readonly #expressions: readonly RegExp[];
  readonly #named: ReadonlySet<string>;

  constructor(private readonly texts: readonly string[]) {
    this.literals = texts.filter((text) => !text.includes("*"));
    this.#named = new Set(this.literals);
    this.#expressions = texts.filter((text) => text.includes("*")).map(asExpression);
  }

  get isEmpty(): boolean {
    return this.texts.length === 0;
  }

  match(urn: string): boolean {
    return this.#named.has(urn) || this.#expressions.some((expression) => expression.test(urn));
  }
}

function asExpression(pattern: string): RegExp {
  const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const parts = pattern.split(/(\*\*|\*)/).map((part) => ({ "**": ".*", "*": "[^:]*" })[part] ?? literal(part));
  return new RegExp(`^${parts.join("")}$`, "s");
}
