import { NotFound } from "../../clients/http";
import { dayOf, isDay } from "../../clients/onepassword/dateField";
import { findField, findItem, findSection } from "../../clients/onepassword/lookup";
import { addField } from "../../clients/onepassword/patch";
import { type Field, type Item, NoneFound, type Vaults } from "../../clients/onepassword/vaults";
import { expiryOf, setExpiry } from "../../places/item/expiry";
import { fieldRefusal, shownRefusal } from "../../places/item/refusal";
import { writeField } from "../../places/item/write";
import { type Before, type Context, type Properties, type Resource, unknown } from "../host/provider";
import { changesOf } from "./changes";
import { observe } from "./observed";

/** One field of an item that somebody else made and keeps. */
export interface ItemFieldInputs {
  readonly vault: string;
  readonly item: string;
  readonly field: string;
  readonly section?: string;
  readonly value: string;
  readonly expiresAt?: string;
  /** The field may show its value. @default false */
  readonly shown?: boolean;
}

/** The inputs, and what they turned out to mean. */
export interface ItemFieldOutputs extends ItemFieldInputs {
  readonly vaultUuid: string;
  readonly itemUuid: string;
  readonly fieldId: string;
}

/** Sets one field of an existing item; everything else in the item stays byte for byte as it was. */
export function itemField(allVaults: Vaults): Resource<ItemFieldInputs, ItemFieldOutputs> {
  return {
    diff(before, inputs) {
      const synonyms = {
        vault: before.outputs.vaultUuid,
        item: before.outputs.itemUuid,
        field: before.outputs.fieldId,
      };
      return changesOf(before, inputs, ["vault", "item", "field", "section"], synonyms);
    },

    async create(inputs, context) {
      const vaults = allVaults.within(context.signal);
      const vault = await vaults.findVault(inputs.vault);
      const item = await findItem(vaults, vault, inputs.item);
      const field = findField(item, inputs.field, inputs.section);
      const fieldId = await ensure(vaults, vault.id, item, field, inputs, context);
      const outputs = { ...inputs, vaultUuid: vault.id, itemUuid: item.id, fieldId };
      return { id: idOf(outputs), outputs };
    },

    async previewCreate(inputs, context) {
      const found = await foresee(allVaults.within(context.signal), inputs, context);
      return { ...inputs, vaultUuid: unknown, itemUuid: unknown, fieldId: unknown, ...found };
    },

    async update(before, inputs, context) {
      const vaults = allVaults.within(context.signal);
      const { vaultUuid, itemUuid, fieldId } = before.outputs;
      const item = await stillThere(vaults, before.outputs);
      const field = item.fields.find(({ id }) => id === fieldId);
      if (field === undefined)
        throw new NoneFound(
          "field",
          `setting the field "${inputs.field}" of the item "${item.title}" (${itemUuid}) in 1Password: the field was removed from the item. Put it back there, or run "pulumi refresh": the next update then adds it.`,
        );
      await ensure(vaults, vaultUuid, item, field, inputs, context);
      return { ...inputs, vaultUuid, itemUuid, fieldId };
    },

    async read(before, context) {
      const [vaultUuid, itemUuid, fieldId] = partsOf(before.id);
      const item = await observe(allVaults.within(context.signal), vaultUuid, itemUuid, context);
      if (item === "gone") return undefined;
      if (item === "unseen") return kept(before);
      const field = item.fields.find(({ id }) => id === fieldId);
      if (field === undefined) return undefined;
      const isImport = before.inputs.vault === undefined;
      const expires = expiryOf(item, field.section?.id);
      const day = expires === undefined ? before.inputs.expiresAt : dayOf(expires.value);
      const inputs: ItemFieldInputs = {
        vault: vaultUuid,
        item: itemUuid,
        field: fieldId,
        ...before.inputs,
        value: field.value ?? "",
        ...(day === undefined || (!isImport && before.inputs.expiresAt === undefined) ? {} : { expiresAt: day }),
      };
      return { id: before.id, inputs, outputs: { ...inputs, vaultUuid, itemUuid, fieldId } };
    },

    async delete(before, context) {
      const { field, item, vault } = before.outputs;
      context.log.info(
        `Left in place: the field "${field}" of the item "${item}" in the 1Password vault "${vault}" keeps its value. What is deleted through the API cannot be restored; clear the field in 1Password if it is no longer needed.`,
      );
    },
  };
}

/** Makes the field, and the item's expiry, hold what is declared, with one write at most. Gives the field's id. */
async function ensure(
  vaults: Vaults,
  vaultUuid: string,
  item: Item,
  field: Field | undefined,
  inputs: ItemFieldInputs,
  context: Context,
): Promise<string> {
  refuseUnfit(item, field, inputs);
  const section = inputs.section === undefined ? undefined : findSection(item, inputs.section).id;
  tellNoExpiry(item, field === undefined ? section : field.section?.id, inputs, context);
  const { expiresAt, value } = inputs;
  if (field !== undefined) {
    if ((field.value ?? "") !== value) refuseShown(item, field, inputs);
    await writeField(vaults, vaultUuid, item, field, { value, expiresAt });
    return field.id;
  }
  context.log.info(missing(inputs, item, "it is added, concealed"));
  const home = section === undefined ? {} : { section: { id: section } };
  const after = await vaults.patchItem(vaultUuid, item.id, [
    addField({ label: inputs.field, type: "CONCEALED", value, ...home }),
    ...(expiresAt === undefined ? [] : setExpiry(item, section, expiresAt)),
  ]);
  return addedId(vaults, vaultUuid, item, after, inputs);
}

