/** The type of the resource that every program has at its root. */
export const stackType = "pulumi:pulumi:Stack";

const providerPrefix = "pulumi:providers:";

/** A resource's URN: `urn:pulumi:<stack>::<project>::<types of parents>$<type>::<name>`. */
export function makeUrn(
  stack: string,
  project: string,
  parent: string | undefined,
  type: string,
  name: string,
): string {
  const within = parent === undefined || typeOf(parent) === stackType ? "" : `${typesOf(parent)}$`;
  return `urn:pulumi:${stack}::${project}::${within}${type}::${name}`;
}

/** The types in a URN, the parents' first, separated by `$`. */
export const typesOf = (urn: string): string => urn.split("::")[2] ?? "";

/** The type of a resource. */
export const typeOf = (urn: string): string => typesOf(urn).split("$").at(-1) ?? "";

/** The name of a resource, which may itself contain `::`. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** Whether a type is that of a provider. */
export const isProviderType = (type: string): boolean => type.startsWith(providerPrefix);

/** The package that a provider's type, a resource's type or a function's token belongs to. */
export const packageOf = (type: string): string =>
  isProviderType(type) ? type.slice(providerPrefix.length) : (type.split(":")[0] ?? "");

/** The type of a package's provider. */
export const providerTypeOf = (name: string): string => `${providerPrefix}${name}`;

/** The URN and the id in a reference to a provider. */
export function splitReference(reference: string): { readonly urn: string; readonly id: string } {
  const at = reference.lastIndexOf("::");
  return { urn: reference.slice(0, at), id: reference.slice(at + 2) };
}
