import { messageOf } from "../../clients/faults";
import { ApiError, Forbidden, MissingCredential } from "../../clients/http";
import { findField, findItem } from "../../clients/onepassword/lookup";
import type { Field, Item, Vault } from "../../clients/onepassword/vaults";
import type { Servers } from "../../clients/servers";
import type { ItemTarget } from "../../contract/types/places";
import { item as declared } from "./declared";
import { isMarker } from "./marker";
import { fieldRefusal, shownRefusal } from "./refusal";
import { archivedOf, standingOf } from "./standing";

/**
 * What is wrong with the declared places in 1Password: each vault, item and field must be there, visible, and such that a
 * write of a token is not refused.
 *
 * @param isOurs - whether a tag is the mark of an item that this stack made. @default that any stack made
 */
export async function itemFaults(
  items: readonly ItemTarget[],
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
  const { title } = declared.of(target);
  try {
    const vaults = at.vaults();
    const vault = await vaults.findVault(target.vault);
    if (target.newItem !== undefined) return await newItemFault(at, vault, target.newItem, isOurs);
    if (target.item === undefined || target.field === undefined) return undefined;
    const item = await findItem(vaults, vault, target.item);
    const field = findField(item, target.field, target.section);
    const refusal = fieldRefusal(item, field);
    if (refusal !== undefined) return `${title}: ${refusal}`;
    if (field === undefined) return missingField(target, item);
    return shownFault(target, item, field) ?? (await writeFault(at, vault, item.id));
  } catch (error) {
    if (error instanceof MissingCredential)
      return `the 1Password vault "${target.vault}" cannot be reached: ${messageOf(error)}. Ask the vault's owner to let a Connect server (op connect vault grant) or a service account (op service-account create) read and write its items`;
    // What a server says of a request names no vault as people know it.
    return error instanceof ApiError ? `the 1Password vault "${target.vault}": ${messageOf(error)}` : messageOf(error);
  }
}

/** What speaks against making, or keeping, an item of its own. One that is not there is made with the first rotation. */
async function newItemFault(
  at: Servers,
  vault: Vault,
  title: string,
  isOurs: (tag: string) => boolean,
): Promise<string | undefined> {
  const vaults = at.vaults();
  const subject = `the item "${title}" of its own in the 1Password vault "${vault.name}"`;
  const found = await standingOf(vaults, vault, { title, category: "API_CREDENTIAL" }, isOurs);
  if (found.kind === "free") {
    const archived = await archivedOf(vaults, vault, title, isOurs);
    if (archived !== undefined)
      return `${subject}: it was made (${archived.id}), and is ${archived.state?.toLowerCase()}. Restore it in 1Password, or declare another title under "newItem"`;
    return writeFault(at, vault, undefined);
  }
  if (found.kind === "ours") return writeFault(at, vault, found.row.id);
  const which = found.rows.map(({ id }) => id).join(", ");
  return `${subject}: ${found.rows.length === 1 ? "an item" : `${found.rows.length} items`} of that title ${found.rows.length === 1 ? "is" : "are"} there already (${which}), made by ${found.by}. Declare another title under "newItem", or store the token in a field of it: item: "${title}", field: credential`;
}

/**
 * What a write to a vault would be refused for, as far as a write that changes nothing tells: Connect shows nobody's rights.
 * They are the vault's, so that one try stands for all its items; what was refused is tried again.
 */
async function writeFault(at: Servers, vault: Vault, itemUuid: string | undefined): Promise<string | undefined> {
  try {
    await at.remember(`right to write the vault ${vault.id}`, () => at.vaults().tryWrite(vault.id, itemUuid));
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

/** That a field would show the token to everybody who opens the item; nothing where it does not, or where that is declared. */
export function shownFault(target: ItemTarget, item: Item, field: Field): string | undefined {
  const refusal = shownRefusal(field, target.shown);
  if (refusal === undefined) return undefined;
  return `the field "${field.label ?? field.id}" of the item "${item.title}" in the 1Password vault "${target.vault}" ${refusal}`;
}
