import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Stack } from "./operation";
import { Backend } from "./state/backend";
import { readProject } from "./state/project";
import { type Crypter, newCrypter, openCrypter, passphrase } from "./state/secrets";
import { StackSettings } from "./state/settings";
import { stackType } from "./urn";
import { hasSecret, redact, reveal } from "./values";

/** A command cannot be carried out as it was given. */
export class Failure extends Error {
  override readonly name = "Failure";

  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}

/** The values of a command line's options. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** A command that runs nothing: where it was called, and with what. */
export interface Call {
  readonly directory: string;
  readonly flags: Flags;
  /** What stands behind the command's name. */
  readonly given: readonly string[];
}

const print = (line: string) => process.stdout.write(`${line}\n`);
const printJson = (value: unknown, indent = 2) => print(JSON.stringify(value, undefined, indent));
const textOf = (flag: Flags[string]) => (typeof flag === "string" ? flag : undefined);

/** The commands that run nothing, by name. */
export const commands: Readonly<Record<string, (call: Call) => Promise<void>>> = {
  cancel: async ({ directory, flags, given }) => {
    const { project, backend, name } = await chooseStack(directory, flags, given[0]);
    agreed(flags);
    await backend.cancel(project.name, name);
    print(`The currently running update for '${name}' has been canceled!`);
  },

  "stack init": async ({ directory, flags, given }) => {
    const project = readProject(directory);
    const backend = Backend.fromEnvironment(process.env);
    const name = (given[0] ?? String(flags.stack ?? "")).split("/").at(-1) ?? "";
    const kind = flags["secrets-provider"] ?? "passphrase";
    if (kind !== "passphrase" && kind !== "default")
      throw new Failure(`the embedded engine encrypts with a passphrase only, not with "${kind}"; use the Pulumi CLI`);
    const settings = StackSettings.read(project, name);
    const crypter = await crypterOf(settings.salt);
    await backend.create(project.name, name, crypter);
    if (settings.salt === undefined) {
      settings.salt = crypter.salt;
      await settings.write();
    }
    print(`Created stack '${name}'`);
  },

  "stack rm": async ({ directory, flags, given }) => {
    const { project, backend, name } = await chooseStack(directory, flags, given[0]);
    agreed(flags);
    await backend.remove(project.name, name, flags.force === true);
    const { path } = StackSettings.read(project, name);
    if (flags["preserve-config"] !== true && existsSync(path)) await rm(path);
    print(`Stack '${name}' has been removed!`);
  },

  "stack output": async ({ directory, flags, given: [key] }) => {
    const stack = await openStack(directory, flags);
    const { resources } = await stack.backend.load(stack.project.name, stack.name, await stack.crypter);
    const outputs = resources.find(({ type }) => type === stackType)?.outputs ?? {};
    const open = flags["show-secrets"] === true;
    const shown = (open ? reveal(outputs) : redact(outputs)) as Readonly<Record<string, unknown>>;
    const plain = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
    if (key !== undefined) {
      if (!(key in shown)) throw new Failure(`current stack does not have output property '${key}'`);
      if (flags.json === true) printJson(shown[key]);
      else print(!open && hasSecret(outputs[key]) ? "[secret]" : plain(shown[key]));
    } else if (flags.json === true) printJson(shown);
    else {
      const width = Math.max(6, ...Object.keys(shown).map((name) => name.length)) + 2;
      print(`Current stack outputs (${Object.keys(shown).length}):`);
      for (const [name, value] of [["OUTPUT", "VALUE"] as const, ...Object.entries(shown)])
        print(`    ${name.padEnd(width)}${plain(value)}`);
    }
  },

  "stack export": async ({ directory, flags }) => {
    const { project, backend, name } = await chooseStack(directory, flags);
    const document = await backend.export(project.name, name);
    const file = textOf(flags.file);
    if (file === undefined) printJson(document, 4);
    else await writeFile(file, `${JSON.stringify(document, undefined, 4)}\n`);
  },

  "stack import": async ({ directory, flags }) => {
    const { project, backend, name } = await chooseStack(directory, flags);
    const file = textOf(flags.file);
    const document = file === undefined ? await text(process.stdin) : await readFile(file, "utf8");
    await backend.import(project.name, name, JSON.parse(document));
    print("Import complete.");
  },

  "config get": async ({ directory, flags, given: [key = ""] }) => {
    const { name, project, settings, crypter } = await openStack(directory, flags);
    const { values, secretKeys } = settings.config(settings.hasSecrets ? await crypter : undefined);
    const path = key.includes(":") ? key : `${project.name}:${key}`;
    const value = values[path];
    if (value === undefined) throw new Failure(`configuration key '${key}' not found for stack '${name}'`);
    if (flags.json === true) printJson({ value, secret: secretKeys.includes(path) });
    else print(value);
  },

  "config set": async ({ directory, flags, given: [key = "", value] }) => {
    const { settings, crypter } = await openStack(directory, flags);
    const found = value ?? (await text(process.stdin)).replace(/\n$/, "");
    settings.set(key, found, flags.secret === true ? await crypter : undefined);
    await settings.write();
  },
};

/** The stack that a command means, with its settings and secrets: `--stack` or `PULUMI_STACK`. */
export async function openStack(directory: string, flags: Flags): Promise<Stack> {
  const { project, backend, name } = await chooseStack(directory, flags);
  const settings = StackSettings.read(project, name, textOf(flags["config-file"]));
  const crypter = (async () => {
    const opened = await crypterOf(settings.salt ?? (await backend.salt(project.name, name)));
    if (settings.salt === undefined) {
      settings.salt = opened.salt;
      await settings.write();
    }
    return opened;
  })();
  // It is awaited later; until then a wrong passphrase is nobody's fault.
  crypter.catch(() => undefined);
  return { name, project, backend, settings, crypter, environment: process.env };
}

async function chooseStack(directory: string, flags: Flags, given?: string) {
  const project = readProject(directory);
  const backend = Backend.fromEnvironment(process.env);
  const name = (given ?? textOf(flags.stack) ?? process.env.PULUMI_STACK)?.split("/").at(-1);
  if (!name) throw new Failure("the embedded engine selects no stack: name one with --stack or PULUMI_STACK", 6);
  if (!(await backend.exists(project.name, name))) throw new Failure(`no stack named '${name}' found`, 6);
  return { project, backend, name };
}

async function crypterOf(salt: string | undefined): Promise<Crypter> {
  const phrase = passphrase(process.env);
  return salt === undefined ? newCrypter(phrase) : openCrypter(phrase, salt);
}

function agreed(flags: Flags): void {
  if (flags.yes !== true) throw new Failure("--yes must be passed in to proceed when running in non-interactive mode");
}
