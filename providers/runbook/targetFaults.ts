import type { Owner } from "../gitlab/api/owner";
import { ownerTitle } from "../gitlab/api/owner";
import { getVariable } from "../gitlab/api/variables";
import { Conflict, NotFound } from "../http";
import { findField, findItem } from "../onepassword/lookup";
import type { AccountInputs, ItemTarget, VariableTarget } from "./accountInputs";
import { isDenied, messageOf } from "./faults";
import type { Servers } from "./servers";

/** What is wrong with the declared CI/CD variables: each must be readable, or its owner such that it can be made. */
export async function variableFaults(inputs: AccountInputs, at: Servers): Promise<string[]> {
  const faults = await Promise.all(inputs.variables.map((target) => variableFault(target, at)));
  return faults.filter((fault) => fault !== undefined);
}

/** Whether a variable exists and is protected; looked up once for each run. */
export function existingVariable(target: VariableTarget, at: Servers): Promise<{ readonly protected: boolean }> {
  const owner = ownerOf(target);
  return at.remember(subjectOf(target), async () => {
    // The value is nothing to be remembered.
    const found = await getVariable(at.gitlab(), owner, target.key, target.environmentScope ?? "*");
    return { protected: found.protected };
  });
}

function subjectOf(target: VariableTarget): string {
  return `variable ${target.key} (${target.environmentScope ?? "*"}) of ${ownerTitle(ownerOf(target))}`;
}

function ownerOf({ project, group }: VariableTarget): Owner {
  if (project !== undefined) return { project };
  return group !== undefined ? { group } : { instance: true };
}

async function variableFault(target: VariableTarget, at: Servers): Promise<string | undefined> {
  const owner = ownerOf(target);
  const title = `variable "${target.key}" of ${ownerTitle(owner)}`;
  const right = variableRight(owner);
  try {
    at.forget(subjectOf(target));
    await existingVariable(target, at);
    return undefined;
  } catch (error) {
    // To read a variable and to make one takes the same right.
    if (error instanceof NotFound && /variable not found/i.test(error.serverMessage ?? "")) return undefined;
    if (error instanceof NotFound)
      return `${title}: ${ownerTitle(owner)} was not found with the token in "GITLAB_TOKEN". Correct the path, or give its user ${right} there`;
    if (isDenied(error))
      return `${title}: the token in "GITLAB_TOKEN" may not manage variables there (${messageOf(error)}). Give its user ${right}`;
    if (error instanceof Conflict)
      return `${title}: several variables have that key. Declare the one with its "environmentScope"`;
    return `${title}: ${messageOf(error)}`;
  }
}

function variableRight(owner: Owner): string {
  if (owner.project !== undefined) return "the role Maintainer";
  return owner.group !== undefined ? "the role Owner" : "an administrator's rights";
}

/** What is wrong with the declared places in 1Password: each vault, item and field must be there, and visible. */
export async function itemFaults(inputs: AccountInputs, at: Servers): Promise<string[]> {
  const faults = await Promise.all(inputs.items.map((target) => itemFault(target, at)));
  return faults.filter((fault) => fault !== undefined);
}

async function itemFault(target: ItemTarget, at: Servers): Promise<string | undefined> {
  try {
    const vaults = at.vaults();
    const vault = await at.remember(`vault ${target.vault}`, () => vaults.findVault(target.vault));
    // An item of its own is made when it is not there.
    if (target.item === undefined || target.field === undefined) return undefined;
    const item = await findItem(vaults, vault, target.item);
    if (findField(item, target.field, target.section) !== undefined) return undefined;
    const labels = item.fields.map(({ id, label }) => `"${label ?? id}"`).join(", ");
    return `the item "${target.item}" in the 1Password vault "${target.vault}" has no field "${target.field}". Correct "field", or add the field in 1Password; it has ${labels}`;
  } catch (error) {
    return messageOf(error);
  }
}
