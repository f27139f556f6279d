import { isDeepStrictEqual } from "node:util";
import type { PackageSchema, PropertySchema, ResourceSchema } from "../../contract/form/package";
import { isRecord, type Path, pathText } from "./path";
import type { Before, Diff, Properties, PropertyChange } from "./provider";
import { shapeOf } from "./schema";
import { holdsUnknown } from "./values";

/**
 * The inputs compared property by property: what was added, dropped or altered, down to the member that differs. A
 * change replaces the resource where the schema says so.
 */
export function diffInputs(
  before: Properties,
  after: Properties,
  resource: ResourceSchema,
  types: PackageSchema["types"],
): Diff {
  const changes: Record<string, PropertyChange> = {};
  const compare = (old: unknown, now: unknown, place: Path, schema: PropertySchema | undefined, replaced: boolean) => {
    if (isDeepStrictEqual(old, now) && !holdsUnknown(now)) {
      return;
    }
    const replaces = replaced || schema?.replaceOnChanges === true || schema?.willReplaceOnChanges === true;
    const keys = schema?.secret === true ? undefined : memberKeys(old, now);
    if (keys === undefined) {
      changes[pathText(place)] = kindOf(old, now, replaces);
      return;
    }
    const shape = shapeOf(schema, types);
    for (const key of keys) {
      compare(memberOf(old, key), memberOf(now, key), [...place, key], shape.member(key), replaces);
    }
  };
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const output = resource.properties[name];
    const replaced = output?.replaceOnChanges === true || output?.willReplaceOnChanges === true;
    compare(before[name], after[name], [name], resource.inputProperties[name], replaced);
  }
  return { changes };
}

/** Names or indices to compare one by one, when both values are objects or both are lists. */
function memberKeys(old: unknown, now: unknown): (string | number)[] | undefined {
  if (Array.isArray(old) && Array.isArray(now)) {
    return [...Array(Math.max(old.length, now.length)).keys()];
  }
  if (isRecord(old) && isRecord(now)) {
    return [...new Set([...Object.keys(old), ...Object.keys(now)])];
  }
  return undefined;
}

function memberOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) {
    return typeof key === "number" ? value[key] : undefined;
  }
  return isRecord(value) ? value[key] : undefined;
}

function kindOf(old: unknown, now: unknown, replaces: boolean): PropertyChange {
  if (old === undefined) {
    return replaces ? "add-replace" : "add";
  }
  if (now === undefined) {
    return replaces ? "delete-replace" : "delete";
  }
  return replaces ? "update-replace" : "update";
}

/** The first name of a path: `variables` of `variables[0].key`. */
export function topOf(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

/** A diff without the changes that the program asked to be ignored. */
export function withoutIgnored(diff: Diff, ignored: readonly string[]): Diff {
  const isIgnored = (path: string) =>
    ignored.some((prefix) => path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`));
  return { ...diff, changes: Object.fromEntries(Object.entries(diff.changes).filter(([path]) => !isIgnored(path))) };
}

/** Whether the engine finds both sides of a change in the inputs; otherwise it shows the old output. */
export function isInputChange(path: string, before: Before, after: Properties): boolean {
  const top = topOf(path);
  return !isDeepStrictEqual(before.inputs[top], after[top]);
}
