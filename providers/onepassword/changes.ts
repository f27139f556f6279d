import { isDeepStrictEqual } from "node:util";
import type { Diff, PropertyChange } from "../host/provider";

/** What may be written in several ways: a property's other name for what it says, such as the id for a title. */
export type Synonyms = Readonly<Record<string, unknown>>;

/**
 * The inputs that differ. Those in `identity` point at a thing in 1Password: another thing needs another resource, but
 * the same thing by its other name does not.
 */
export function changesOf(
  before: { readonly inputs: object },
  inputs: object,
  identity: readonly string[],
  synonyms: Synonyms,
): Diff {
  const old = before.inputs as Record<string, unknown>;
  const now = inputs as Record<string, unknown>;
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = names.filter((name) => {
    const isSynonym = synonyms[name] !== undefined && now[name] === synonyms[name];
    return !isSynonym && !isDeepStrictEqual(old[name], now[name]);
  });
  return {
    changes: Object.fromEntries(changed.map((name) => [name, kindOf(old[name], now[name], identity.includes(name))])),
  };
}

function kindOf(old: unknown, now: unknown, replaces: boolean): PropertyChange {
  const kind = old === undefined ? "add" : now === undefined ? "delete" : "update";
  return replaces ? `${kind}-replace` : kind;
}
