import { NotFound } from "../http";
import { isUuid } from "./connect";
import { type Field, type Item, ManyFound, NoneFound, type Section, type Vault, type Vaults } from "./vaults";

/** The one item of that title or id in a vault, with its fields. */
export async function findItem(vaults: Vaults, vault: Vault, titleOrUuid: string): Promise<Item> {
  if (isUuid(titleOrUuid)) {
    const item = await itemOfId(vaults, vault, titleOrUuid);
    if (item !== undefined) return item;
  }
  const rows = await vaults.findItems(vault.id, titleOrUuid);
  const [row, other] = rows;
  if (row === undefined)
    throw new NoneFound(
      "item",
      `looking for the item "${titleOrUuid}" in the 1Password vault "${vault.name}": the vault holds none of that title (archived items do not count). Check title and vault, or make the item in 1Password.`,
    );
  if (other !== undefined)
    throw new ManyFound(
      "item",
      `looking for the item "${titleOrUuid}" in the 1Password vault "${vault.name}": ${rows.length} items have that title (${rows.map(({ id }) => id).join(", ")}). Name the one you mean by its id, or archive the others.`,
    );
  return vaults.getItem(vault.id, row.id);
}

async function itemOfId(vaults: Vaults, vault: Vault, id: string): Promise<Item | undefined> {
  try {
    return await vaults.getItem(vault.id, id);
  } catch (error) {
    // A title can look like an id: only the search by title can tell.
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/**
 * The one field of that id or label in an item, or `undefined`. An id outranks labels: the fields that come with a
 * category have words as ids, such as `credential`.
 */
export function findField(item: Item, labelOrId: string, section?: string): Field | undefined {
  const group = section === undefined ? undefined : findSection(item, section);
  const fields = item.fields.filter((field) => group === undefined || field.section?.id === group.id);
  const byId = fields.find(({ id }) => id === labelOrId);
  if (byId !== undefined) return byId;
  const labelled = fields.filter(({ label }) => label === labelOrId);
  if (labelled.length > 1)
    throw new ManyFound(
      "field",
      `looking for the field "${labelOrId}" of the item "${item.title}" (${item.id}) in 1Password: ${labelled.length} fields have that label (${labelled.map((field) => whereabouts(item, field)).join(", ")}). Name its section, or the field by its id.`,
    );
  return labelled[0];
}

/** The one section of that label or id in an item. */
export function findSection(item: Item, labelOrId: string): Section {
  const byId = item.sections.find(({ id }) => id === labelOrId);
  const labelled = byId === undefined ? item.sections.filter(({ label }) => label === labelOrId) : [byId];
  const [section, other] = labelled;
  if (section === undefined)
    throw new NoneFound(
      "section",
      `looking for the section "${labelOrId}" of the item "${item.title}" (${item.id}) in 1Password: it has ${item.sections.length === 0 ? "no sections" : `only ${item.sections.map(({ id, label }) => `"${label || id}"`).join(", ")}`}. Make the section in 1Password, or leave it out of the declaration.`,
    );
  if (other !== undefined)
    throw new ManyFound(
      "section",
      `looking for the section "${labelOrId}" of the item "${item.title}" (${item.id}) in 1Password: ${labelled.length} sections have that label (${labelled.map(({ id }) => id).join(", ")}). Name the one you mean by its id.`,
    );
  return section;
}

function whereabouts(item: Item, field: Field): string {
  const section = item.sections.find(({ id }) => id === field.section?.id);
  return `${field.id} ${section === undefined ? "outside of any section" : `in section "${section.label ?? section.id}"`}`;
}
