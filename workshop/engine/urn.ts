/** The type of the resource that every program has at its root. */
export const stackType = "pulumi:pulumi:Stack";

const providers = "pulumi:providers:";

/** A resource's URN: `urn:pulumi:<stack>::<project>::<types of parents>$<type>::<name>`. */
export function makeUrn(stack: string, project: string, parent = "", type: string, name: string): string {
  const within = parent === "" || typeOf(parent) === stackType ? "" : `${typesOf(parent)}$`;
  return `urn:pulumi:${stack}::${project}::${within}${type}::${name}`;
}

/** The stack and the project that a resource belongs to. */
export const ownersOf = (urn: string): readonly [stack: string, project: string] => {
  const [stack = "", project = ""] = urn.split("::");
  return [stack.slice("urn:pulumi:".length), project];
};

const typesOf = (urn: string): string => urn.split("::")[2] ?? "";

/** The type of a resource. */
export const typeOf = (urn: string): string => typesOf(urn).split("$").at(-1) ?? "";

/** The name of a resource, which may itself contain `::`. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** The type of a package's provider. */
export const providerTypeOf = (name: string): string => `${providers}${name}`;

/** Whether a type is that of a provider. */
export const isProviderType = (type: string): boolean => type.startsWith(providers);

/** The package that a provider's type, a resource's type or a function's token belongs to. */
export const packageOf = (type: string): string =>
  isProviderType(type) ? type.slice(providers.length) : (type.split(":")[0] ?? "");
