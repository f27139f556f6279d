import { createHash } from "node:crypto";
import type * as sdk from "@1password/sdk";
import { dateFieldOf, dayOf } from "./dateField";
import type { Field, Item, ItemOverview, ItemUrl, NewField, NewItem, PatchOperation, Section } from "./vaults";

/** What the SDK calls our categories; the SDK's names of all others are kept. */
const categories: Readonly<Record<string, string>> = {
  Login: "LOGIN",
  Password: "PASSWORD",
  ApiCredentials: "API_CREDENTIAL",
  SecureNote: "SECURE_NOTE",
  Database: "DATABASE",
};

/** What the SDK calls the types of fields; it knows more of them. */
const types: Readonly<Record<string, string>> = {
  Text: "STRING",
  Concealed: "CONCEALED",
  Url: "URL",
  Email: "EMAIL",
  Totp: "OTP",
  Date: "DATE",
  MonthYear: "MONTH_YEAR",
  Menu: "MENU",
};

/** The SDK has the notes beside the fields. */
const notesField = { id: "notesPlain", label: "notesPlain", type: "STRING", purpose: "NOTES" } as const;

/** An item of the SDK as the resources know items. */
export function itemOf(item: sdk.Item): Item {
  const { id, title, vaultId, category, tags, websites, version, notes } = item;
  return {
    id,
    title,
    vault: { id: vaultId },
    category: ours(categories, category),
    tags,
    urls: websites.map(urlOf),
    version,
    fields: [...item.fields.map(fieldOf), ...(notes === "" ? [] : [{ ...notesField, value: notes }])],
    sections: item.sections.map(({ id, title: label }) => ({ id, label })),
  };
}

/** The same, as a list shows it. */
export function overviewOf({ id, title, vaultId, category, tags, websites, state }: sdk.ItemOverview): ItemOverview {
  const archived = String(state) === "active" ? {} : { state: String(state).toUpperCase() };
  return {
    id,
    title,
    vault: { id: vaultId },
    category: ours(categories, category),
    tags,
    urls: websites.map(urlOf),
    ...archived,
  };
}

/** What makes the SDK make an item. */
export function createParamsOf(item: NewItem): sdk.ItemCreateParams {
  const generated = item.fields.find(({ generate }) => generate === true);
  if (generated !== undefined)
    throw new Error(
      `making the item "${item.title}" in 1Password: "${generated.label ?? generated.id}" has no value, and a service account does not think of one. Declare the value, or use a Connect server.`,
    );
  const notes = item.fields.find(({ purpose }) => purpose === "NOTES")?.value;
  const fields = item.fields.filter(({ purpose }) => purpose !== "NOTES");
  return {
    category: theirs(categories, item.category) as sdk.ItemCategory,
    vaultId: item.vault.id,
    title: item.title,
    tags: [...item.tags],
    fields: fields.map(newFieldOf),
    ...(item.sections === undefined ? {} : { sections: item.sections.map(sectionOf) }),
    ...(notes === undefined ? {} : { notes }),
    ...(item.urls === undefined ? {} : { websites: item.urls.map((url) => websiteOf(url, [])) }),
  };
}

/**
 * An item of the SDK with the operations carried out, and all else of it the very same. An item that holds what the SDK does
 * not know is refused: written back, that would be lost.
 */
export function patched(item: sdk.Item, operations: readonly PatchOperation[]): sdk.Item {
  const lost = item.fields.find(({ fieldType }) => String(fieldType) === "Unsupported");
  if (lost !== undefined || String(item.category) === "Unsupported")
    throw new Error(
      `changing the item "${item.title}" (${item.id}) in 1Password: ${lost === undefined ? "its category" : `its field "${lost.title}"`} is of a kind that 1Password's SDK does not know, and would be lost. Keep the token in an item of its own, or use a Connect server.`,
    );
  return operations.reduce(patchedOnce, item);
}

function patchedOnce(item: sdk.Item, { path, value }: PatchOperation): sdk.Item {
  if (path === "/title") return { ...item, title: value as string };
  if (path === "/tags") return { ...item, tags: [...(value as readonly string[])] };
  if (path === "/urls")
    return { ...item, websites: (value as readonly ItemUrl[]).map((url) => websiteOf(url, item.websites)) };
  if (path === "/sections")
    return { ...item, sections: [...item.sections, ...[value as Section | readonly Section[]].flat().map(sectionOf)] };
  if (path === "/fields") return { ...item, fields: [...item.fields, newFieldOf(value as NewField)] };
  const id = /^\/fields\/([^/]+)\/value$/.exec(path)?.[1]?.replaceAll("~1", "/").replaceAll("~0", "~");
  if (id === notesField.id && item.fields.every((field) => field.id !== id)) return { ...item, notes: value as string };
  if (item.fields.every((field) => field.id !== id))
    throw new Error(`changing the item "${item.title}" (${item.id}) in 1Password: it has no field "${id ?? path}".`);
  const fields = item.fields.map((field) =>
    field.id === id ? { ...field, value: valueFor(field.fieldType, value as string) } : field,
  );
  return { ...item, fields };
}

function fieldOf({ id, title: label, sectionId, fieldType, value }: sdk.ItemField): Field {
  const type = ours(types, fieldType);
  return {
    id,
    label,
    type,
    value: type === "DATE" && dayOf(value) !== undefined ? dateFieldOf(dayOf(value) ?? "") : value,
    ...(sectionId === undefined || sectionId === "" ? {} : { section: { id: sectionId } }),
  };
}

function newFieldOf({ id, label, type, value = "", section }: NewField): sdk.ItemField {
  const fieldType = theirs(types, type) as sdk.ItemFieldType;
  return {
    // The SDK has the writer choose it; the same each time, so that a second try makes no second field.
    id:
      id ??
      createHash("sha256")
        .update(`${section?.id ?? ""}/${label}`)
        .digest("hex")
        .slice(0, 26),
    title: label ?? id ?? "",
    fieldType,
    value: valueFor(fieldType, value),
    ...(section === undefined ? {} : { sectionId: section.id }),
  };
}

/** The SDK writes a date as a day, Connect as seconds. */
function valueFor(fieldType: sdk.ItemFieldType, value: string): string {
  return String(fieldType) === "Date" ? (dayOf(value) ?? "") : value;
}

function sectionOf({ id, label = "" }: Section): sdk.ItemSection {
  return { id, title: label };
}

function urlOf({ url: href, label }: sdk.Website, index: number): ItemUrl {
  return { href, label, primary: index === 0 };
}

/** One that is there already keeps how it is filled in. */
function websiteOf({ href, label = "website" }: ItemUrl, present: readonly sdk.Website[]): sdk.Website {
  const known = present.find(({ url }) => url === href);
  return known ?? { url: href, label, autofillBehavior: "AnywhereOnWebsite" as string as sdk.AutofillBehavior };
}

function ours(names: Readonly<Record<string, string>>, theirs: string): string {
  return names[theirs] ?? theirs.toUpperCase();
}

function theirs(names: Readonly<Record<string, string>>, ours: string): string {
  const found = Object.entries(names).find(([, name]) => name === ours)?.[0];
  if (found === undefined)
    throw new Error(
      `writing to 1Password: "${ours}" is nothing that can be written with a service account; it takes ${Object.values(names).join(", ")}.`,
    );
  return found;
}
