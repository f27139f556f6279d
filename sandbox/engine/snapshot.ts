import { needs, type Operation, type ResourceState } from "./state/deployment";
import { behind, type StateFile } from "./state/stateFile";

/** A place in the state. What it holds may be renamed or marked while a step that is about it waits. */
export interface Place {
  state: ResourceState;
  /** Its number in the session. */
  readonly number: number;
}

/** What one write changes. */
export interface Change {
  /** Joins the resources that this run has come to. */
  readonly join?: ResourceState | undefined;
  /** What changes where it stands; `undefined` for what leaves. */
  readonly put?: readonly (readonly [Place, Partial<ResourceState> | undefined])[];
}

/** What a URN is now; `undefined` when nothing is there any more. */
type Renaming = (urn: string) => string | undefined;

/**
 * What the state holds while a run changes it. First comes what this run has come to, then what is left: always what is
 * needed before what needs it. Without a session, as in a preview, nothing is written.
 */
export class Snapshot {
  /** What this run has not come to yet, or will not come to: in the order of the state. */
  readonly left: Set<Place>;
  /** Of those, by URN, the ones that do not only wait to be deleted. */
  readonly olds = new Map<string, Place>();
  /** What this run has come to, by URN. */
  readonly news = new Map<string, Place>();
  #last = 0;

  constructor(
    resources: readonly ResourceState[],
    private readonly session: StateFile | undefined,
  ) {
    this.left = new Set(resources.map((state, at) => ({ state, number: behind + at })));
    for (const place of this.left) if (!place.state.delete) this.olds.set(place.state.urn, place);
  }

  /** Something is about to be done: on record as pending before the promise is kept. */
  async begin(type: Operation["type"], resource: ResourceState): Promise<number> {
    const number = ++this.#last;
    await this.session?.save({ pending: [[number, { type, resource }]] });
    return number;
  }

  /** Changes the state, and ends an operation, in one write. */
  async commit({ join, put = [] }: Change, operation?: number): Promise<void> {
    const brought = join && this.#bring(join);
    const joined = join ? [[{ state: join, number: ++this.#last }, join] as const] : [];
    const changed = put.map(([place, change]) => [place, change && { ...place.state, ...change }] as const);
    const written = this.session?.save({
      resources: [...changed, ...joined].map(([{ number }, state]) => [number, state ?? null] as const),
      pending: operation === undefined ? [] : [[operation, null]],
    });
    for (const [place, state] of changed) {
      const isOld = this.olds.get(place.state.urn) === place && this.olds.delete(place.state.urn);
      if (isOld && state && !state.delete) this.olds.set(state.urn, place);
      if (state) place.state = state;
      else this.left.delete(place);
    }
    for (const [place, { urn }] of joined) this.news.set(urn, place);
    await Promise.all([brought, written]);
  }

  /** A resource has another URN now, and so have all references to it. */
  rename(place: Place, urn: string): Promise<void> {
    const former = place.state.urn;
    return this.#follow(new Map([[place, { ...place.state, urn }]]), (needed) => (needed === former ? urn : needed));
  }

  /** Takes in what a refresh found: the state of each place now, `undefined` for what is gone. */
  async refresh(found: ReadonlyMap<Place, ResourceState | undefined>): Promise<void> {
    const gone = [...found].filter(([place, state]) => !state && this.olds.get(place.state.urn) === place);
    const parents = new Map(gone.map(([{ state }]) => [state.urn, state.parent]));
    // A child of a parent that is gone becomes the grandparent's.
    const above = (urn = ""): string | undefined => (parents.has(urn) ? above(parents.get(urn)) : urn || undefined);
    await this.#follow(found, (urn) => (parents.has(urn) ? undefined : urn), above);
  }

  /** Gives places other states, or none, and has all that is left say so: `now` tells what has become of a URN. */
  async #follow(states: ReadonlyMap<Place, ResourceState | undefined>, now: Renaming, above = now): Promise<void> {
    const put = [...this.left].flatMap((place) => {
      const state = states.has(place) ? states.get(place) : place.state;
      const after = state && rewired(state, now, above);
      return after === place.state ? [] : [[place, after] as const];
    });
    await this.commit({ put });
  }

  /** What a resource of this run needs has its place before it, also when this run leaves it as it is. */
  async #bring(state: ResourceState): Promise<void> {
    const brought = [...needs(state)].flatMap((urn) => {
      const place = this.news.has(urn) ? undefined : this.olds.get(urn);
      return place ? [this.commit({ join: place.state, put: [[place, undefined]] })] : [];
    });
    await Promise.all(brought);
  }
}

/** The same resource where what it needs has another URN, or is gone. The very same object when nothing did. */
function rewired(state: ResourceState, now: Renaming, above: Renaming): ResourceState {
  if ([...needs(state)].every((urn) => now(urn) === urn)) return state;
  const { parent, dependencies = [], propertyDependencies = {} } = state;
  const all = (urns: readonly string[] | null) => urns?.flatMap((urn) => now(urn) ?? []) ?? [];
  const byProperty = Object.entries(propertyDependencies).map(([key, urns]) => [key, all(urns)]);
  const needed = { dependencies: all(dependencies), propertyDependencies: Object.fromEntries(byProperty) };
  return { ...state, ...needed, parent: parent && above(parent) };
}
