import type { Values } from "./state/deployment";

/** One fault of inputs. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Values as a provider completed them, or what is wrong with them. */
export interface Given {
  readonly inputs: Values;
  readonly failures: readonly CheckFailure[];
}

/** How one property differs. */
export interface Change {
  readonly kind: "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";
  /** Whether it is the input that differs, not what the provider last saw. */
  readonly inputDiff: boolean;
}

/** What a provider says about the difference between a resource and its new inputs. */
export interface Diff {
  /** `undefined`: the provider cannot tell, so the inputs are compared. */
  readonly changes: boolean | undefined;
  readonly replaceKeys: readonly string[];
  readonly changedKeys: readonly string[];
  /** By property path. */
  readonly detailed?: Readonly<Record<string, Change>>;
  readonly deleteBeforeReplace: boolean;
}

/** A resource as a provider is told of it. */
export interface Resource {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

/** What a provider made, changed or found. */
export interface Made {
  readonly id: string;
  /** Absent when a provider does not know what inputs would give it. */
  readonly inputs?: Values;
  readonly outputs: Values;
}

/** A resource exists now, but something failed: it is remembered, and its step fails. */
export class InitFailed extends Error {
  override readonly name = "InitFailed";

  constructor(
    readonly reasons: readonly string[],
    readonly made: Made,
  ) {
    super(
      `${reasons.length} error${reasons.length === 1 ? "" : "s"} occurred:\n${reasons.map((reason) => `\t* ${reason}\n`).join("")}\n`,
    );
  }
}

/** What stands behind the resources of a package. Timeouts are in seconds, 0 for the provider's own. */
export interface Provider {
  /** Completes inputs, or says what is wrong with them. `olds` is empty for what is made anew. */
  check(urn: string, olds: Values, news: Values, seed: Uint8Array): Promise<Given>;
  /** How a resource differs from new inputs. */
  diff(old: Resource, news: Values, ignoreChanges: readonly string[]): Promise<Diff>;
  /** Makes a resource; in a preview, says what it would be. */
  create(urn: string, inputs: Values, preview: boolean, timeout: number): Promise<Made>;
  /** Changes a resource; in a preview, says what it would be. */
  update(
    old: Resource,
    news: Values,
    ignoreChanges: readonly string[],
    preview: boolean,
    timeout: number,
  ): Promise<Made>;
  /** `undefined` when there is no such thing any more. */
  read(old: Resource, timeout: number): Promise<Made | undefined>;
  /** Deletes a resource. */
  delete(old: Resource, timeout: number): Promise<void>;
}
