import { type Fault, type FileFault, foundText, within } from "../rotation/faults";
import { parsed, record } from "../rotation/raw";
import * as schema from "../rotation/schema";
import type { Settings } from "../rotation/settings";
import { parseWhole } from "./accountFiles";
import type { Tree } from "./tree";
import { readYaml, type YamlFile } from "./yaml";

/** The namespace of our keys in stack configuration: the project's name. */
const namespace = "pat-rotation";

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
  /** The settings beside the accounts, also where the accounts are at fault, or there are none yet. */
  readonly rules?: Omit<Settings, "accounts">;
  /** Every fault at once. */
  readonly faults: readonly FileFault[];
}

/** What Linux has room for in one environment variable, its name among it, in bytes. */
const MOST = 128 * 1024;

/** The names of the stacks that have a file, in order. */
export function stacksOf(tree: Tree): readonly string[] {
  return tree.list("").flatMap((path) => /^Pulumi\.(.+)\.yaml$/.exec(path)?.[1] ?? []);
}

/** Reads `Pulumi.<stack>.yaml` and the account files that it names; nothing when there is no such file. */
export function readStack(tree: Tree, stack: string): StackFile | undefined {
  const path = `Pulumi.${stack}.yaml`;
  const text = /^[\w.-]+$/.test(stack) ? tree.read(path) : undefined;
  if (text === undefined) return undefined;
  const file = readYaml(path, text);
  const result = { stack, file: path, accountFiles: [] };
  if (file.faults.length > 0) return { ...result, faults: file.faults.map((fault) => unread(fault, path)) };
  const faults: Fault[] = [];
  const raw = ours(file, faults);
  const whole = parseWhole(raw, tree);
  const all = [...faults, ...whole.faults].map((fault) => locate(fault, file, whole.files));
  const accountFiles = whole.files.map((one) => one.path);
  const { accounts: _accounts, accountFiles: _files, ...rest } = raw;
  const rules = parsed(schema.settings.omit({ accounts: true }), rest);
  const read = { ...result, accountFiles, ...(rules === undefined ? {} : { rules }) };
  return all.length === 0 && whole.settings !== undefined
    ? { ...read, settings: whole.settings, faults: [] }
    : { ...read, ...(whole.usable === undefined || faults.length > 0 ? {} : { usable: whole.usable }), faults: all };
}

/** Our keys without their namespace. Keys of others, encrypted ones among them, are none of ours. */
function ours({ value }: YamlFile, faults: Fault[]): Record<string, unknown> {
  const config = record(value).config;
  if (config === undefined || config === null || typeof config !== "object" || Array.isArray(config)) {
    faults.push({
      path: "config",
      found: foundText(config),
      expected: `a block with keys such as ${namespace}:accounts`,
    });
    return {};
  }
  const size = handedOn(config);
  if (size > MOST)
    faults.push({
      path: "accounts",
      found: `${Math.ceil(size / 1024)} KiB of configuration`,
      expected: `less than ${MOST / 1024} KiB, as Pulumi hands it to the program in one environment variable: put accounts into files of their own, ${namespace}:accountFiles: [accounts/*.yaml]`,
    });
  const result: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(config)) {
    const key = name.startsWith(`${namespace}:`) ? name.slice(namespace.length + 1) : undefined;
    if (key === undefined) continue;
    if (holdsSecret(inner)) {
      faults.push({ path: key, found: "an encrypted value", expected: "plain settings: nothing in them is secret" });
    } else {
      result[key] = inner;
    }
  }
  return result;
}

/** How many bytes an engine needs to hand a configuration on: JSON of texts, of which blocks and lists are JSON again. */
function handedOn(config: object): number {
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Buffer.byteLength(`PULUMI_CONFIG=${JSON.stringify(Object.fromEntries(texts))}`) + 1;
}

function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (typeof value !== "object" || value === null) return false;
  const keys = Object.keys(value);
  return (keys.length === 1 && keys[0] === "secure") || Object.values(value).some(holdsSecret);
}

/** The file, the path inside of it, and the line of a fault. */
function locate(fault: Fault, own: YamlFile, files: readonly YamlFile[]): FileFault {
  const other = files.find(({ path }) => fault.path.startsWith(`${path}: `));
  if (other === undefined) {
    if (fault.path === "config") return { ...fault, file: own.path };
    const [first, ...rest] = keysOf(fault.path);
    const line = own.line(["config", `${namespace}:${first}`, ...rest]);
    return {
      ...fault,
      path: within(`${namespace}:`, fault.path).replace(":.", ":"),
      file: own.path,
      ...numbered(line),
    };
  }
  const inside = { ...fault, path: fault.path.slice(other.path.length + 2) };
  return other.faults.length > 0
    ? unread(inside, other.path)
    : { ...inside, file: other.path, ...numbered(other.line(keysOf(inside.path))) };
}

/** A fault of what is no YAML has its line in words. */
function unread(fault: Fault, file: string): FileFault {
  const [, line, rest] = /^line (\d+), (.*)$/.exec(fault.path) ?? [];
  return line === undefined ? { ...fault, file } : { ...fault, path: rest ?? "", file, line: Number(line) };
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
