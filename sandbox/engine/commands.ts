import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { isDeepStrictEqual, type ParseArgsConfig } from "node:util";
import type { Stack } from "./operation";
import { Backend } from "./state/backend";
import { readProject } from "./state/project";
import { newCrypter, openCrypter, passphrase } from "./state/secrets";
import { StackSettings } from "./state/settings";
import { stackType } from "./urn";
import { redact, reveal } from "./values";
import { Refused } from "./wire";

/** A command cannot be carried out as it was given. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}

/** The values of a command line's options. */
export type Flags = Readonly<Record<string, unknown>>;

/** Where a command was called, and with what. */
export interface Call {
  readonly directory: string;
  readonly flags: Flags;
  /** What stands behind the command's name. */
  readonly given: readonly string[];
}

/** A command that runs nothing, and what it takes beside what every command does. */
export interface Command {
  readonly options?: NonNullable<ParseArgsConfig["options"]>;
  readonly run: (call: Call) => Promise<void>;
}

/** The text of an option. */
export const textOf = (flag: unknown): string | undefined => (typeof flag === "string" ? flag : undefined);

const print = (line: string) => process.stdout.write(`${line}\n`);
const json = (value: unknown, indent = 2) => JSON.stringify(value, undefined, indent);
const flag = { type: "boolean" } as const;
const file = { file: { type: "string" } } as const;

/** The commands that run nothing, by name. */
export const commands: Readonly<Record<string, Command>> = {
  version: { run: async () => void print("embedded engine") },
  cancel: { run: cancel },
  "stack init": { options: { "secrets-provider": { type: "string" }, "no-select": flag }, run: initialize },
  "stack rm": { options: { force: { ...flag, short: "f" }, "preserve-config": flag }, run: remove },
  "stack output": { options: { "show-secrets": flag }, run: showOutputs },
  "stack export": { options: file, run: exportState },
  "stack import": { options: file, run: importState },
  "config get": { run: getConfig },
  "config set": { options: { secret: flag, plaintext: flag }, run: setConfig },
};

async function cancel({ directory, flags, given }: Call): Promise<void> {
  const { project, backend, name } = await findStack(directory, flags, given[0]);
  agreed(flags);
  await backend.cancel(project.name, name);
  print(`The currently running update for '${name}' has been canceled!`);
}

async function initialize({ directory, flags, given }: Call): Promise<void> {
  const project = readProject(directory);
  const name = (given[0] ?? textOf(flags.stack))?.split("/").at(-1) ?? "";
  const kind = flags["secrets-provider"] ?? "passphrase";
  if (kind !== "passphrase" && kind !== "default") throw new Refused(`encryption with "${kind}"`);
  const settings = StackSettings.read(project, name);
  const { salt } = settings;
  const crypter = await (salt === undefined
    ? newCrypter(passphrase(process.env))
    : openCrypter(passphrase(process.env), salt));
  await Backend.fromEnvironment(process.env).create(project.name, name, crypter);
  await keepSalt(settings, crypter.salt);
  print(`Created stack '${name}'`);
}

async function remove({ directory, flags, given }: Call): Promise<void> {
  const { project, backend, name } = await findStack(directory, flags, given[0]);
  agreed(flags);
  await backend.remove(project.name, name, flags.force === true);
  const { path } = StackSettings.read(project, name);
  if (flags["preserve-config"] !== true && existsSync(path)) await rm(path);
  print(`Stack '${name}' has been removed!`);
}

