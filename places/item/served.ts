import { messageOf } from "../../clients/faults";
import { MissingCredential } from "../../clients/http";
import { findField, findItem } from "../../clients/onepassword/lookup";
import { NoneFound, type Vaults } from "../../clients/onepassword/vaults";
import type { Servers } from "../../clients/servers";
import type { Consumer, ItemTarget } from "../../contract/types/places";
import type { ReadablePlace } from "../readers";
import type { Look, ServedKind, Value } from "../serving";
import { item as declared } from "./declared";
import { sharedItemFaults } from "./shared";
import { itemFaults, shownFault } from "./writable";
import { writeField } from "./write";

/** Fields of 1Password items, over Connect or with a service account. */
export const servedItem: ServedKind<ItemTarget> = {
  look,
  write,
  faults: async (targets, { account, accounts, isOurs }, at) => {
    const [own, shared] = await Promise.all([
      itemFaults(targets, at, isOurs),
      sharedItemFaults(account, targets, at, accounts),
    ]);
    return [...own, ...shared];
  },
  missing,
  readers,
};

async function look(place: Consumer, at: Servers, isShown?: boolean): Promise<Look> {
  const { vault = "", item = "", field = "", section, vaultUuid = "", itemUuid, fieldId } = place;
  const vaults = at.vaults();
  if (itemUuid !== undefined) {
    const found = await vaults.getItem(vaultUuid, itemUuid);
    return { value: found.fields.find(({ id }) => id === fieldId)?.value ?? "" };
  }
  const found = await findItem(vaults, await vaults.findVault(vault), item);
  const named = findField(found, field, section);
  if (named === undefined) return { value: "" };
  return { value: named.value ?? "", shown: shownFault({ vault, shown: isShown === true }, found, named) };
}

async function write({ vaultUuid = "", itemUuid, fieldId = "", unmade }: Consumer, value: Value, at: Servers) {
  if (itemUuid === undefined) throw new Error(unmade ?? "it was not found or made: see the warning at its own step");
  const vaults = at.vaults();
  const item = await vaults.getItem(vaultUuid, itemUuid);
  const field = item.fields.find(({ id }) => id === fieldId) ?? { id: fieldId, type: "CONCEALED", value: "" };
  await writeField(vaults, vaultUuid, item, field, { value: value.token, expiresAt: value.expiresAt });
}

async function missing({ vault: name, newItem }: ItemTarget, at: Servers): Promise<string | undefined> {
  if (newItem === undefined) return undefined;
  const vault = await at.vaults().findVault(name);
  return findItem(at.vaults(), vault, newItem).then(
    () => undefined,
    (error: unknown) =>
      error instanceof NoneFound ? `the item "${newItem}" of the vault "${name}" is not there yet` : undefined,
  );
}

/** 1Password tells no server who may open a vault. */
async function readers(target: ItemTarget, at: Servers): Promise<ReadablePlace> {
  const place = { place: declared.of(target).title, can: "read it", readers: [] };
  const name = target.vault.includes(" ") ? `"${target.vault}"` : target.vault;
  const ask = `1Password tells no server who may open a vault. Ask its owner, or a member who has the CLI: op vault user list ${name}, op vault group list ${name}.`;
  try {
    const vaults = at.vaults();
    const vault = await vaults.findVault(target.vault);
    return { ...place, attributes: [`vault ${vault.id}`, ...(await found(target, vaults))], untold: [ask] };
  } catch (error) {
    // Without access nothing but the question to its owner is left.
    if (!(error instanceof Error)) throw error;
    const isUnset = error instanceof MissingCredential;
    return {
      ...place,
      attributes: [],
      untold: [isUnset ? `It was not looked at: ${messageOf(error)}.` : `${messageOf(error)}.`, ask],
    };
  }
}

async function found({ vault: name, item, field = "", section }: ItemTarget, vaults: Vaults): Promise<string[]> {
  if (item === undefined) return [];
  const found = await findItem(vaults, await vaults.findVault(name), item);
  return findField(found, field, section) === undefined ? [`no field "${field}"`] : [`item ${found.id}`];
}
