import { findField } from "../../clients/onepassword/lookup";
import type { Field, Item, Vault, Vaults } from "../../clients/onepassword/vaults";
import { each } from "../command";
import type { Held, Identifier } from "./identify";

/** A field of a 1Password item that holds what looks like a token; its value is not kept. */
export interface FoundField {
  /** Title, or id where several items have that title. */
  readonly item: string;
  /** Label, or id where the label is not enough. */
  readonly field: string;
  readonly held: Held;
}

/** An item, without any value but its user name. */
export interface FoundItem {
  /** As it was asked for. */
  readonly vault: string;
  readonly title: string;
  readonly username: string | undefined;
  readonly fields: readonly FoundField[];
}

/** The items in use of some vaults. Each is read, since no list tells what an item holds. */
export async function findItems(
  vaults: Vaults,
  names: readonly string[],
  identifier: Identifier,
): Promise<readonly FoundItem[]> {
  const found: FoundItem[] = [];
  for (const name of names) {
    const vault = await vaults.findVault(name);
    const rows = (await vaults.listItems(vault.id)).filter(
      ({ state, category }) => state === undefined && category !== "DOCUMENT",
    );
    const isUnique = (title: string) => rows.filter((row) => row.title === title).length === 1;
    found.push(...(await each(rows, ({ id }) => look(vaults, vault, name, id, identifier, isUnique))));
  }
  return found;
}

async function look(
  vaults: Vaults,
  vault: Vault,
  name: string,
  id: string,
  identifier: Identifier,
  isUnique: (title: string) => boolean,
): Promise<FoundItem> {
  const item = await vaults.getItem(vault.id, id);
  const username = item.fields.find((field) => field.purpose === "USERNAME" || field.id === "username")?.value;
  const fields = await each(item.fields, async (field) => {
    const held = field.value === undefined ? undefined : await identifier.held(field.value);
    const reference = isUnique(item.title) ? item.title : item.id;
    return held === undefined ? [] : [{ item: reference, field: fieldName(item, field), held }];
  });
  return { vault: name, title: item.title, username, fields: fields.flat() };
}

/** The label by which a field is found again, else its id. */
function fieldName(item: Item, { id, label }: Field): string {
  if (label === undefined || label === "") return id;
  try {
    return findField(item, label)?.id === id ? label : id;
  } catch {
    // Several fields have that label.
    return id;
  }
}
