import { isBlock, record } from "../../ground/raw";

/** One fault of the settings. */
export interface Fault {
  /** Where, such as `accounts[0].rotation.startsOn`. */
  readonly path: string;
  /** What was found there, in words; never the value of a token. */
  readonly found: string;
  /** What to write instead. */
  readonly expected: string;
}

/** One fault, with the accounts that cannot be used because of it. */
export interface LocatedFault extends Fault {
  /** Their positions; none when nothing of the stack can be used. */
  readonly accounts: readonly number[];
}

/** One fault, with the file and the line that it is in. */
export interface FileFault extends Fault {
  /** Relative to the project. */
  readonly file: string;
  /** Counted from 1; absent when the fault is in no line of its own. */
  readonly line?: number;
}

/** That a block has none or several of the keys of which it takes one; what is no block is told as that. */
export function oneOf(raw: unknown, keys: readonly string[], path: string): readonly Fault[] {
  const given = keys.filter((key) => record(raw)[key] !== undefined);
  if (given.length === 1 || !isBlock(raw)) return [];
  const found = given.length === 0 ? "none of them" : given.join(" and ");
  return [{ path, found, expected: `exactly one of ${keys.join(", ")}` }];
}

/** Settings that cannot be used, with every fault at once. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";

  constructor(readonly faults: readonly Fault[]) {
    const count = faults.length === 1 ? "a fault" : `${faults.length} faults`;
    const lines = faults.map((fault) => `  ${faultText(fault)}`);
    super([`Reading the settings of pat-rotation: ${count}, so nothing was done.`, ...lines].join("\n"));
  }
}

/** A fault in a sentence or two. */
export function faultText({ path, found, expected }: Fault): string {
  return `${path}: found ${found}. Write ${expected}.`;
}

/** Where the account at a position was written: `accounts[0]`, or a place in a file of its own. */
export type Place = (index: number) => string;

/** Where accounts stand that all come from the stack's own configuration. */
export const inStack: Place = (index) => `accounts[${index}]`;

/** A path inside of a place. */
export function within(place: string, path: string): string {
  if (path === "") return place;
  return path.startsWith("[") || place === "" || place.endsWith(": ") ? `${place}${path}` : `${place}.${path}`;
}

/** A place in the settings as people write it: `accounts[0].name`. */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text.startsWith(".") ? text.slice(1) : text;
}

// Prefixes of GitLab's tokens, of 1Password's service accounts, and of signed tokens such as Connect's.
const tokenLike = /gl[a-z]{1,6}-[\w-]{6,}|ops_[\w-]{6,}|eyJ[\w-]{8,}/i;

/** A value in words. One that looks like a token is not shown: settings are no place for one, and a log even less. */
export function foundText(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a block";
  const text = String(value);
  if (tokenLike.test(text)) return "what looks like a token, not shown here";
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return typeof value === "string" ? `"${short}"` : `the ${typeof value} ${short}`;
}

/** The known name that was probably meant, if any comes close. */
export function closest(written: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(plain(written), plain(name));
    if (
      distance <= Math.max(1, Math.floor(name.length / 3)) &&
      distance < (best?.distance ?? Number.POSITIVE_INFINITY)
    ) {
      best = { name, distance };
    }
  }
  return best?.name;
}

/** How many letters must be put in, left out or changed to make one text of another. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
