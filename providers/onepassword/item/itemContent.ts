import { createHash } from "node:crypto";
import { dateFieldOf, dayOf, isDay } from "../../../clients/onepassword/dateField";
import { addField, setValue } from "../../../clients/onepassword/patch";
import type {
  Field,
  Item,
  ItemUrl,
  NewField,
  NewItem,
  PatchOperation,
  Section,
} from "../../../clients/onepassword/vaults";
import { type BuiltIn, categories } from "./categories";
import type { ItemInputs, PasswordRecipe, SectionField, SectionInputs } from "./inputs";

/** The item to make for these inputs. */
export function newItem(inputs: ItemInputs, title: string, vaultUuid: string, marker: string): NewItem {
  const sections = inputs.sections ?? [];
  return {
    title,
    vault: { id: vaultUuid },
    category: inputs.category.toUpperCase(),
    tags: [...(inputs.tags ?? []), marker],
    ...(inputs.url === undefined ? {} : { urls: [{ primary: true, href: inputs.url }] }),
    ...(sections.length === 0 ? {} : { sections: sections.map(sectionOf) }),
    fields: [
      ...builtIns(inputs.category).flatMap((builtIn) => newBuiltIn(builtIn, inputs)),
      ...sections.flatMap((section) =>
        (section.fields ?? []).map((field) => newSectionField(field, sectionOf(section))),
      ),
    ],
  };
}

/** What it takes to make an item hold what is declared. What is not declared keeps its value, and nothing is taken out. */
export function operationsFor(item: Item, inputs: ItemInputs, dropped: readonly string[] = []): PatchOperation[] {
  return [
    ...(inputs.title === undefined || inputs.title === item.title
      ? []
      : [{ op: "replace", path: "/title", value: inputs.title } as const]),
    ...tagOperations(item, inputs.tags, dropped),
    ...urlOperations(item, inputs.url),
    ...builtIns(inputs.category).flatMap((builtIn) => builtInOperations(item, builtIn, inputs)),
    ...sectionOperations(item, inputs.sections ?? []),
  ];
}

/** The fields that come with a category. */
export function builtIns(category: string): readonly BuiltIn[] {
  return categories[category] ?? [];
}

/** The item's field for a built-in one: by its id, or as it is labelled outside of any section. */
export function fieldOf(item: Item, builtIn: BuiltIn): Field | undefined {
  return (
    item.fields.find(({ id }) => id === builtIn.id) ??
    item.fields.find(({ label, section }) => section === undefined && label === builtIn.label)
  );
}

/** The value of a field as a program declares it: a DATE is a day. */
export function declaredValue(field: Field | undefined): string | undefined {
  return field?.type === "DATE" ? dayOf(field.value) : field?.value;
}

/** The item's section for a declared one: by its id or its label. */
export function sectionIn(item: Item, { id, label }: SectionInputs): Section | undefined {
  return item.sections.find((section) => (id === undefined ? section.label === label : section.id === id));
}

/** The item's field for a declared one of a section: by its id or its label. */
export function fieldIn(item: Item, section: Section, { id, label }: SectionField): Field | undefined {
  return item.fields.find(
    (field) => field.section?.id === section.id && (id === undefined ? field.label === label : field.id === id),
  );
}

/** The web address that 1Password shows first. */
export function primaryUrl(item: Item): string | undefined {
  return item.urls?.find(({ primary }) => primary)?.href;
}

function newBuiltIn(builtIn: BuiltIn, inputs: ItemInputs): NewField[] {
  const { property, ...field } = builtIn;
  const value = inputs[property];
  if (value !== undefined) return [{ ...field, value: stored(field.type, value) }];
  return property === "password" ? [{ ...field, generate: true, ...recipeOf(inputs.passwordRecipe) }] : [];
}

function newSectionField(field: SectionField, section: Section): NewField {
  const { id, label, purpose, value, passwordRecipe } = field;
  const type = field.type ?? "STRING";
  return {
    ...(id === undefined ? {} : { id }),
    label,
    type,
    section: { id: section.id },
    ...(purpose === undefined ? {} : { purpose }),
    ...(value === undefined ? {} : { value: stored(type, value) }),
    ...(value === undefined && passwordRecipe !== undefined ? { generate: true, ...recipeOf(passwordRecipe) } : {}),
  };
}

function recipeOf(recipe: PasswordRecipe | undefined): Pick<NewField, "recipe"> {
  if (recipe === undefined) return {};
  const { length = 32, letters = true, digits = true, symbols = true } = recipe;
  const sets = { LETTERS: letters, DIGITS: digits, SYMBOLS: symbols };
  const characterSets = Object.entries(sets).flatMap(([name, isWanted]) => (isWanted ? [name] : []));
  return { recipe: { length, characterSets } };
}

function stored(type: string, value: string): string {
  return type === "DATE" && isDay(value) ? dateFieldOf(value) : value;
}

function builtInOperations(item: Item, builtIn: BuiltIn, inputs: ItemInputs): PatchOperation[] {
  const value = inputs[builtIn.property];
  const field = fieldOf(item, builtIn);
  if (value === undefined || value === (declaredValue(field) ?? "")) return [];
  if (field !== undefined) return [setValue(field, stored(field.type, value))];
  const { property: _, ...added } = builtIn;
  return [addField({ ...added, value: stored(added.type, value) })];
}

/** Sections first: the fields that are added to them name them. */
function sectionOperations(item: Item, wanted: readonly SectionInputs[]): PatchOperation[] {
  const missing = wanted.filter((section) => sectionIn(item, section) === undefined).map(sectionOf);
  // Without any section so far there is no list to append to.
  const made = item.sections.length === 0 && missing.length > 0 ? [missing] : missing;
  return [
    ...made.map((value) => ({ op: "add", path: "/sections", value }) as const),
    ...wanted.flatMap((section) => {
      const place = sectionIn(item, section) ?? sectionOf(section);
      return (section.fields ?? []).flatMap((field) => sectionFieldOperations(item, place, field));
    }),
  ];
}

function sectionFieldOperations(item: Item, section: Section, wanted: SectionField): PatchOperation[] {
  const field = fieldIn(item, section, wanted);
  if (field === undefined) return [addField(newSectionField(wanted, section))];
  if (wanted.value === undefined || wanted.value === (declaredValue(field) ?? "")) return [];
  return [setValue(field, stored(field.type, wanted.value))];
}

/** Tags that somebody put on by hand stay; only those that were declared before, and no longer are, go. */
function tagOperations(item: Item, tags: readonly string[] | undefined, dropped: readonly string[]): PatchOperation[] {
  const present = item.tags ?? [];
  const wanted = [...new Set([...present.filter((tag) => !dropped.includes(tag)), ...(tags ?? [])])];
  if (wanted.length === present.length && wanted.every((tag) => present.includes(tag))) return [];
  return [{ op: item.tags === undefined ? "add" : "replace", path: "/tags", value: wanted }];
}

function urlOperations(item: Item, url: string | undefined): PatchOperation[] {
  if (url === undefined || url === primaryUrl(item)) return [];
  const others = (item.urls ?? []).filter(({ primary }) => !primary);
  const urls: ItemUrl[] = [{ primary: true, href: url }, ...others];
  return [{ op: item.urls === undefined ? "add" : "replace", path: "/urls", value: urls }];
}

function sectionOf({ id, label }: SectionInputs): Section {
  // Ours to choose, and the same each time, so that its fields can name it in the same request.
  return { id: id ?? createHash("sha256").update(label).digest("hex").slice(0, 26), label };
}
