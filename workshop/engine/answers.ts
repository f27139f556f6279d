import type { Values } from "./state/deployment";

/** How a property may differ, in the order of the protocol. */
export const kinds = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"] as const;

/** How a property differs; `inputDiff` where its input does, not what the provider last saw. */
export interface Detail {
  readonly kind: (typeof kinds)[number];
  readonly inputDiff: boolean;
}

/** What a provider says about the difference between a resource and its new inputs. */
export interface Diff {
  readonly changes: boolean;
  readonly changedKeys: readonly string[];
  /** The properties because of which the resource must be replaced. */
  readonly replaceKeys: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** By property path; `inputDiff` where the input differs, not what the provider last saw. */
  readonly detailed?: Readonly<Record<string, Detail>> | undefined;
}

/** What a provider made, changed or found; without inputs where it says nothing of them. */
export interface Made {
  readonly id: string;
  readonly inputs?: Values | undefined;
  readonly outputs: Values;
  /** It exists now, but something failed: it is remembered, and its step fails. */
  readonly initErrors?: readonly string[] | undefined;
}
