import type { ResourceState } from "./state/deployment";
import { splitReference } from "./urn";
import { known } from "./values";

/** The URNs that a resource needs: parent, provider and whatever it depends on. */
export function needs(resource: ResourceState): ReadonlySet<string> {
  const urns = new Set<string>([
    ...(resource.dependencies ?? []),
    ...Object.values(resource.propertyDependencies ?? {}).flatMap((list) => list ?? []),
  ]);
  for (const urn of [resource.parent, resource.deletedWith]) if (urn) urns.add(urn);
  if (resource.provider) urns.add(splitReference(resource.provider).urn);
  return urns;
}

/**
 * The same resource where others that it needs have other URNs, or none: `now` says what has become of a URN. The very same
 * object when nothing did.
 */
export function rewired(
  resource: ResourceState,
  now: (urn: string) => string | undefined,
  parentNow: (urn: string) => string | undefined = now,
): ResourceState {
  if ([...needs(resource)].every((urn) => now(urn) === urn)) return resource;
  const { parent, provider, deletedWith, dependencies, propertyDependencies, ...rest } = resource;
  const list = (urns: readonly string[]) => urns.flatMap((urn) => now(urn) ?? []);
  const own = provider === undefined ? undefined : splitReference(provider);
  return {
    ...rest,
    ...known({
      parent: parent === undefined ? undefined : parentNow(parent),
      provider: own && `${now(own.urn) ?? own.urn}::${own.id}`,
      deletedWith: deletedWith === undefined ? undefined : now(deletedWith),
      dependencies: dependencies && list(dependencies),
      propertyDependencies:
        propertyDependencies &&
        Object.fromEntries(Object.entries(propertyDependencies).map(([key, urns]) => [key, urns && list(urns)])),
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
      layers[own] ??= [];
      layers[own].push(resource);
    }
    return layers.reverse();
  }
}
