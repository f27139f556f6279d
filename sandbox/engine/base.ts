import { Graph } from "./graph";
import type { ResourceState } from "./state/deployment";

/** What the state held when the run began, kept in step with what the run does to it. Dependencies first. */
export class Base {
  #resources: ResourceState[] = [];
  #byUrn = new Map<string, ResourceState>();
  readonly #successors = new Map<ResourceState, ResourceState>();
  #graph: Graph | undefined;

  constructor(resources: readonly ResourceState[]) {
    this.reset(resources);
  }

  get resources(): readonly ResourceState[] {
    return this.#resources;
  }

  get graph(): Graph {
    this.#graph ??= new Graph(this.#resources);
    return this.#graph;
  }

  /** The resource with a URN; none that only waits to be deleted. */
  find(urn: string): ResourceState | undefined {
    return this.#byUrn.get(urn);
  }

  /** What has become of a state since a step was planned with it. */
  latest(state: ResourceState): ResourceState {
    const next = this.#successors.get(state);
    return next === undefined ? state : this.latest(next);
  }

  /** Puts one state in the place of another. */
  swap(before: ResourceState, after: ResourceState): void {
    this.#successors.set(before, after);
    this.#resources[this.#resources.indexOf(before)] = after;
    if (this.#byUrn.get(before.urn) === before) {
      if (after.delete === true) this.#byUrn.delete(before.urn);
      else this.#byUrn.set(after.urn, after);
    }
    this.#graph = undefined;
  }

  /** Starts over with other resources: a refresh has found them. */
  reset(resources: readonly ResourceState[]): void {
    this.#resources = [...resources];
    this.#byUrn = new Map(resources.filter((resource) => resource.delete !== true).map((found) => [found.urn, found]));
    this.#graph = undefined;
  }
}
