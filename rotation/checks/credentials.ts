import { holdsCredential, withoutCredentials } from "../../ground/credential";
import { type LocatedFault, type Place, pathText, within } from "../declaration/faults";

/** What is said of each. */
const said = {
  found: "what looks like a credential, not shown here",
  expected:
    "nothing secret: all who read this file, and its history, have it. Take it out, and have it revoked where it came from",
} as const;

/** Faults of settings in which somebody put a credential: as a value or as a key, wherever it stands. */
export function credentialFaults(raw: unknown, place: Place): readonly LocatedFault[] {
  const walk = (value: unknown, path: readonly (string | number)[]): readonly LocatedFault[] => {
    if (typeof value === "string") return holdsCredential(value) ? [faultAt(path, place)] : [];
    if (typeof value !== "object" || value === null) return [];
    const members: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
      ? value.map((member, index) => [index, member] as const)
      : Object.entries(value);
    return members.flatMap(([key, member]) =>
      typeof key === "string" && holdsCredential(key)
        ? [faultAt([...path, "a key"], place)]
        : walk(member, [...path, key]),
    );
  };
  return walk(raw, []);
}

function faultAt([first, second, ...rest]: readonly (string | number)[], place: Place): LocatedFault {
  const isAccount = first === "accounts" && typeof second === "number";
  const path = isAccount
    ? within(place(second), pathText(rest))
    : pathText([first, second, ...rest].filter((key) => key !== undefined));
  return { path, ...said, accounts: isAccount ? [second] : [] };
}

/** What is said of a line of a file, such as a comment, in which one stands. */
export function credentialInLine(line: number): { readonly path: string; readonly line: number } & typeof said {
  return { path: `line ${line}`, line, ...said };
}

/** The same value without what looks like a credential, wherever it stands. */
export function cleaned(value: unknown): unknown {
  if (typeof value === "string") return withoutCredentials(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [withoutCredentials(key), cleaned(member)]));
}
