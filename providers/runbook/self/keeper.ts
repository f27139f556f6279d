import { findField, findItem } from "../../../clients/onepassword/lookup";
import { addField, setValue } from "../../../clients/onepassword/patch";
import { type Field, type Item, NoneFound, type PatchOperation } from "../../../clients/onepassword/vaults";
import type { Servers } from "../../../clients/servers";
import type { ItemTarget } from "../../../contract/types/places";
import { missingField } from "../../../places/item/writable";
import { type Note, noteOf, noteText } from "./note";

/** The item in 1Password that holds a token which rotates itself, and the note beside it, as they are. */
export interface Keeper {
  readonly vaultUuid: string;
  readonly item: Item;
  readonly field: Field;
  /** The field in words, for people. */
  readonly title: string;
  /** The label of the note's field. */
  readonly label: string;
  readonly note: Note | undefined;
  /** The notes of all accounts in the item, its own among them, by their labels. */
  readonly notes: ReadonlyMap<string, Note>;
}

/** The field that holds the token, in words. */
export function keeperTitle({ vault, item, field }: ItemTarget): string {
  return `field "${field}" of the 1Password item "${item}" in vault "${vault}"`;
}

/** Looks the item up. @throws when vault, item or field is not there. */
export async function openKeeper(place: ItemTarget, account: string, at: Servers): Promise<Keeper> {
  const vaults = at.vaults();
  const vault = await vaults.findVault(place.vault);
  const item = await findItem(vaults, vault, place.item ?? "");
  const field = findField(item, place.field ?? "", place.section);
  if (field === undefined) throw new NoneFound("field", missingField(place, item));
  const label = `rotation of ${account}`;
  const notes = notesOf(item);
  return { vaultUuid: vault.id, item, field, title: keeperTitle(place), label, note: notes.get(label), notes };
}

function notesOf({ fields }: Item): ReadonlyMap<string, Note> {
  const written = fields.map(({ label = "", value = "" }) => [label, noteOf(value)] as const);
  return new Map(written.flatMap(([label, note]) => (note === undefined ? [] : [[label, note] as const])));
}

/** Writes the note, and with it the token's value when one is given: both or neither, in one request. */
export async function write(keeper: Keeper, note: Note, at: Servers, value?: string): Promise<Keeper> {
  const { vaultUuid, item, field } = keeper;
  const operations = [...(value === undefined ? [] : [setValue(field, value)]), noteOperation(keeper, noteText(note))];
  return { ...keeper, item: await at.vaults().patchItem(vaultUuid, item.id, operations), note };
}

function noteOperation({ item, field, label }: Keeper, text: string): PatchOperation {
  const known = item.fields.find((one) => one.label === label);
  if (known !== undefined) return setValue(known, text);
  const section = field.section === undefined ? {} : { section: field.section };
  return addField({ label, type: "STRING", value: text, ...section });
}