async function showOutputs({ directory, flags, given: [key] }: Call): Promise<void> {
  const { backend, project, name, crypter } = await openStack(directory, flags);
  const { resources } = await backend.load(project.name, name, await crypter);
  const outputs = resources.find(({ type }) => type === stackType)?.outputs ?? {};
  const open = flags["show-secrets"] === true;
  const shown = (open ? reveal(outputs) : redact(outputs)) as Readonly<Record<string, unknown>>;
  const plain = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  if (key !== undefined) {
    const value = outputs[key];
    if (value === undefined) throw new Failure(`current stack does not have output property '${key}'`);
    const isHidden = !open && !isDeepStrictEqual(shown[key], value);
    if (flags.json === true) print(json(shown[key]));
    else print(isHidden ? "[secret]" : plain(shown[key]));
  } else if (flags.json === true) print(json(shown));
  else {
    const width = Math.max(6, ...Object.keys(shown).map((name) => name.length)) + 2;
    print(`Current stack outputs (${Object.keys(shown).length}):`);
    for (const [name, value] of [["OUTPUT", "VALUE"] as const, ...Object.entries(shown)])
      print(`    ${name.padEnd(width)}${plain(value)}`);
  }
}

async function exportState({ directory, flags }: Call): Promise<void> {
  const { project, backend, name } = await findStack(directory, flags);
  const document = json(await backend.export(project.name, name), 4);
  const path = textOf(flags.file);
  if (path === undefined) print(document);
  else await writeFile(path, `${document}\n`);
}

async function importState({ directory, flags }: Call): Promise<void> {
  const { project, backend, name } = await findStack(directory, flags);
  const path = textOf(flags.file);
  const document = path === undefined ? await text(process.stdin) : await readFile(path, "utf8");
  await backend.import(project.name, name, JSON.parse(document));
  print("Import complete.");
}

async function getConfig({ directory, flags, given: [key = ""] }: Call): Promise<void> {
  const { name, project, settings, crypter } = await openStack(directory, flags);
  const { values, secretKeys } = settings.config(settings.hasSecrets ? await crypter : undefined);
  const path = key.includes(":") ? key : `${project.name}:${key}`;
  const value = values[path];
  if (value === undefined) throw new Failure(`configuration key '${key}' not found for stack '${name}'`);
  print(flags.json === true ? json({ value, secret: secretKeys.includes(path) }) : value);
}

async function setConfig({ directory, flags, given: [key = "", value] }: Call): Promise<void> {
  const { settings, crypter } = await openStack(directory, flags);
  const found = value ?? (await text(process.stdin)).replace(/\n$/, "");
  settings.set(key, found, flags.secret === true ? await crypter : undefined);
  await settings.write();
}

/** The stack that a command means, with its settings and secrets. */
export async function openStack(directory: string, flags: Flags): Promise<Stack> {
  const { project, backend, name } = await findStack(directory, flags);
  const settings = StackSettings.read(project, name, textOf(flags["config-file"]));
  const crypter = (async () => {
    const phrase = passphrase(process.env);
    const salt = settings.salt ?? (await backend.salt(project.name, name));
    const opened = await (salt === undefined ? newCrypter(phrase) : openCrypter(phrase, salt));
    await keepSalt(settings, opened.salt);
    return opened;
  })();
  // It is awaited later; until then a wrong passphrase is nobody's fault.
  crypter.catch(() => undefined);
  return { name, project, backend, settings, crypter, environment: process.env };
}

async function findStack(directory: string, flags: Flags, given?: string) {
  const project = readProject(directory);
  const backend = Backend.fromEnvironment(process.env);
  const name = (given ?? textOf(flags.stack) ?? process.env.PULUMI_STACK)?.split("/").at(-1);
  if (!name) throw new Failure("the embedded engine selects no stack: name one with --stack or PULUMI_STACK", 6);
  if (!(await backend.exists(project.name, name))) throw new Failure(`no stack named '${name}' found`, 6);
  return { project, backend, name };
}

async function keepSalt(settings: StackSettings, salt: string): Promise<void> {
  if (settings.salt !== undefined) return;
  settings.salt = salt;
  await settings.write();
}

function agreed(flags: Flags): void {
  if (flags.yes !== true) throw new Failure("--yes must be passed in to proceed when running in non-interactive mode");
}
