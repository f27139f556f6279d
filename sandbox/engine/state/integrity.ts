import type { ResourceState } from "./deployment";

/** Why a state cannot be used, or `undefined`: what the CLI checks before it touches a stack. */
export function integrityFault(resources: readonly ResourceState[]): string | undefined {
  const known = new Set<string>();
  const alive = new Set<string>();
  const providers = new Set<string>();
  for (const resource of resources) {
    const { urn, type, id, provider, parent, deletedWith, dependencies = [], propertyDependencies = {} } = resource;
    if (!urn || !type) return `a resource misses its urn or type: ${JSON.stringify(urn ?? type)}`;
    if (!resource.custom && id) return `resource ${urn} is a component but has an id`;
    if (type.startsWith("pulumi:providers:")) providers.add(`${urn}::${id}`);
    if (provider && !resource.pendingReplacement && !providers.has(provider))
      return `resource ${urn} refers to unknown provider ${provider}`;
    const byProperty = Object.values(propertyDependencies).flatMap((urns) => urns ?? []);
    const missing = [parent, deletedWith, ...dependencies, ...byProperty].find((other) => other && !known.has(other));
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
