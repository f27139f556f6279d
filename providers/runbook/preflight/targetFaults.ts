import { isDenied, messageOf } from "../../../clients/faults";
import { type Owner, ownerOf, ownerTitle } from "../../../clients/gitlab/owner";
import { getVariable, getVariableOfKey } from "../../../clients/gitlab/projects/variables";
import { ApiError, Conflict, Forbidden, MissingCredential, NotFound } from "../../../clients/http";
import { findField, findItem } from "../../../clients/onepassword/lookup";
import type { Item, Vault, Vaults } from "../../../clients/onepassword/vaults";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs } from "../../../contract/account";
import type { ItemTarget, VariableTarget } from "../../../contract/types/places";
import { variableRefusal } from "../../gitlab/variableRefusal";
import { fieldRefusal } from "../../onepassword/fieldRefusal";
import { isMarker } from "../../onepassword/item/marker";
import { archivedOf, standingOf } from "../../onepassword/item/standing";
import { shownFault } from "./shownField";

/** What is wrong with the declared CI/CD variables: each must be readable, or its owner such that it can be made. */
export async function variableFaults({ variables }: Pick<AccountInputs, "variables">, at: Servers): Promise<string[]> {
  const faults = await Promise.all(variables.map((target) => variableFault(target, at)));
  return faults.filter((fault) => fault !== undefined);
}

/** A variable as it is. */
interface Existing {
  readonly protected: boolean;
  /** What a write would be refused for. */
  readonly refusal?: string | undefined;
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
      if (isOther) return { protected: false, others: true };
      return { protected: found.protected, refusal: variableRefusal(found, target), others: false };
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const found = await getVariable(at.gitlab(), owner, key, scope).catch(noVariable);
      const refusal = found === undefined ? undefined : variableRefusal(found, target);
      return { protected: found?.protected ?? false, refusal, others: true };
    }
  });
}

function noVariable(error: unknown): undefined {
  if (!isNoVariable(error)) throw error;
}

/** Whether GitLab said that the owner, which it shows, has no such variable. */
export function isNoVariable(error: unknown): boolean {
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
    const { refusal } = await existingVariable(target, at);
    return refusal === undefined ? undefined : `${title}: ${refusal}`;
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

/**
 * What is wrong with the declared places in 1Password: each vault, item and field must be there, visible, and such that a
 * write of a token is not refused.
 *
 * @param isOurs - whether a tag is the mark of an item that this stack made. @default that any stack made
 */
export async function itemFaults(
  { items }: Pick<AccountInputs, "items">,
  at: Servers,
  isOurs: (tag: string) => boolean = isMarker,
): Promise<string[]> {
  const faults = await Promise.all(items.map((target) => itemFault(target, at, isOurs)));
  return faults.filter((fault) => fault !== undefined);
}

async function itemFault(
  target: ItemTarget,
  at: Servers,
  isOurs: (tag: string) => boolean,
): Promise<string | undefined> {
  try {
    const vaults = at.vaults();
    const vault = await vaults.findVault(target.vault);
    if (target.newItem !== undefined) return await newItemFault(vaults, vault, target.newItem, isOurs);
    if (target.item === undefined || target.field === undefined) return undefined;
    const item = await findItem(vaults, vault, target.item);
    const field = findField(item, target.field, target.section);
    const refusal = fieldRefusal(item, field);
    if (refusal !== undefined)
      return `field "${target.field}" of the item "${target.item}" in the 1Password vault "${target.vault}": ${refusal}`;
    if (field === undefined) return missingField(target, item);
    return shownFault(target, item, field) ?? (await writeFault(vaults, vault, item.id));
  } catch (error) {
    if (error instanceof MissingCredential)
      return `the 1Password vault "${target.vault}" cannot be reached: ${messageOf(error)}. Ask the vault's owner to let a Connect server (op connect vault grant) or a service account (op service-account create) read and write its items`;
    // What a server says of a request names no vault as people know it.
    return error instanceof ApiError ? `the 1Password vault "${target.vault}": ${messageOf(error)}` : messageOf(error);
  }
}

/** What speaks against making, or keeping, an item of its own. One that is not there is made with the first rotation. */
async function newItemFault(
  vaults: Vaults,
  vault: Vault,
  title: string,
  isOurs: (tag: string) => boolean,
): Promise<string | undefined> {
  const subject = `the item "${title}" of its own in the 1Password vault "${vault.name}"`;
  const found = await standingOf(vaults, vault, { title, category: "API_CREDENTIAL" }, isOurs);
  if (found.kind === "free") {
    const archived = await archivedOf(vaults, vault, title, isOurs);
    if (archived !== undefined)
      return `${subject}: it was made (${archived.id}), and is ${archived.state?.toLowerCase()}. Restore it in 1Password, or declare another title under "newItem"`;
    return writeFault(vaults, vault, undefined);
  }
  if (found.kind === "ours") return writeFault(vaults, vault, found.row.id);
  const which = found.rows.map(({ id }) => id).join(", ");
  return `${subject}: ${found.rows.length === 1 ? "an item" : `${found.rows.length} items`} of that title ${found.rows.length === 1 ? "is" : "are"} there already (${which}), made by ${found.by}. Declare another title under "newItem", or store the token in a field of it: item: "${title}", field: credential`;
}

/**
 * What a write to a vault would be refused for, as far as a write that changes nothing tells: Connect shows nobody's rights.
 */
async function writeFault(vaults: Vaults, vault: Vault, itemUuid: string | undefined): Promise<string | undefined> {
  try {
    await vaults.tryWrite(vault.id, itemUuid);
    return undefined;
  } catch (error) {
    if (error instanceof Forbidden)
      return `the 1Password vault "${vault.name}" may not be written: ${messageOf(error)}`;
    throw error;
  }
}

/** That an item lacks the declared field. */
export function missingField(target: ItemTarget, item: Item): string {
  const labels = item.fields.map(({ id, label }) => `"${label ?? id}"`).join(", ");
  return `the item "${target.item}" in the 1Password vault "${target.vault}" has no field "${target.field}". Correct "field", or add the field in 1Password; it has ${labels}`;
}
