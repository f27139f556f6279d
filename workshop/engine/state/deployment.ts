/** A property as it travels between program, engine and providers: JSON, in which a signed object stands for a secret. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** Named properties in their travelling form. */
export type Values = { readonly [key: string]: Value };

/** The key that marks an object as something other than a plain object. */
export const signatureKey = "4dabf18193072939515e22adb298388d";

/** What stands under {@link signatureKey} for a secret. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/**
 * A resource as the engine remembers it; field by field what Pulumi's deployment format 3 stores. Fields that are not listed
 * are kept as they came. Never changed in place.
 */
export interface ResourceState {
  readonly urn: string;
  /** True when a provider manages it; false for components and the stack itself. */
  readonly custom: boolean;
  /** Replaced, and waits to be deleted. */
  readonly delete?: boolean | undefined;
  readonly id?: string | undefined;
  readonly type: string;
  /** Secrets as `{ [signatureKey]: secretSignature, value }`; ciphertext on disk only. */
  readonly inputs?: Values | undefined;
  readonly outputs?: Values | undefined;
  readonly parent?: string | undefined;
  readonly protect?: boolean | undefined;
  readonly dependencies?: readonly string[] | undefined;
  /** Why it was saved although its create or update failed. */
  readonly initErrors?: readonly string[] | undefined;
  /** `<urn>::<id>` of the provider resource. */
  readonly provider?: string | undefined;
  readonly propertyDependencies?: { readonly [property: string]: readonly string[] | null } | undefined;
  /** Deleted before its replacement, which does not exist yet. */
  readonly pendingReplacement?: boolean | undefined;
  readonly additionalSecretOutputs?: readonly string[] | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly importID?: string | undefined;
  readonly retainOnDelete?: boolean | undefined;
  /** RFC 3339, as the next one. */
  readonly created?: string | undefined;
  readonly modified?: string | undefined;
  readonly ignoreChanges?: readonly string[] | undefined;
  readonly replaceOnChanges?: readonly string[] | undefined;
}

/** An operation that began and whose end is not known. */
export interface Operation {
  readonly resource: ResourceState;
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
}

/** A stack's state: its resources, dependencies first, and what was in flight. */
export interface Deployment {
  readonly resources: readonly ResourceState[];
  readonly pending: readonly Operation[];
}

/** The URNs that a resource needs: parent, provider and whatever it depends on. */
export function needs(state: ResourceState): Set<string> {
  const { parent, dependencies = [], propertyDependencies = {} } = state;
  const provider = providerOf(state);
  const urns = new Set([...dependencies, ...Object.values(propertyDependencies).flatMap((list) => list ?? [])]);
  if (parent) urns.add(parent);
  if (provider) urns.add(provider.urn);
  return urns;
}

/** The URN and the id of the provider of a resource. */
export function providerOf({
  provider = "",
}: ResourceState): { readonly urn: string; readonly id: string } | undefined {
  const at = provider.lastIndexOf("::");
  return at < 0 ? undefined : { urn: provider.slice(0, at), id: provider.slice(at + 2) };
}

/** Throws for a state that cannot be used, and says how it came to be: what the CLI checks before it touches a stack. */
export function verify(resources: readonly ResourceState[], history: string): void {
  const known = new Set<string>();
  const alive = new Set<string>();
  for (const state of resources) {
    const { urn, type, id, custom } = state;
    // What was deleted before its replacement is made may outlive its provider.
    const provider = state.pendingReplacement ? undefined : state.provider;
    const refuse = (what: string) => {
      throw new Error(`snapshot integrity failure; ${history}: resource ${urn} ${what}`);
    };
    if (!urn || !type) refuse("misses its urn or type");
    if (!custom && id) refuse("is a component but has an id");
    if (provider && !known.has(provider)) refuse(`refers to unknown provider ${provider}`);
    const missing = [...needs({ ...state, provider })].find((other) => !known.has(other));
    if (missing) refuse(`refers to ${missing}, which does not come before it`);
    if (!state.delete && alive.has(urn)) refuse("is there twice, not marked for deletion");
    if (!state.delete) alive.add(urn);
    known.add(urn).add(`${urn}::${id}`);
  }
}
