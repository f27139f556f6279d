import type { Field, Item } from "../../../clients/onepassword/vaults";
import { isMarker } from "../../../places/item/marker";
import { builtInProperties } from "./categories";
import type { ItemInputs, ItemOutputs, SectionField, SectionInputs } from "./inputs";
import { builtIns, declaredValue, fieldIn, fieldOf, primaryUrl, sectionIn } from "./itemContent";

/** What is remembered of an item: what is declared, with what 1Password holds or thought of. */
export function outputsOf(item: Item, inputs: ItemInputs): ItemOutputs {
  const password = builtIns(inputs.category)
    .filter(({ property }) => property === "password")
    .map((builtIn) => fieldOf(item, builtIn)?.value)[0];
  return {
    ...inputs,
    title: item.title,
    ...(password === undefined ? {} : { password }),
    ...(inputs.sections === undefined
      ? {}
      : { sections: inputs.sections.map((section) => sectionState(item, section)) }),
    uuid: item.id,
    vaultUuid: item.vault.id,
  };
}

/**
 * The inputs that would give the item as it is now. What was not declared stays undeclared, so that a change of it by hand
 * is nobody's business here. For an import, nothing is declared yet: then all that the item holds.
 */
export function inputsOf(item: Item, declared: Partial<ItemInputs>): ItemInputs {
  const isImport = declared.vault === undefined;
  const category = item.category.toLowerCase();
  const values = builtIns(category).flatMap((builtIn) => {
    const value = declaredValue(fieldOf(item, builtIn));
    const isWanted = isImport ? value !== undefined && value !== "" : declared[builtIn.property] !== undefined;
    return isWanted && value !== undefined ? [[builtIn.property, value]] : [];
  });
  const url = primaryUrl(item);
  const tags = isImport
    ? item.tags?.filter((tag) => !isMarker(tag))
    : declared.tags?.filter((tag) => item.tags?.includes(tag));
  const sections = isImport ? importedSections(item) : declared.sections?.map((section) => observed(item, section));
  return {
    ...Object.fromEntries(
      Object.entries(declared).filter(([name]) => !(builtInProperties as readonly string[]).includes(name)),
    ),
    ...Object.fromEntries(values),
    vault: declared.vault ?? item.vault.id,
    category,
    ...(isImport || declared.title !== undefined ? { title: item.title } : {}),
    ...((isImport || declared.url !== undefined) && url !== undefined ? { url } : {}),
    ...(tags === undefined || (isImport && tags.length === 0) ? {} : { tags }),
    ...(sections === undefined || (isImport && sections.length === 0) ? {} : { sections }),
  };
}

function importedSections(item: Item): SectionInputs[] {
  return item.sections
    .map((section) => ({
      id: section.id,
      label: section.label ?? "",
      fields: item.fields.filter((field) => field.section?.id === section.id).map(imported),
    }))
    .filter(({ fields }) => fields.length > 0);
}

function imported(field: Field): SectionField {
  const value = declaredValue(field);
  return {
    id: field.id,
    label: field.label ?? "",
    type: field.type,
    ...(value === undefined ? {} : { value }),
  };
}

/** A declared section with the values that the item holds now. */
function observed(item: Item, declared: SectionInputs): SectionInputs {
  const section = sectionIn(item, declared);
  const fields = declared.fields?.map((field): SectionField => {
    const { value, ...rest } = field;
    const now = section === undefined ? undefined : declaredValue(fieldIn(item, section, field));
    return value === undefined || now === undefined ? rest : { ...rest, value: now };
  });
  return { ...declared, ...(fields === undefined ? {} : { fields }) };
}

/** A declared section with everything that the item knows of it. */
function sectionState(item: Item, declared: SectionInputs): SectionInputs {
  const section = sectionIn(item, declared);
  if (section === undefined) return declared;
  const fields = declared.fields?.map((field) => {
    const found = fieldIn(item, section, field);
    return found === undefined ? field : { ...field, ...imported(found) };
  });
  return { ...declared, id: section.id, ...(fields === undefined ? {} : { fields }) };
}
