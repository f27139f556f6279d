import type { ProviderFunction } from "../host/provider";
import type { Consumer } from "./consumers";

/** An account of the stack, as far as others must know of it. */
export interface DeclaredAccount {
  readonly name: string;
  /** Its user in GitLab, whose names are the same in upper and lower case. */
  readonly username: string;
  /** A first token of its own was due: its places are known to be written. */
  readonly rotates: boolean;
  readonly places: readonly Consumer[];
}

let declared: readonly DeclaredAccount[] | undefined;

/**
 * Takes the accounts of the stack and their places, for the length of the run. They are no property of a resource: a
 * thousand accounts that each knew of all others would be a million.
 */
export const declareAccounts: ProviderFunction = async ({ accounts }) => {
  declared = accounts as readonly DeclaredAccount[];
  return { count: declared.length };
};

/** The accounts that this run's program declares; none where no program has told, as in a destroy. */
export function declaredAccounts(): readonly DeclaredAccount[] {
  return declared ?? [];
}

/** Forgets them: another run begins. */
export function forgetAccounts(): void {
  declared = undefined;
}
