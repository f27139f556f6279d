import { isDeepStrictEqual } from "node:util";
import { dayOf } from "./dateField";
import type { Field, Item, NewField, PatchOperation, Section } from "./vaults";

/** Sets a field's value, and leaves the rest of the field as it is. */
export function setValue(field: Field, value: string): PatchOperation {
  // An empty field has no value in Connect's document, and JSON Patch replaces only what is there.
  const op = field.value === undefined ? "add" : "replace";
  return { op, path: `/fields/${escapePointer(field.id)}/value`, value };
}

/** Appends a field. */
export function addField(field: NewField): PatchOperation {
  return { op: "add", path: "/fields", value: field };
}

/** Whether doing it a second time changes nothing. Appending does. */
export function isRepeatable(operation: PatchOperation): boolean {
  return operation.path !== "/fields" && operation.path !== "/sections";
}

/** Whether the item is as the operations wanted it. */
export function holds(item: Item, operations: readonly PatchOperation[]): boolean {
  return operations.every((operation) => holdsOne(item, operation));
}

function holdsOne(item: Item, { path, value }: PatchOperation): boolean {
  if (path === "/title") return item.title === value;
  if (path === "/tags") return isDeepStrictEqual(item.tags ?? [], value);
  if (path === "/urls") return isDeepStrictEqual(item.urls ?? [], value);
  if (path === "/fields") return item.fields.some((field) => isSameField(field, value as NewField));
  if (path === "/sections")
    return [value as Section | readonly Section[]]
      .flat()
      .every((wanted) => item.sections.some((section) => section.id === wanted.id));
  const place = /^\/fields\/([^/]+)\/value$/.exec(path)?.[1];
  const field = item.fields.find(({ id }) => place !== undefined && escapePointer(id) === place);
  return field !== undefined && isSameValue(field, value);
}

function isSameField(field: Field, wanted: NewField): boolean {
  return field.label === wanted.label && field.section?.id === wanted.section?.id && isSameValue(field, wanted.value);
}

function isSameValue(field: Field, value: unknown): boolean {
  if (field.type === "DATE" && typeof value === "string") return dayOf(field.value) === dayOf(value);
  return (field.value ?? "") === value;
}

function escapePointer(part: string): string {
  return part.replaceAll("~", "~0").replaceAll("/", "~1");
}
