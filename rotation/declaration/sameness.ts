import { type Raw, record } from "../../ground/raw";
import type { ItemDeclaration } from "./declaration";

/**
 * One text for one field of a 1Password item, however it was written: two that have it name the same field. Nothing where the
 * names are incomplete. Titles, labels and ids keep their case, as 1Password's servers look them up.
 */
export function itemKey({ vault, item, newItem, section, field }: Raw): string | undefined {
  // An item that is made has the token in the field that comes with its category, whatever else is declared.
  if (newItem !== undefined) return together("item", vault, newItem, "credential", "");
  return together("item", vault, item, field ?? "credential", section ?? "");
}

/**
 * The same for a CI/CD variable: GitLab's paths are one in upper and lower case, its keys are not, and it takes the blanks
 * around an environment scope away.
 */
export function variableKey({ project, group, instance, key, environmentScope }: Raw): string | undefined {
  const [kind, owner] =
    project !== undefined
      ? ["project", project]
      : group !== undefined
        ? ["group", group]
        : ["instance", instance === undefined ? undefined : ""];
  return together(kind, folded(owner), key, trimmed(environmentScope ?? "*"));
}

/** The same for a membership. */
export function membershipKey({ group, project }: Raw): string | undefined {
  return group === undefined ? together("project", folded(project)) : together("group", folded(group));
}

/**
 * Whether the files alone cannot tell if two declarations name one field: one names by an id what the other names by its
 * title, or leaves out the section.
 */
export function mayBeSame(one: ItemDeclaration, other: ItemDeclaration): boolean {
  if (!mayEqual(one.vault, other.vault) || !mayEqual(titleOf(one), titleOf(other))) return false;
  const [a, b] = [fieldOf(one), fieldOf(other)];
  const sections = a.section === undefined || b.section === undefined || mayEqual(a.section, b.section);
  return sections && mayEqual(a.field, b.field) && itemKey(record(one)) !== itemKey(record(other));
}

/**
 * Sorts places so that only few need be compared: two that {@link mayBeSame} have the same `item`, or different `form`s.
 */
export function sorted(place: ItemDeclaration): { readonly item: string; readonly form: string } {
  const title = titleOf(place);
  return { item: JSON.stringify([place.vault, title]), form: `${id.test(place.vault)} ${id.test(title)}` };
}

/** What 1Password's clients take for an id; a section that was made in an app has another kind of them. */
const id = /^[a-z0-9]{26}$|^Section_\w+$/;

function titleOf({ item, newItem }: ItemDeclaration): string {
  return item ?? newItem ?? "";
}

function mayEqual(one: string, other: string): boolean {
  return one === other || id.test(one) !== id.test(other);
}

function fieldOf({ newItem, field, section }: ItemDeclaration): Pick<ItemDeclaration, "field" | "section"> {
  if (newItem !== undefined) return { field: "credential" };
  return section === undefined ? { field } : { field, section };
}

function folded(path: unknown): unknown {
  return typeof path === "string" ? path.toLowerCase() : path;
}

function trimmed(scope: unknown): unknown {
  return typeof scope === "string" ? scope.trim() : scope;
}

/** Undefined unless all parts are texts: what is incomplete is no second place. */
function together(...parts: readonly unknown[]): string | undefined {
  return parts.every((part) => typeof part === "string") ? JSON.stringify(parts) : undefined;
}
