import { posix } from "node:path";
import { type FileFault, foundText } from "../../rotation/declaration/faults";
import type { Keys } from "../evaluation";
import type { Tree } from "../tree";
import { blockOf, isSecret, type PulumiFile, type Read, readPulumiFile } from "./document";
import type { Json } from "./json";
import { problem, unread, unreadable } from "./problem";
import { type Declared, type Project, readProject } from "./project";
import { holdsSecret, isSayable, json, type Rules, textOf } from "./texts";
import { fits } from "./types";

/** What a stack's files configure, as the Pulumi CLI reads them. */
export interface Configuration {
  readonly project: Project;
  /** `Pulumi.<stack>.yaml`. */
  readonly file: PulumiFile;
  /** By `<namespace>:<name>`. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** What the CLI refuses: a run does nothing then. */
  readonly refused: readonly FileFault[];
  /** What a run reads otherwise than it is written, or than it can be read here. */
  readonly unsure: readonly FileFault[];
}

/** One value of the configuration. */
export interface Entry {
  readonly value: Read;
  /** As which it travels. */
  readonly moment: Rules["moment"];
  /** Where it stands. */
  readonly file: PulumiFile;
  readonly keys: Keys;
}

/** The file of a stack; of `organization/project/stack` the last part names it. */
export function stackPath({ folder }: Pick<Project, "folder">, stack: string): string {
  return posix.join(folder, `Pulumi.${stack.split("/").at(-1)}.yaml`);
}

/** Reads the files of a stack; nothing when it has none. */
export function readConfiguration(tree: Tree, stack: string): Configuration | undefined {
  const project = readProject(tree);
  const path = stackPath(project, stack);
  const text = tree.read(path);
  if (text === undefined) return undefined;
  return configurationOf(project, readPulumiFile(path, text));
}

/** The configuration of a stack whose file was read. */
export function configurationOf(project: Project, file: PulumiFile): Configuration {
  const refused = [...project.faults, ...unread(file)];
  const unsure = [project.file, file].flatMap(({ path, others }) => others.map((fault) => unreadable(path, fault)));
  const entries = new Map<string, Entry>();
  const whole = blockOf(file.value);
  const config = whole?.config;
  const result = { project, file, entries, refused, unsure };
  if (refused.length > 0) return result;
  const isEmpty = file.value === null || file.value === undefined || config === undefined || config === null;
  if (!isEmpty && blockOf(config) === undefined)
    refused.push(problem(file, ["config"], foundText(config), "a block of keys and values"));
  if (file.value !== null && whole === undefined)
    refused.push(problem(file, ["config"], foundText(file.value), "a block, with a block config in it"));
  if (whole?.environment !== undefined)
    unsure.push(
      problem(file, ["environment"], "an environment of Pulumi ESC", "what it configures here: plans read files"),
    );
  for (const [key, value] of Object.entries(blockOf(config) ?? {})) own(result, key, value);
  for (const one of project.declared) declared(result, one);
  return result;
}

type Filling = Configuration & {
  readonly entries: Map<string, Entry>;
  readonly refused: FileFault[];
  readonly unsure: FileFault[];
};

function own({ project, file, entries, refused, unsure }: Filling, key: string, value: Read): void {
  const keys = ["config", key];
  const name = qualified(project, key);
  if (name === undefined) {
    refused.push(problem(file, keys, "a key that Pulumi cannot read", `${project.name}:<name>, with one colon`));
    return;
  }
  if (!isSayable(value)) refused.push(problem(file, keys, "what is no number", "a number, or a text in quotes"));
  if (entries.has(name))
    unsure.push(problem(file, keys, "a key that is there under another name", "one: Pulumi takes either, at random"));
  entries.set(name, { value, moment: "text", file, keys });
}

/** What `Pulumi.yaml` declares stands in for what the stack does not give, and is what the stack is held against. */
function declared({ project, entries, refused, unsure }: Filling, one: Declared): void {
  const { file } = project;
  const at = ["config", one.key];
  const name = qualified(project, one.key);
  if (name === undefined || /[.[\]"]/.test(name)) {
    unsure.push(problem(file, at, "a key that Pulumi takes for a path", "the block that it leads into, as a whole"));
    return;
  }
  if (one.value !== undefined && !entries.has(name))
    entries.set(name, { value: one.value, moment: "instant", file, keys: one.keys });
  const given = entries.get(name);
  if (given === undefined) {
    if (name.startsWith(`${project.name}:`))
      refused.push(problem(file, at, "a key that the stack does not give", "a default, or give it in the stack"));
    return;
  }
  const { type } = one;
  if (type === undefined) return;
  const value = handedOn(given);
  if (one.secret && !holdsSecret(given.value))
    refused.push(problem(given.file, given.keys, "a plain value", "an encrypted one, as Pulumi.yaml says"));
  else if (!fits(value, type))
    refused.push(problem(given.file, given.keys, foundText(value), `the type ${type.type}, as Pulumi.yaml says`));
}

/** A value as the CLI holds it against a type: as a text, unless it is a list or a block. */
function handedOn({ value, moment }: Entry): Json {
  const rules: Rules = { moment, decrypt: (ciphertext) => ciphertext };
  const isStructure = Array.isArray(value) || (blockOf(value) !== undefined && !isSecret(value));
  return isStructure ? json(value, rules) : textOf(value, rules);
}

/** A key with its namespace: the project's, where it has none; nothing when the CLI cannot read it. */
export function qualified({ name }: Pick<Project, "name">, key: string): string | undefined {
  const [namespace = "", ...rest] = key.split(":");
  if (rest.length === 0) return `${name}:${key}`;
  if (rest.length === 1) return key;
  // An older form, which it still reads.
  return rest.length === 2 && rest[0] === "config" ? `${namespace}:${rest[1]}` : undefined;
}
