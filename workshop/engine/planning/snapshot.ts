import { needs, type Operation, providerOf, type ResourceState, verify } from "../state/deployment";
import { behind, type StateFile } from "../state/stateFile";
import { makeUrn, nameOf, ownersOf, stackType, typeOf } from "../urn";

/** A place in the state. What it holds may be renamed or marked while a step that is about it waits. */
export interface Place {
  state: ResourceState;
  /** What it held when the run began, or after it was looked at. */
  before: ResourceState;
  /** Its number in the session. */
  readonly number: number;
}

/** What one write changes. */
export interface Change {
  /** Joins the resources that this run has come to. One that joins under another URN than its alias takes references along. */
  readonly join?: ResourceState | undefined;
  /** What changes where it stands; `undefined` for what leaves. */
  readonly put?: readonly (readonly [Place, Partial<ResourceState> | undefined])[];
  /** It changes only where something stands: the CLI writes that with the next change, and only then looks whether it may. */
  readonly isMove?: boolean;
}

/** What a URN is now; `undefined` when nothing is there any more. */
type Renaming = (urn: string) => string | undefined;

/**
 * What the state holds while a run changes it. First comes what this run has come to, in the order in which it did, then
 * what is left. Nothing puts that in order: a state in which something stands before what it needs is written, as by the
 * CLI, and then refused. Without a session, as in a preview, nothing is written.
 */
export class Snapshot {
  /** What the state held when the run began, in order. */
  #all: readonly Place[];
  /** What this run has not come to yet, or will not come to: in the order of the state. */
  readonly left: Set<Place>;
  /** What the state held at first, by the URN that it had, without what only waits to be deleted. */
  readonly olds = new Map<string, Place>();
  /** What this run has come to, by URN; the last where there are several. */
  readonly news = new Map<string, Place>();
  /** All that this run has come to, in order. */
  readonly #come = new Set<Place>();
  /** By a URN that something had, the one that it has now. */
  readonly #names = new Map<string, string>();
  /** Something may stand before what it needs, or twice. */
  #isDoubtful = false;
  #last = 0;

  constructor(
    resources: readonly ResourceState[],
    private readonly session: StateFile | undefined,
  ) {
    this.#all = resources.map((state, at) => ({ state, before: state, number: behind + at }));
    this.left = new Set(this.#all);
    this.#index();
  }

  /** What the state held when the run began, or after it was looked at, in order. */
  get before(): readonly Place[] {
    return this.#all;
  }

  /** Something is about to be done: on record as pending before the promise is kept. */
  async begin(type: Operation["type"], resource: ResourceState): Promise<number> {
    const number = ++this.#last;
    await this.#write({ pending: [[number, { type, resource }]] });
    return number;
  }

  /** Changes the state, and ends an operation, in one write. */
  async commit({ join, put = [], isMove = false }: Change, operation?: number): Promise<void> {
    const { aliases: [former = ""] = [], ...rest } = join ?? ({} as ResourceState);
    for (const [place, change] of put) {
      if (change) place.state = { ...place.state, ...change };
      else if (!this.left.delete(place)) this.#come.delete(place);
    }
    const moved = former ? this.#rename(former, rest.urn) : [];
    const joined = join ? [{ state: this.#named(rest), before: rest, number: ++this.#last }] : [];
    for (const place of joined) {
      this.#isDoubtful ||= this.news.has(place.state.urn) || !this.#isFounded(place.state);
      this.news.set(place.state.urn, place);
      this.#come.add(place);
    }
    const changed = put.map(([place, change]) => [place.number, change ? place.state : null] as const);
    const resources = [...moved, ...joined].map(({ number, state }) => [number, state] as const);
    const pending = operation === undefined ? [] : [[operation, null] as const];
    await this.#write({ resources: [...changed, ...resources], pending }, isMove);
  }

  /** Takes in what a refresh found: the state of each place now, `undefined` for what is gone. */
  async refresh(found: ReadonlyMap<Place, ResourceState | undefined>): Promise<void> {
    const gone = [...found].filter(([place, state]) => !state && this.olds.get(place.state.urn) === place);
    const parents = new Map(gone.map(([{ state }]) => [state.urn, state.parent]));
    // A child of a parent that is gone becomes the grandparent's.
    const above = (urn = ""): string | undefined => (parents.has(urn) ? above(parents.get(urn)) : urn || undefined);
    const put = [...this.left].flatMap((place) => {
      const state = found.has(place) ? found.get(place) : place.state;
      const after = state && rewired(state, (urn) => (parents.has(urn) ? undefined : urn), above);
      return after === place.state ? [] : [[place, after] as const];
    });
    await this.commit({ put });
    this.#all = [...this.left];
    for (const place of this.left) place.before = place.state;
    this.#index();
  }

  /** Why the CLI would refuse the state as it is now. */
  fault(): Error | undefined {
    if (!this.#isDoubtful) return undefined;
    try {
      verify(
        [...this.#come, ...this.left].map(({ state }) => state),
        "failed to verify what was just written",
      );
      this.#isDoubtful = false;
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  #index(): void {
    this.olds.clear();
    for (const place of this.left) if (!place.state.delete) this.olds.set(place.state.urn, place);
  }

  /** Has all say that something has another URN now. Gives what says so. */
  #rename(former: string, urn: string): readonly Place[] {
    this.#names.set(former, urn);
    return [...this.#come, ...this.left].filter((place) => {
      const { state } = place;
      place.state = this.#named(state);
      return place.state !== state;
    });
  }

  /** A resource by the URN that it has now, and with those that it needs by theirs. */
  #named(state: ResourceState): ResourceState {
    if (this.#names.size === 0) return state;
    const parent = this.#names.get(state.parent ?? "");
    // What is below something has another URN with it.
    if (parent && typeOf(parent) !== stackType)
      this.#names.set(state.urn, makeUrn(...ownersOf(parent), parent, state.type, nameOf(state.urn)));
    const named = rewired(state, (urn) => this.#names.get(urn) ?? urn);
    const urn = this.#names.get(state.urn);
    return urn === undefined ? named : { ...named, urn };
  }

  /** Whether all that a resource needs has been come to in this run. */
  #isFounded(state: ResourceState): boolean {
    const isThere = [...needs(state)].every((urn) => this.news.has(urn));
    const provider = providerOf(state);
    return isThere && (provider === undefined || this.news.get(provider.urn)?.state.id === provider.id);
  }

  async #write(entry: Parameters<StateFile["save"]>[0], isMove = false): Promise<void> {
    const fault = isMove ? undefined : this.fault();
    await this.session?.save(entry);
    if (fault) throw fault;
  }
}

/** The same resource where what it needs has another URN, or is gone. The very same object when nothing did. */
function rewired(state: ResourceState, now: Renaming, above: Renaming = now): ResourceState {
  if ([...needs(state)].every((urn) => now(urn) === urn)) return state;
  const { parent, dependencies = [], propertyDependencies = {} } = state;
  const all = (urns: readonly string[] | null) => urns?.flatMap((urn) => now(urn) ?? []) ?? [];
  const byProperty = Object.entries(propertyDependencies).map(([key, urns]) => [key, all(urns)]);
  const needed = { dependencies: all(dependencies), propertyDependencies: Object.fromEntries(byProperty) };
  return { ...state, ...needed, parent: parent && above(parent) };
}