function tellNoExpiry(item: Item, section: string | undefined, { expiresAt }: ItemFieldInputs, { log }: Context): void {
  if (expiresAt === undefined || expiryOf(item, section) !== undefined) return;
  log.info(
    `The item "${item.title}" (${item.id}) in 1Password has no date field "expires": ${expiresAt} is not written there.`,
  );
}

async function addedId(
  vaults: Vaults,
  vaultUuid: string,
  before: Item,
  after: Item,
  inputs: ItemFieldInputs,
): Promise<string> {
  const known = new Set(before.fields.map(({ id }) => id));
  const among = (item: Item) => item.fields.find(({ id, label }) => !known.has(id) && label === inputs.field)?.id;
  const id = among(after) ?? among(await vaults.getItem(vaultUuid, before.id));
  if (id !== undefined) return id;
  throw new NoneFound(
    "field",
    `adding the field "${inputs.field}" to the item "${before.title}" (${before.id}) in 1Password: the server accepted it, but the item does not show it yet. Run again: the next run looks first.`,
  );
}

/** Its type may have been changed since it was looked at before the token was made. */
function refuseShown(item: Item, field: Field, { shown }: ItemFieldInputs): void {
  const refusal = shownRefusal(field, shown);
  if (refusal === undefined) return;
  throw new Error(
    `setting the field "${field.label ?? field.id}" of the item "${item.title}" (${item.id}) in 1Password: it ${refusal}.`,
  );
}

function refuseUnfit(item: Item, field: Field | undefined, { expiresAt }: ItemFieldInputs): void {
  const refusal = fieldRefusal(item, field);
  if (refusal !== undefined) {
    const which = field === undefined ? "a field" : `the field "${field.label ?? field.id}"`;
    throw new Error(`setting ${which} of the item "${item.title}" (${item.id}) in 1Password: ${refusal}.`);
  }
  if (expiresAt !== undefined && !isDay(expiresAt))
    throw new Error(
      `setting the expiry of the item "${item.title}" (${item.id}) in 1Password: expiresAt is "${expiresAt}". Write a day that exists as YYYY-MM-DD.`,
    );
}

async function stillThere(vaults: Vaults, { vaultUuid, itemUuid, item, vault }: ItemFieldOutputs): Promise<Item> {
  try {
    return await vaults.getItem(vaultUuid, itemUuid);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    throw new NoneFound(
      "item",
      `setting a field of the item "${item}" (${itemUuid}) in the 1Password vault "${vault}": the item is not there, or no longer visible to our credential for 1Password. Restore it in 1Password, or run "pulumi refresh" to look for it anew.`,
      { cause: error },
    );
  }
}

/**
 * In a preview nothing is an error: another resource of the same run may be about to make what is missing, and a vault that
 * cannot be read is one account's trouble, whereas an error would end the preview of all.
 */
async function foresee(vaults: Vaults, inputs: ItemFieldInputs, context: Context): Promise<Properties> {
  const known: readonly unknown[] = [inputs.vault, inputs.item, inputs.field, inputs.section];
  if (known.includes(unknown)) return {};
  try {
    const vault = await vaults.findVault(inputs.vault);
    const item = await findItem(vaults, vault, inputs.item);
    const field = findField(item, inputs.field, inputs.section);
    if (field !== undefined) return { vaultUuid: vault.id, itemUuid: item.id, fieldId: field.id };
    context.log.info(missing(inputs, item, "it will be added, concealed"));
    return { vaultUuid: vault.id, itemUuid: item.id };
  } catch (error) {
    context.log.warn(error instanceof Error ? error.message : String(error));
    return {};
  }
}

function missing(inputs: ItemFieldInputs, item: Item, consequence: string): string {
  return `The item "${item.title}" (${item.id}) in 1Password has no field "${inputs.field}": ${consequence}.`;
}

function kept(before: Before<Partial<ItemFieldInputs>, Partial<ItemFieldOutputs>>) {
  if (before.inputs.vault === undefined)
    throw new Error(
      `importing "${before.id}" from 1Password: it could not be read. See the warning above for what is missing.`,
    );
  return before as Before<ItemFieldInputs, ItemFieldOutputs>;
}

function idOf({ vaultUuid, itemUuid, fieldId }: ItemFieldOutputs): string {
  return `vaults/${vaultUuid}/items/${itemUuid}/fields/${fieldId}`;
}

function partsOf(id: string): [vaultUuid: string, itemUuid: string, fieldId: string] {
  const [, vaultUuid, itemUuid, fieldId] = /^vaults\/([^/]+)\/items\/([^/]+)\/fields\/(.+)$/.exec(id) ?? [];
  if (vaultUuid === undefined || itemUuid === undefined || fieldId === undefined)
    throw new Error(
      `reading a field from 1Password: "${id}" is no id of one. Write vaults/<vault id>/items/<item id>/fields/<field id>.`,
    );
  return [vaultUuid, itemUuid, fieldId];
}
