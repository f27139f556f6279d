import type { Deployment, ResourceState } from "./deployment";

/** Why a state cannot be used, or `undefined`: what the CLI checks before it touches a stack. */
export function integrityFault({ resources }: Pick<Deployment, "resources">): string | undefined {
  const known = new Set<string>();
  const alive = new Set<string>();
  const providers = new Set<string>();
  for (const resource of resources) {
    const { urn, type, id, provider, parent, deletedWith } = resource;
    if (!urn || !type) return `a resource misses its urn or type: ${JSON.stringify(urn ?? type)}`;
    if (!resource.custom && id) return `resource ${urn} is a component but has an id`;
    if (type.startsWith("pulumi:providers:")) providers.add(`${urn}::${id}`);
    if (provider && !resource.pendingReplacement && !providers.has(provider)) {
      return `resource ${urn} refers to unknown provider ${provider}`;
    }
    const references = [parent, deletedWith, ...dependenciesOf(resource)];
    const missing = references.find((reference) => reference && !known.has(reference));
    if (missing) {
      const later = resources.some((other) => other.urn === missing);
      return `resource ${urn} refers to ${missing}, which ${later ? "comes after it" : "is missing"}`;
    }
    if (!resource.delete && alive.has(urn)) return `duplicate resource ${urn} (not marked for deletion)`;
    if (!resource.delete) alive.add(urn);
    known.add(urn);
  }
  return undefined;
}

/** Every URN that a resource depends on, by its properties or declared. */
export function dependenciesOf(resource: ResourceState): string[] {
  const byProperty = Object.values(resource.propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
  return [...(resource.dependencies ?? []), ...byProperty];
}

/** The same resource without references to what is not there; a child of a parent that is gone becomes the grandparent's. */
export function withoutReferences(
  resource: ResourceState,
  gone: ReadonlyMap<string, string | undefined>,
): ResourceState {
  const stays = (urn: string) => !gone.has(urn);
  let parent = resource.parent;
  while (parent !== undefined && gone.has(parent)) parent = gone.get(parent);
  const changed =
    parent !== resource.parent ||
    ![...dependenciesOf(resource), resource.deletedWith ?? "", ...(resource.replaceWith ?? [])].every(stays);
  if (!changed) return resource;
  const { parent: _, deletedWith, dependencies, propertyDependencies, replaceWith, ...rest } = resource;
  return {
    ...rest,
    ...(parent !== undefined && { parent }),
    ...(deletedWith !== undefined && stays(deletedWith) && { deletedWith }),
    ...(dependencies && { dependencies: dependencies.filter(stays) }),
    ...(replaceWith && { replaceWith: replaceWith.filter(stays) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([key, urns]) => [key, urns?.filter(stays) ?? null]),
      ),
    }),
  };
}

/** The same resource with every reference to one URN, as parent or dependency, made to another. */
export function withRenamed(resource: ResourceState, before: string, after: string): ResourceState {
  const { parent, deletedWith, dependencies, propertyDependencies, replaceWith, provider } = resource;
  const change = (urn: string) => (urn === before ? after : urn);
  const ofProvider = provider?.startsWith(`${before}::`) ?? false;
  if (!ofProvider && ![parent, deletedWith, ...(replaceWith ?? []), ...dependenciesOf(resource)].includes(before))
    return resource;
  return {
    ...resource,
    ...(parent !== undefined && { parent: change(parent) }),
    ...(deletedWith !== undefined && { deletedWith: change(deletedWith) }),
    ...(dependencies && { dependencies: dependencies.map(change) }),
    ...(replaceWith && { replaceWith: replaceWith.map(change) }),
    ...(provider !== undefined && ofProvider && { provider: after + provider.slice(before.length) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([key, urns]) => [key, urns?.map(change) ?? null]),
      ),
    }),
  };
}
