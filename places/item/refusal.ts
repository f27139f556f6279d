import type { Field, Item } from "../../clients/onepassword/vaults";

/** A token does not fit into these: 1Password checks or computes what they hold. */
const unfit: ReadonlySet<string> = new Set(["DATE", "MENU", "MONTH_YEAR", "OTP", "TOTP"]);

/** The one type of which 1Password hides what it holds until somebody asks for it. */
const hidden = "CONCEALED";

/** That a field would show a token to everybody who opens the item; undefined where it does not, or where that is declared. */
export function shownRefusal({ type }: Pick<Field, "type">, isDeclared: boolean | undefined): string | undefined {
  if (type === hidden || isDeclared === true) return undefined;
  return `has the type ${type}, of which 1Password shows the value in plain text. Change its type to password in 1Password, name another field, or say "shown: true" beside it, which the policy concealed-fields objects to`;
}

/** What a write of a token into a field would be refused for; undefined when for nothing. */
export function fieldRefusal(item: Pick<Item, "state">, field: Pick<Field, "type"> | undefined): string | undefined {
  if (field !== undefined && unfit.has(field.type))
    return `it has the type ${field.type}, which holds no such value. Name a text or concealed field`;
  if (item.state !== undefined)
    return `the item is ${item.state.toLowerCase()}. Restore it in 1Password, or name another one`;
  return undefined;
}
