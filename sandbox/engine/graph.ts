import type { ResourceState } from "./state/deployment";
import { splitReference } from "./urn";

/** The URNs that a resource needs: parent, provider and whatever it depends on. */
export function needs(resource: ResourceState): ReadonlySet<string> {
  const urns = new Set<string>([
    ...(resource.dependencies ?? []),
    ...Object.values(resource.propertyDependencies ?? {}).flatMap((list) => list ?? []),
    ...(resource.replaceWith ?? []),
  ]);
  for (const urn of [resource.parent, resource.deletedWith]) if (urn) urns.add(urn);
  if (resource.provider) urns.add(splitReference(resource.provider).urn);
  return urns;
}

/** The same resource where another one that it needs has a new URN; `undefined` when it does not need that one. */
export function renamed(resource: ResourceState, from: string, to: string): ResourceState | undefined {
  if (!needs(resource).has(from)) return undefined;
  const now = (urn: string) => (urn === from ? to : urn);
  const { parent, provider, deletedWith, dependencies, propertyDependencies, replaceWith } = resource;
  const own = provider === undefined ? undefined : splitReference(provider);
  return {
    ...resource,
    ...(parent !== undefined && { parent: now(parent) }),
    ...(own !== undefined && { provider: `${now(own.urn)}::${own.id}` }),
    ...(deletedWith !== undefined && { deletedWith: now(deletedWith) }),
    ...(dependencies && { dependencies: dependencies.map(now) }),
    ...(replaceWith && { replaceWith: replaceWith.map(now) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([key, urns]) => [key, urns?.map(now) ?? null]),
      ),
    }),
  };
}

/** Which resource of a state needs which. The list names dependencies first. */
export class Graph {
  readonly #resources: readonly ResourceState[];

  constructor(resources: readonly ResourceState[]) {
    this.#resources = resources;
  }

  /** All that depend on a resource, directly or not, in order. Those in `ignored` and what they carry along do not count. */
  dependents(root: ResourceState, ignored: ReadonlySet<string>, children: boolean): readonly ResourceState[] {
    const urns = new Set([root.urn]);
    const found: ResourceState[] = [];
    for (const candidate of this.#resources.slice(this.#resources.indexOf(root) + 1)) {
      if (ignored.has(candidate.urn)) continue;
      const needed = new Set(needs(candidate));
      if (!children && candidate.parent && !candidate.dependencies?.includes(candidate.parent))
        needed.delete(candidate.parent);
      if ([...needed].some((urn) => urns.has(urn))) {
        found.push(candidate);
        urns.add(candidate.urn);
      }
    }
    return found;
  }

  /** All that the given resources need, directly or not. */
  needed(roots: readonly ResourceState[]): ReadonlySet<ResourceState> {
    const urns = new Set(roots.flatMap((root) => [...needs(root)]));
    const found = new Set<ResourceState>();
    for (const candidate of [...this.#resources].reverse()) {
      if (!urns.has(candidate.urn)) continue;
      found.add(candidate);
      for (const urn of needs(candidate)) urns.add(urn);
    }
    return found;
  }

  /** Resources in groups: each may go once the groups before it are gone, because nothing left needs it. */
  layers(condemned: ReadonlySet<ResourceState>): readonly (readonly ResourceState[])[] {
    const depth = new Map<string, number>();
    const layers: ResourceState[][] = [];
    // Dependencies first: the depth of a resource is one more than that of the deepest that it needs.
    for (const resource of this.#resources) {
      if (!condemned.has(resource)) continue;
      const own = Math.max(-1, ...[...needs(resource)].map((urn) => depth.get(urn) ?? -1)) + 1;
      depth.set(resource.urn, Math.max(own, depth.get(resource.urn) ?? 0));
      layers[own] = [...(layers[own] ?? []), resource];
    }
    return layers.reverse();
  }
}
