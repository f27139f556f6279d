import { dateFieldOf, dayOf } from "../../clients/onepassword/dateField";
import { setValue } from "../../clients/onepassword/patch";
import type { Field, Item, PatchOperation } from "../../clients/onepassword/vaults";

/** The date field that says when the value expires: the one that comes with API credentials, or one labelled so near the value. */
export function expiryOf(item: Item, section: string | undefined): Field | undefined {
  const dates = item.fields.filter(({ type }) => type === "DATE");
  const labelled = dates.filter(({ label }) => label === "expires");
  return (
    dates.find(({ id }) => id === "expires") ??
    labelled.find((field) => field.section?.id === section) ??
    (labelled.length === 1 ? labelled[0] : undefined)
  );
}

/** What makes an item say that the value expires on a day: nothing when it says so, or has no field for it. */
export function setExpiry(item: Item, section: string | undefined, day: string): PatchOperation[] {
  const expires = expiryOf(item, section);
  return expires === undefined || dayOf(expires.value) === day ? [] : [setValue(expires, dateFieldOf(day))];
}
