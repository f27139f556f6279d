import { needs, type ResourceState } from "../state/deployment";

/** Who needs whom among resources that stand in the order of a state: what is needed before what needs it. */
export class Graph {
  readonly #places = new Map<string, number[]>();
  /** By the URN of a component, where all that is below it stands. */
  readonly #below = new Map<string, number[]>();
  /** By URN, where that stands which needs it. */
  readonly #needing = new Map<string, number[]>();

  constructor(private readonly states: readonly ResourceState[]) {
    const parents = new Map(states.map(({ urn, parent }) => [urn, parent]));
    states.forEach((state, at) => {
      const { urn, parent } = state;
      add(this.#places, urn, at);
      for (const needed of needs(state)) add(this.#needing, needed, at);
      for (let above = parent; above; above = parents.get(above)) add(this.#below, above, at);
    });
  }

  /** Where that stands which the resource at a place needs; of a component that it depends on, also what is below that. */
  dependencies(at: number): ReadonlySet<number> {
    const state = this.states[at] as ResourceState;
    const found = new Set<number>();
    for (const urn of needs(state))
      for (const place of this.#places.get(urn) ?? []) {
        if (place >= at) continue;
        found.add(place);
        if (urn === state.parent || this.states[place]?.custom) continue;
        for (const child of this.#below.get(urn) ?? []) if (child < at) found.add(child);
      }
    return found;
  }

  /** Where the chosen stand, and all that needs one of them. */
  withDependents(isChosen: (urn: string) => boolean): ReadonlySet<number> {
    const taken = new Set<string>();
    return new Set(
      this.states.flatMap((state, at) => {
        if (!isChosen(state.urn) && ![...needs(state)].some((urn) => taken.has(urn))) return [];
        taken.add(state.urn);
        return [at];
      }),
    );
  }

  /** Where the chosen stand, and all that they need; with their dependents also those, and what those need. */
  withDependencies(isChosen: (urn: string) => boolean, andDependents: boolean): ReadonlySet<number> {
    const next = this.states.flatMap(({ urn }, at) => (isChosen(urn) ? [at] : []));
    const taken = new Set<number>();
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      if (taken.has(at)) continue;
      taken.add(at);
      next.push(...this.dependencies(at));
      if (andDependents) next.push(...this.#dependents(at));
    }
    return taken;
  }

  /** The places in rows, to be deleted one row after the other: each once all that needs it is gone. */
  rows(places: readonly number[]): readonly (readonly number[])[] {
    const depths = new Map<number, number>();
    for (const at of [...places].sort((one, other) => one - other)) {
      const below = [...this.dependencies(at)].map((place) => depths.get(place) ?? -1);
      depths.set(at, Math.max(-1, ...below) + 1);
    }
    const rows = new Map<number, number[]>();
    for (const [at, depth] of depths) add(rows, depth, at);
    return [...rows].sort(([one], [other]) => other - one).map(([, row]) => row);
  }

  #dependents(at: number): readonly number[] {
    return (this.#needing.get(this.states[at]?.urn ?? "") ?? []).filter((place) => place > at);
  }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
