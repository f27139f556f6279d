import * as pulumi from "@pulumi/pulumi";
import type { DeclaredAccount } from "../../contract/run";

/** The accounts that components of a run have declared so far, by their names. */
const runs = new Map<string, Map<string, DeclaredAccount>>();

/**
 * What the provider is to know of a run's accounts when these come to it: no token dies while one of them holds it. A program may
 * make several components, and nobody knows before which.
 */
export function declare(fleet: string, day: string, accounts: readonly DeclaredAccount[]) {
  const preview = pulumi.runtime.isDryRun();
  const run = [pulumi.getProject(), pulumi.getStack(), preview].join("/");
  const all = runs.get(run) ?? new Map<string, DeclaredAccount>();
  runs.set(run, all);
  for (const account of accounts) all.set(account.name, account);
  return { accounts: [...all.values()], fleet, day, preview };
}
