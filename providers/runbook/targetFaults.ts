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

async function variableFault(target: VariableTarget, at: Servers): Promise<string | undefined> {
  const owner: Owner =
    target.project !== undefined
      ? { project: target.project }
      : target.group !== undefined
        ? { group: target.group }
        : { instance: true };
  const title = `variable "${target.key}" of ${ownerTitle(owner)}`;
  const right = owner.project !== undefined ? "Maintainer" : "Owner";
  try {
    await getVariable(at.gitlab(), owner, target.key, target.environmentScope ?? "*");
    return undefined;
  } catch (error) {
    // To read a variable and to make one takes the same right.
    if (error instanceof NotFound && /variable not found/i.test(error.serverMessage ?? "")) return undefined;
    if (error instanceof NotFound)
      return `${title}: ${ownerTitle(owner)} was not found with the token in "GITLAB_TOKEN". Correct the path, or give its user the role ${right} there`;
    if (isDenied(error))
      return `${title}: the token in "GITLAB_TOKEN" may not manage variables there (${messageOf(error)}). Give its user the role ${right}`;
    if (error instanceof Conflict)
      return `${title}: several variables have that key. Declare the one with its "environmentScope"`;
    return `${title}: ${messageOf(error)}`;
  }
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
