import type { Field, Item } from "../../../clients/onepassword/vaults";
import type { ItemTarget } from "../../../contract/types/places";
import { shownRefusal } from "../../onepassword/fieldRefusal";

/** That a field would show the token to everybody who opens the item; nothing where it does not, or where that is declared. */
export function shownFault(target: ItemTarget, item: Item, field: Field): string | undefined {
  const refusal = shownRefusal(field, target.shown);
  if (refusal === undefined) return undefined;
  return `the field "${field.label ?? field.id}" of the item "${item.title}" in the 1Password vault "${target.vault}" ${refusal}`;
}
