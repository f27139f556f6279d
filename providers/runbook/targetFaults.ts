import { type Owner, ownerOf, ownerTitle } from "../gitlab/api/owner";
import { getVariable, getVariableOfKey } from "../gitlab/api/variables";
import { ApiError, Conflict, MissingCredential, NotFound } from "../http";
import { findField, findItem } from "../onepassword/lookup";
import type { Item } from "../onepassword/vaults";
import type { AccountInputs, ItemTarget, VariableTarget } from "./accountInputs";
import { isDenied, messageOf } from "./faults";
import type { Servers } from "./servers";

/** What is wrong with the declared CI/CD variables: each must be readable, or its owner such that it can be made. */
export async function variableFaults({ variables }: Pick<AccountInputs, "variables">, at: Servers): Promise<string[]> {
  const faults = await Promise.all(variables.map((target) => variableFault(target, at)));
  return faults.filter((fault) => fault !== undefined);
}

/** A variable as it is. */
interface Existing {
  readonly protected: boolean;
  /** Its owner has another of the same key, in another environment scope. */
  readonly others: boolean;
}

/** Whether a variable exists and is protected, and whether it is the only one of its key; looked up once for each run. */
export function existingVariable(target: VariableTarget, at: Servers): Promise<Existing> {
  const owner = ownerOf(target);
  const { key, environmentScope: scope = "*" } = target;
  // The value is nothing to be remembered.
  return at.remember(subjectOf(target), async () => {
    try {
      const found = await getVariableOfKey(at.gitlab(), owner, key);
      const isOther = found.environmentScope !== scope;
      return { protected: !isOther && found.protected, others: isOther };
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const found = await getVariable(at.gitlab(), owner, key, scope).catch(noVariable);
      return { protected: found?.protected ?? false, others: true };
    }
  });
}

/** Whether an owner has a variable of a key, in any scope; false where that cannot be seen. */
export async function hasVariable(owner: Owner, key: string, at: Servers): Promise<boolean> {
  try {
    await getVariableOfKey(at.gitlab(), owner, key);
    return true;
  } catch (error) {
    return error instanceof Conflict;
  }
}

function noVariable(error: unknown): undefined {
  if (!isNoVariable(error)) throw error;
}

function isNoVariable(error: unknown): boolean {
  return error instanceof NotFound && /variable not found/i.test(error.serverMessage ?? "");
}

function subjectOf(target: VariableTarget): string {
  return `variable ${target.key} (${target.environmentScope ?? "*"}) of ${ownerTitle(ownerOf(target))}`;
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
    if (isNoVariable(error)) return undefined;
    if (error instanceof NotFound)
      return `${title}: ${ownerTitle(owner)} was not found with the token in "GITLAB_TOKEN". Correct the path, or give its user ${right} there`;
    if (isDenied(error))
      return `${title}: the token in "GITLAB_TOKEN" may not manage variables there (${messageOf(error)}). Give its user ${right}`;
    return `${title}: ${messageOf(error)}`;
  }
}

function variableRight(owner: Owner): string {
  if (owner.project !== undefined) return "the role Maintainer";
  return owner.group !== undefined ? "the role Owner" : "an administrator's rights";
}

/** What is wrong with the declared places in 1Password: each vault, item and field must be there, and visible. */
export async function itemFaults({ items }: Pick<AccountInputs, "items">, at: Servers): Promise<string[]> {
  const faults = await Promise.all(items.map((target) => itemFault(target, at)));
  return faults.filter((fault) => fault !== undefined);
}

async function itemFault(target: ItemTarget, at: Servers): Promise<string | undefined> {
  try {
    const vaults = at.vaults();
    const vault = await vaults.findVault(target.vault);
    // An item of its own is made when it is not there.
    if (target.item === undefined || target.field === undefined) return undefined;
    const item = await findItem(vaults, vault, target.item);
    if (findField(item, target.field, target.section) !== undefined) return undefined;
    return missingField(target, item);
  } catch (error) {
    if (error instanceof MissingCredential)
      return `the 1Password vault "${target.vault}" cannot be reached: ${messageOf(error)}. Ask the vault's owner to let a Connect server (op connect vault grant) or a service account (op service-account create) read and write its items`;
    // What a server says of a request names no vault as people know it.
    return error instanceof ApiError ? `the 1Password vault "${target.vault}": ${messageOf(error)}` : messageOf(error);
  }
}

/** That an item lacks the declared field. */
export function missingField(target: ItemTarget, item: Item): string {
  const labels = item.fields.map(({ id, label }) => `"${label ?? id}"`).join(", ");
  return `the item "${target.item}" in the 1Password vault "${target.vault}" has no field "${target.field}". Correct "field", or add the field in 1Password; it has ${labels}`;
}
