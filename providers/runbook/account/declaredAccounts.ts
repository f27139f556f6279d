import type { InputsOf, OutputsOf } from "../../../contract/form/declared";
import type * as contract from "../../../contract/run";
import type { DeclaredAccount } from "../../../contract/run";
import { forgetRun, workFor } from "../../../ground/now";
import type { ProviderFunction } from "../../host/provider";

let fleetOfRun: string | undefined;
let declared: readonly DeclaredAccount[] | undefined;

/**
 * Takes the day of the run, and the accounts of the stack and their places, for the length of the run. They are no property of a resource: a
 * thousand accounts that each knew of all others would be a million.
 */
export const declareAccounts: ProviderFunction<
  InputsOf<typeof contract.declareAccounts>,
  OutputsOf<typeof contract.declareAccounts>
> = async ({ accounts, fleet, day, preview }) => {
  if (day !== undefined) workFor(day, preview === true);
  declared = accounts;
  fleetOfRun = fleet;
  return { count: declared.length };
};

/** The accounts that this run's program declares; none where no program has told, as in a destroy. */
export function declaredAccounts(): readonly DeclaredAccount[] {
  return declared ?? [];
}

/** The fleet of this run's stack, as its program told. */
export function declaredFleet(): string | undefined {
  return fleetOfRun;
}

/** Forgets them: another run begins. */
export function forgetAccounts(): void {
  forgetRun();
  declared = undefined;
  fleetOfRun = undefined;
}
