import { record } from "../ground/raw";
import { type Fault, foundText, inStack, type Place, within } from "../rotation/declaration/faults";
import {
  parseSettings,
  type RawSettings,
  readSettings,
  type Settings,
  SettingsError,
} from "../rotation/declaration/settings";
import type { Tree } from "./tree";
import { readYaml, type YamlFile } from "./yaml";

/** Settings with the accounts of every file: complete, or every fault at once. */
export interface Whole {
  /** Absent when there are faults. */
  readonly settings?: Settings;
  /** The accounts that can be used although others are at fault. */
  readonly usable?: Settings;
  /** The files that were read beside the stack's own. */
  readonly files: readonly YamlFile[];
  /** Those of accounts in a file begin with its path. */
  readonly faults: readonly Fault[];
}

/** The settings of a stack as written, with the accounts of the files that `accountFiles` names. */
export function parseWhole(raw: RawSettings & { readonly accountFiles?: unknown }, tree: Tree): Whole {
  const { accountFiles, ...rest } = raw;
  const { accounts, place, files, faults } = withAccountFiles(rest.accounts, accountFiles, tree);
  try {
    const settings = parseSettings({ ...rest, accounts }, place);
    return faults.length > 0 ? { files, faults } : { settings, files, faults };
  } catch (cause) {
    if (!(cause instanceof SettingsError)) throw cause;
    // What a file that cannot be read would have held is missed only because of that fault.
    const missed = faults.length > 0 ? cause.faults.filter(({ path }) => path !== "accounts") : cause.faults;
    const usable = faults.length > 0 ? undefined : withoutFaulty({ ...rest, accounts }, place);
    return { files, faults: [...faults, ...missed], ...(usable === undefined ? {} : { usable }) };
  }
}

/** The stack without the accounts that are at fault; nothing when more is. */
function withoutFaulty(raw: RawSettings, place: Place): Settings | undefined {
  try {
    return readSettings(raw, place).settings;
  } catch (cause) {
    if (cause instanceof SettingsError) return undefined;
    throw cause;
  }
}

/** The accounts of a stack from wherever they are written, and the place of each. */
export interface Accounts {
  /** As `accounts` of the settings. */
  readonly accounts: unknown;
  /** Where each was written: for faults. */
  readonly place: Place;
  /** The files that were read. */
  readonly files: readonly YamlFile[];
  /** What is wrong with the files themselves. */
  readonly faults: readonly Fault[];
}

/**
 * The accounts of the stack's own configuration, then those of the files that `accountFiles` names: paths relative to the
 * project, `*` for any part of a name, `**` for any folders. A file holds one account, or a list of them.
 */
export function withAccountFiles(own: unknown, accountFiles: unknown, tree: Tree): Accounts {
  if (accountFiles === undefined || accountFiles === null)
    return { accounts: own, place: inStack, files: [], faults: [] };
  const faults: Fault[] = [];
  const patterns = patternsOf(accountFiles, faults);
  const paths = [...new Set(patterns.flatMap(({ pattern, path }) => matching(tree, pattern, path, faults)))];
  const files = paths.map((path) => readYaml(path, tree.read(path) ?? ""));
  const listed = Array.isArray(own) ? own : [];
  const places = listed.map((_, index) => inStack(index));
  const accounts: unknown[] = [...listed];
  for (const file of files) {
    faults.push(...file.faults.map((one) => ({ ...one, path: `${file.path}: ${one.path}` })));
    for (const { account, path } of accountsOf(file, faults)) {
      accounts.push(account);
      places.push(path);
    }
  }
  // Something else than a list is told by the settings themselves, where it stands.
  const whole = own === undefined || own === null || Array.isArray(own) ? accounts : own;
  return { accounts: whole, place: (index) => places[index] ?? inStack(index), files, faults };
}

function accountsOf(file: YamlFile, faults: Fault[]): readonly { readonly account: unknown; readonly path: string }[] {
  const { path, value } = file;
  if (file.faults.length > 0) return [];
  if (Array.isArray(value)) return value.map((account, index) => ({ account, path: `${path}: [${index}]` }));
  if (typeof value === "object" && value !== null && Object.keys(record(value)).length > 0) {
    return [{ account: value, path: `${path}: ` }];
  }
  // A file that is all comments holds no accounts, and is fine.
  if (value !== null && value !== undefined) {
    faults.push({ path: `${path}: `, found: foundText(value), expected: "one account, or a list of accounts" });
  }
  return [];
}

function patternsOf(raw: unknown, faults: Fault[]): readonly { readonly pattern: string; readonly path: string }[] {
  const list = Array.isArray(raw) ? raw : [raw];
  return list.flatMap((one: unknown, index) => {
    const path = within("accountFiles", Array.isArray(raw) ? `[${index}]` : "");
    const inside =
      typeof one === "string" &&
      /^[^/\\]/.test(one) &&
      !/[\\\0]/.test(one) &&
      one.split("/").every((part) => !["", ".", "..", "node_modules"].includes(part) && !part.startsWith("."));
    if (inside && /\.ya?ml$/.test(one)) return [{ pattern: one, path }];
    faults.push({
      path,
      found: foundText(one),
      expected: 'a path of YAML files inside the project, such as "accounts/*.yaml"',
    });
    return [];
  });
}

function matching(tree: Tree, pattern: string, path: string, faults: Fault[]): readonly string[] {
  const parts = pattern.split("/");
  const fixed = parts.findIndex((part) => /[*?]/.test(part));
  const folder = parts.slice(0, fixed === -1 ? -1 : fixed).join("/");
  // A glob that begins at the project's own folder would walk all of it, dependencies too.
  if (folder === "" && parts.length > 1) {
    faults.push({
      path,
      found: `"${pattern}"`,
      expected: 'a path that begins with a folder, such as "accounts/**/*.yaml"',
    });
    return [];
  }
  const found = tree.list(folder).filter((file) => isMatch(file, pattern));
  if (found.length === 0) {
    faults.push({ path, found: `"${pattern}", which no file fits`, expected: "the path of files that exist" });
  }
  return found;
}

function isMatch(file: string, pattern: string): boolean {
  const part = (one: string, name: string) =>
    fits(
      [...one],
      [...name],
      (character) => character === "*",
      (character, other) => character === "?" || character === other,
    );
  return fits(pattern.split("/"), file.split("/"), (one) => one === "**", part);
}

/** Whether a pattern fits all of a text, its stars standing for any number of members; in no more than their product of steps. */
function fits<T>(
  pattern: readonly T[],
  text: readonly T[],
  isStar: (one: T) => boolean,
  isSame: (one: T, other: T) => boolean,
): boolean {
  let at = 0;
  let star: { readonly after: number; upTo: number } | undefined;
  for (let position = 0; position < text.length; ) {
    const [wanted, found] = [pattern[at], text[position]];
    if (wanted !== undefined && isStar(wanted)) {
      at++;
      star = { after: at, upTo: position };
    } else if (wanted !== undefined && found !== undefined && isSame(wanted, found)) {
      at++;
      position++;
    } else if (star !== undefined) {
      // The last star takes one more; those before it have what they need.
      star.upTo++;
      at = star.after;
      position = star.upTo;
    } else return false;
  }
  return pattern.slice(at).every(isStar);
}
