import { holdsCredential } from "../ground/credential";
import { parsed } from "../ground/raw";
import { credentialInLine } from "../rotation/checks/credentials";
import { type Fault, type FileFault, SettingsError, within } from "../rotation/declaration/faults";
import * as schema from "../rotation/declaration/schema";
import type { Settings } from "../rotation/declaration/settings";
import { rawSettings } from "../rotation/declaration/texts";
import { parseWhole, type Whole } from "./accountFiles";
import { type Configuration, readConfiguration, stackPath } from "./pulumi/configuration";
import { unreadable } from "./pulumi/problem";
import { readProject } from "./pulumi/project";
import { misread, received } from "./received";
import type { Tree } from "./tree";

/** A stack's settings as its files declare them: complete, or every fault at once. */
export interface StackFile {
  /** Name of the stack. */
  readonly stack: string;
  /** Its file. */
  readonly file: string;
  /** The files that its accounts were read from beside it. */
  readonly accountFiles: readonly string[];
  /** Absent when there are faults. */
  readonly settings?: Settings;
  /** Its accounts that can be used although others are at fault, as a run uses them. */
  readonly usable?: Settings;
  /** Whether a run leaves accounts out. */
  readonly leavesOut: boolean;
  /** The settings beside the accounts, also where the accounts are at fault, or there are none yet. */
  readonly rules?: Omit<Settings, "accounts">;
  /** Every fault at once: what a run would refuse, and what it would read otherwise than it is written. */
  readonly faults: readonly FileFault[];
}

/** The names of the stacks that have a file, in order; a symbolic link counts, to be told. */
export function stacksOf(tree: Tree): readonly string[] {
  const { folder } = readProject(tree);
  const inside = (path: string) =>
    folder === "" ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : "";
  const names = [...tree.list(folder), ...tree.links(folder)].flatMap(
    (path) => /^Pulumi\.([^/]+)\.yaml$/.exec(inside(path))?.[1] ?? [],
  );
  return [...new Set(names)].sort();
}

/** The stacks that there are, for who misspelt one. */
export function thereAre(stacks: readonly string[]): string {
  return stacks.length === 0 ? "there is none" : `there ${stacks.length === 1 ? "is" : "are"} ${stacks.join(", ")}`;
}

/** Where the file of a stack is. */
export function fileOfStack(tree: Tree, stack: string): string {
  return stackPath(readProject(tree), stack);
}

/**
 * Reads the file of a stack as the Pulumi CLI does, `Pulumi.yaml` among it, and the account files that it names; nothing when
 * there is no such file. In `organization/project/stack` the last part names it.
 */
export function readStack(tree: Tree, stack: string): StackFile | undefined {
  const read = readDeclared(tree, stack);
  if (read === undefined) return undefined;
  const found = pasted([read.file, ...read.accountFiles], tree, read.faults);
  if (found.length === 0) return read;
  const { settings, ...rest } = read;
  return { ...rest, ...(settings === undefined ? {} : { usable: settings }), faults: [...read.faults, ...found] };
}

/** Lines with what looks like a credential that no other fault is about: in a comment, or in a key that is none of ours. */
function pasted(files: readonly string[], tree: Tree, known: readonly FileFault[]): readonly FileFault[] {
  return files.flatMap((file) =>
    (tree.read(file) ?? "").split("\n").flatMap((text, at) => {
      const isKnown = known.some((fault) => fault.file === file && fault.line === at + 1);
      return holdsCredential(text) && !isKnown ? [{ file, ...credentialInLine(at + 1) }] : [];
    }),
  );
}

function readDeclared(tree: Tree, stack: string): StackFile | undefined {
  if (!/^([\w.-]+\/){0,2}[\w.-]+$/.test(stack)) return undefined;
  const file = fileOfStack(tree, stack);
  const result = { stack, file, accountFiles: [], leavesOut: false };
  const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : "";
  if (tree.links(folder).includes(file)) {
    const fault = { file, path: "", found: "a symbolic link, which may lead anywhere", expected: "a plain file" };
    return { ...result, faults: [fault] };
  }
  const configuration = readConfiguration(tree, stack);
  if (configuration === undefined) return undefined;
  const { refused, unsure } = configuration;
  if (refused.length > 0) return { ...result, faults: [...refused, ...unsure] };
  const { texts, faults } = received(configuration);
  try {
    const raw = rawSettings(texts);
    const whole = parseWhole(raw, tree);
    const { accounts: _accounts, accountFiles: _files, ...rest } = raw;
    const rules = parsed(schema.settings.omit({ accounts: true }), rest);
    const read = {
      ...result,
      accountFiles: whole.files.map((one) => one.path),
      ...(rules === undefined ? {} : { rules }),
    };
    return { ...read, ...judged(configuration, whole, [...unsure, ...faults]) };
  } catch (cause) {
    if (!(cause instanceof SettingsError)) throw cause;
    const told = cause.faults.map((fault) => locate(fault, configuration, []));
    return { ...result, faults: [...told, ...unsure, ...faults] };
  }
}

/** What a run would do with the settings, and every fault; one that tells what was misread replaces what came of that. */
function judged(configuration: Configuration, whole: Whole, more: readonly FileFault[]) {
  const faults = whole.faults.map((fault) => locate(fault, configuration, whole.files));
  const odd = misread(configuration).map((fault) => locate(fault, configuration, whole.files));
  const others = faults.filter(({ file, path }) => odd.every((one) => one.file !== file || one.path !== path));
  const all = [...more, ...others, ...odd];
  const usable = whole.settings ?? whole.usable;
  const leavesOut = whole.settings === undefined;
  if (all.length === 0 && whole.settings !== undefined) return { settings: whole.settings, leavesOut, faults: all };
  return { ...(usable === undefined ? {} : { usable }), leavesOut, faults: all };
}

/** The file, the path inside of it, and the line of a fault. */
function locate(fault: Fault, { project, file, entries }: Configuration, files: Whole["files"]): FileFault {
  const other = files.find(({ path }) => fault.path.startsWith(`${path}: `));
  if (other !== undefined) {
    const inside = { ...fault, path: fault.path.slice(other.path.length + 2) };
    return other.faults.length > 0
      ? unreadable(other.path, inside)
      : { ...inside, file: other.path, ...numbered(other.line(keysOf(inside.path))) };
  }
  if (fault.path === "config") return { ...fault, file: file.path };
  const [first, ...rest] = keysOf(fault.path);
  const entry = entries.get(`${project.name}:${first}`);
  const at = entry ?? { file, keys: ["config"] };
  const path = within(`${project.name}:`, fault.path).replace(":.", ":");
  return { ...fault, path, file: at.file.path, ...numbered(at.file.line([...at.keys, ...rest])) };
}

function numbered(line: number | undefined): { readonly line?: number } {
  return line === undefined ? {} : { line };
}

/** A path of a fault as keys: `accounts[0].rotation` as `accounts`, 0, `rotation`. */
function keysOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? (key ?? "") : Number(index),
  );
}
