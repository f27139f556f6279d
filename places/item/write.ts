import { setValue } from "../../clients/onepassword/patch";
import type { Field, Item, PatchOperation, Vaults } from "../../clients/onepassword/vaults";
import { setExpiry } from "./expiry";
import { fieldRefusal } from "./refusal";

/** What a field is to hold. */
export interface FieldValue {
  readonly value: string;
  /** The day on which it dies, for the item's own date field; left out: that stays as it is. */
  readonly expiresAt?: string | undefined;
}

/**
 * The one way by which a value gets into a field that is there, by its own resource and by a put-back: the value, and the day
 * that the item says it expires on, in one write; none where both are there already.
 */
export async function writeField(
  vaults: Vaults,
  vaultUuid: string,
  item: Item,
  field: Field,
  { value, expiresAt }: FieldValue,
): Promise<Item> {
  const refusal = fieldRefusal(item, field);
  if (refusal !== undefined) throw new Error(refusal);
  const operations: PatchOperation[] = [
    ...((field.value ?? "") === value ? [] : [setValue(field, value)]),
    ...(expiresAt === undefined ? [] : setExpiry(item, field.section?.id, expiresAt)),
  ];
  return operations.length === 0 ? item : vaults.patchItem(vaultUuid, item.id, operations);
}
