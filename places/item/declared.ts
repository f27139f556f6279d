import type { Consumer, ItemTarget } from "../../contract/types/places";
import type { Raw } from "../../ground/raw";
import { oneOf } from "../../rotation/declaration/faults";
import { block, list, sentence, yes } from "../../rotation/declaration/form";
import { shapes } from "../../rotation/declaration/shapes";
import { type DeclaredPlace, longName, type PlaceKind, together } from "../kind";

/** A place in 1Password: an item that exists, or one to be made. Exactly one of `item` and `newItem`. */
export interface ItemDeclaration {
  /** Name or UUID of the vault. */
  readonly vault: string;
  /** Title or UUID of an item that exists. Only the field is written. */
  readonly item?: string;
  /** Title of an API-credential item to make. */
  readonly newItem?: string;
  /** Label or id of the field that holds the token. @default "credential" */
  readonly field: string;
  /** Label of the section that the field is in, where the label alone is ambiguous. @default any */
  readonly section?: string;
  /**
   * The field may be of a type of which 1Password shows the value in plain text to all who open the item, such as a text or a
   * URL. Without it such a field is a fault before anything is minted. @default it may not
   */
  readonly shown?: true;
}

/** The field that comes with an item of its own. */
const OWN_FIELD = "credential";

/** The item: one of these. */
const ways = ["item", "newItem"] as const;

/** A field of a 1Password item. */
export const item: PlaceKind<ItemTarget> = {
  kind: "item",
  input: "items",
  isVault: true,
  isInJobs: false,
  written: list(
    block({
      vault: sentence,
      item: sentence.exactOptional(),
      newItem: sentence.exactOptional(),
      field: sentence.default(OWN_FIELD),
      section: sentence.exactOptional(),
      shown: yes.exactOptional(),
    }).register(shapes, { one: ways }),
    "blocks with vault and item",
  ),
  faults: (raw, path) => oneOf(raw, ways, path),
  key,
  spelt: ({ vault, item, newItem, section, field }) => [vault, item ?? newItem, section, field ?? OWN_FIELD],
  title,
  of,
  doubt: { mayBeSame, sorted },
};

/**
 * One text for one field of an item, however it was written: two that have it name the same field. Titles, labels and ids
 * keep their case, as 1Password's servers look them up.
 */
function key({ vault, item, newItem, section, field }: Raw): string | undefined {
  // An item that is made has the token in the field that comes with its category, whatever else is declared.
  if (newItem !== undefined) return together("item", vault, newItem, OWN_FIELD, "");
  return together("item", vault, item, field ?? OWN_FIELD, section ?? "");
}

function title({ vault, item, field, section, vaultUuid, itemUuid, fieldId }: Consumer): string {
  if (item === undefined && itemUuid !== undefined)
    return `field "${fieldId}" of 1Password item ${itemUuid} in vault ${vaultUuid}`;
  const where = section === undefined ? "" : ` in section "${section}"`;
  return `field "${field}"${where} of 1Password item "${item}" in vault "${vault}"`;
}

function of(target: ItemTarget): DeclaredPlace {
  const { vault, item, newItem, section, shown } = target;
  const field = target.field ?? OWN_FIELD;
  const isMade = newItem !== undefined;
  const names: Consumer = isMade
    ? { kind: "item", vault, item: newItem, field: OWN_FIELD }
    : {
        kind: "item",
        vault,
        ...(item === undefined ? {} : { item }),
        field,
        ...(section === undefined ? {} : { section }),
      };
  const words = isMade ? `1Password item "${newItem}" in vault "${vault}"` : title(names);
  return {
    title: words,
    place: { ...names, title: words },
    isMade,
    isShown: shown === true,
    type: isMade ? "onepassword:index/item:Item" : "onepassword:index/itemField:ItemField",
    // Short enough to leave room beside it in a terminal: an item that is called like the token needs no second mention.
    shortName: (account, token) => {
      const name = item ?? newItem ?? "";
      return [account, vault, ...(name === token ? [] : [name]), ...(isMade ? [] : [field])].join("/");
    },
    longName: (account) => longName(account, isMade ? { vault, newItem } : { vault, item, field, section }),
    destination: { words: `vault "${vault}"`, isIn: (listed) => listed === vault },
    attributes: {},
    objections: () =>
      shown === true
        ? {
            "concealed-fields": `The ${words} is declared shown: 1Password would show the token to all who open the item. Make it a password field, and leave shown out.`,
          }
        : {},
  };
}

/** What 1Password's clients take for an id; a section that was made in an app has another kind of them. */
const id = /^[a-z0-9]{26}$|^Section_\w+$/;

/** One names by an id what the other names by its title, or leaves out the section. */
function mayBeSame(one: ItemTarget, other: ItemTarget): boolean {
  if (!mayEqual(one.vault, other.vault) || !mayEqual(titleOf(one), titleOf(other))) return false;
  const [a, b] = [fieldOf(one), fieldOf(other)];
  const sections = a.section === undefined || b.section === undefined || mayEqual(a.section, b.section);
  return sections && mayEqual(a.field, b.field) && key({ ...one }) !== key({ ...other });
}

function sorted(place: ItemTarget): { readonly place: string; readonly form: string } {
  const name = titleOf(place);
  return { place: JSON.stringify([place.vault, name]), form: `${id.test(place.vault)} ${id.test(name)}` };
}

function titleOf({ item, newItem }: ItemTarget): string {
  return item ?? newItem ?? "";
}

function mayEqual(one: string, other: string): boolean {
  return one === other || id.test(one) !== id.test(other);
}

function fieldOf({ newItem, field = OWN_FIELD, section }: ItemTarget): { field: string; section?: string } {
  if (newItem !== undefined) return { field: OWN_FIELD };
  return section === undefined ? { field } : { field, section };
}
