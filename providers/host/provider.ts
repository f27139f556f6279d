import type { PackageSchema } from "../../contract/form/package";

/** A value that is not known before the update runs. Stands for itself anywhere inside inputs during a preview. */
export const unknown: unique symbol = Symbol("unknown until the update");

/** Properties as a resource handler sees them: plain values, secrets already unwrapped. May hold {@link unknown}. */
export type Properties = Readonly<Record<string, unknown>>;

/** What the engine remembers of a resource. */
export interface Before<I extends object = Properties, O extends object = Properties> {
  readonly id: string;
  readonly inputs: I;
  readonly outputs: O;
}

/** Messages to the person who watches the run, attached to the resource. No secret may enter one. */
export interface Log {
  /** What a person should know, and nothing is wrong. */
  info(message: string): void;
  /** What a person should look at; the step does not fail. */
  warn(message: string): void;
  /** Progress that need not be kept: shown while it is new. */
  status(message: string): void;
}

/** What a handler is told beside the properties. */
export interface Context {
  readonly urn: string;
  /** The resource's name: the last part of the URN. */
  readonly name: string;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** One fault of a declaration. `property` is a path in the inputs, such as `variables[0].key`. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** How one property differs, as Pulumi's detailed diff names it. */
export type PropertyChange = "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";

/** What a diff found. No changes: an empty object. Keys are property paths. */
export interface Diff {
  readonly changes: Readonly<Record<string, PropertyChange>>;
  readonly deleteBeforeReplace?: boolean;
}

/**
 * One kind of resource. Only `create` is required.
 *
 * Errors thrown by `create`, `update` and `delete` fail that one resource. A fault found in `check`, or an error thrown by
 * `diff`, stops the whole run for all accounts: neither may talk to a server.
 */
export interface Resource<I extends object = Properties, O extends object = Properties> {
  /** Whether a step is to do nothing, so that its inputs may lack what an earlier one did not give. @default never */
  isStopped?(inputs: Properties): boolean;
  /** Faults of the inputs beyond what the schema says (types and required properties are checked by the host). */
  check?(inputs: Properties, context: Context): readonly CheckFailure[];
  /** Inputs completed with defaults; called after `check`. Must give the same answer for its own answer. */
  defaults?(inputs: Properties): Properties;
  /** Default: compares inputs property by property; replaces where the schema says `replaceOnChanges`. */
  diff?(before: Before<I, O>, inputs: I, context?: Pick<Context, "urn">): Diff;
  /** Changes that an earlier run left undone, which its inputs do not show. @default none */
  undone?(before: Before<I, O>, inputs: I): Diff["changes"];
  /** Makes it, and answers its id and its outputs. */
  create(inputs: I, context: Context): Promise<{ readonly id: string; readonly outputs: O }>;
  /** What a create would give, in a preview: may read, never writes. Default: the inputs, all else unknown. */
  previewCreate?(inputs: I, context: Context): Promise<Properties>;
  /** Changes it, and answers its outputs. Left out: a change of any input is refused. */
  update?(before: Before<I, O>, inputs: I, context: Context): Promise<O>;
  /** What an update would give, in a preview: may read, never writes. Default: old outputs, overlaid with the inputs. */
  previewUpdate?(before: Before<I, O>, inputs: I, context: Context): Promise<Properties>;
  /**
   * The resource as it is now; `undefined` when it is certainly gone. For an import only `id` is known: `inputs` and
   * `outputs` are then empty.
   */
  read?(before: Before<Partial<I>, Partial<O>>, context: Context): Promise<Before<I, O> | undefined>;
  /** Default: nothing to do. */
  delete?(before: Before<I, O>, context: Context): Promise<void>;
}

/** One function of a package, called by `invoke`. A fault is returned as data where the schema says so; never thrown for a remote cause. */
export type ProviderFunction<A extends object = Properties, R extends object = Properties> = (
  args: A,
  context: Context,
) => Promise<R>;

/** A provider: a package's schema and what stands behind each of its tokens. */
export interface Provider {
  /** The package schema (Pulumi's format). Gives the name and the version as well. */
  readonly schema: PackageSchema;
  /** By type token, such as `gitlab:index/projectVariable:ProjectVariable`. */
  readonly resources: Readonly<Record<string, Resource<object, object>>>;
  /**
   * Whether each resource's id is one of its outputs as well, as in a state of Pulumi's bridged providers: some of those read it
   * from there, and would take a resource without it for gone.
   */
  readonly hasIdInOutputs?: boolean;
  /** By function token. */
  readonly functions?: Readonly<Record<string, ProviderFunction>>;
}

/**
 * A create or an update that left something behind which must be remembered although it failed: the resource is saved
 * with these outputs, the step fails, and the next run updates it.
 */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";

  constructor(
    /** What failed and what to do next; shown to the person. */
    readonly reasons: readonly string[],
    readonly id: string,
    readonly outputs: Properties,
    options?: ErrorOptions,
  ) {
    super(reasons.join("\n"), options);
  }
}
