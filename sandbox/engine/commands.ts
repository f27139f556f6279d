import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Flags } from "./main";
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

const print = (line: string) => process.stdout.write(`${line}\n`);

/** The stack that a command means: `--stack`, or the one selected. It exists. */
export async function chooseStack(directory: string, flags: Flags, environment: NodeJS.ProcessEnv, given?: string) {
  const project = readProject(directory);
  const backend = Backend.fromEnvironment(environment);
  const wanted = given ?? flags.stack ?? (await backend.selected(project));
  if (typeof wanted !== "string")
    throw new Failure("no stack selected; please use `pulumi stack select` to choose one, or --stack", 6);
  const name = wanted.split("/").at(-1) ?? wanted;
  if (!(await backend.exists(project.name, name))) throw new Failure(`no stack named '${name}' found`, 6);
  return { project, backend, name };
}

/** The stack that a command means, with its settings and secrets. */
export async function openStack(directory: string, flags: Flags, environment: NodeJS.ProcessEnv): Promise<Stack> {
  const { project, backend, name } = await chooseStack(directory, flags, environment);
  const settings = StackSettings.read(
    project,
    name,
    typeof flags["config-file"] === "string" ? flags["config-file"] : undefined,
  );
  const crypter = open(project.name, name, backend, settings, environment);
  // It is awaited later; until then a wrong passphrase is nobody's fault.
  crypter.catch(() => undefined);
  return { name, project, backend, settings, crypter, environment };
}

async function open(
  project: string,
  name: string,
  backend: Backend,
  settings: StackSettings,
  environment: NodeJS.ProcessEnv,
): Promise<Crypter> {
  const phrase = passphrase(environment);
  const salt = settings.salt ?? (await backend.salt(project, name));
  const crypter = salt === undefined ? await newCrypter(phrase) : await openCrypter(phrase, salt);
  if (settings.salt === undefined) {
    settings.salt = crypter.salt;
    await settings.write();
  }
  return crypter;
}

/** `stack …`. */
export async function stackCommand(
  directory: string,
  [verb = "", given]: readonly string[],
  flags: Flags,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const project = readProject(directory);
  const backend = Backend.fromEnvironment(environment);
  const file = typeof flags.file === "string" ? flags.file : undefined;
  if (verb === "init") {
    const name = (given ?? String(flags.stack ?? "")).split("/").at(-1) ?? "";
    const kind = flags["secrets-provider"];
    if (kind !== undefined && kind !== "passphrase" && kind !== "default")
      throw new Failure(
        `the embedded engine encrypts with a passphrase only, not with "${String(kind)}"; use the Pulumi CLI`,
      );
    const settings = StackSettings.read(project, name);
    const phrase = passphrase(environment);
    const crypter = settings.salt === undefined ? await newCrypter(phrase) : await openCrypter(phrase, settings.salt);
    await backend.create(project.name, name, crypter);
    if (settings.salt === undefined) {
      settings.salt = crypter.salt;
      await settings.write();
    }
    if (flags["no-select"] !== true) await backend.select(project, name);
    print(`Created stack '${name}'`);
    return 0;
  }
  if (verb === "ls") {
    const selected = await backend.selected(project);
    const names = await backend.stacks(project.name);
    if (flags.json === true)
      print(
        JSON.stringify(
          names.map((name) => ({ name, current: name === selected })),
          undefined,
          2,
        ),
      );
    else for (const name of ["NAME", ...names]) print(name === selected ? `${name}*` : name);
    return 0;
  }
  if (verb === "select" && flags.create === true && given !== undefined && !(await backend.exists(project.name, given)))
    await stackCommand(directory, ["init", given], flags, environment);
  if (!["select", "rm", "output", "export", "import"].includes(verb))
    throw new Failure(
      `unknown command "stack ${verb}" for the embedded engine, which has: init, ls, rm, select, output, export, import`,
    );
  const { name } = await chooseStack(
    directory,
    flags,
    environment,
    verb === "select" || verb === "rm" ? given : undefined,
  );
  if (verb === "select") await backend.select(project, name);
  if (verb === "rm") {
    if (flags.yes !== true)
      throw new Failure("--yes must be passed in to proceed when running in non-interactive mode");
    const settings = StackSettings.read(project, name);
    await backend.remove(project.name, name, flags.force === true);
    if (flags["preserve-config"] !== true && existsSync(settings.path)) await rm(settings.path);
    print(`Stack '${name}' has been removed!`);
  }
  if (verb === "export") {
    const document = (await backend.export(project.name, name)) as object;
    const shown =
      flags["show-secrets"] === true
        ? await decrypted(await openStack(directory, flags, environment), document)
        : document;
    const json = `${JSON.stringify(shown, undefined, 4)}\n`;
    if (file === undefined) process.stdout.write(json);
    else await writeFile(file, json);
  }
  if (verb === "import") {
    await backend.import(
      project.name,
      name,
      JSON.parse(file === undefined ? await text(process.stdin) : await readFile(file, "utf8")),
    );
    print("Import complete.");
  }
  return verb === "output" ? output(await openStack(directory, flags, environment), given, flags) : 0;
}

async function output(stack: Stack, key: string | undefined, flags: Flags): Promise<number> {
  const { resources } = await stack.backend.load(stack.project.name, stack.name, await stack.crypter);
  const outputs = resources.find(({ type }) => type === stackType)?.outputs ?? {};
  const shown = (flags["show-secrets"] === true ? reveal(outputs) : redact(outputs)) as Readonly<
    Record<string, unknown>
  >;
  if (key === undefined) {
    if (flags.json === true) print(JSON.stringify(shown, undefined, 2));
    else {
      const width = Math.max(6, ...Object.keys(shown).map((name) => name.length)) + 2;
      print(`Current stack outputs (${Object.keys(shown).length}):`);
      print(`    ${"OUTPUT".padEnd(width)}VALUE`);
      for (const [name, value] of Object.entries(shown))
        print(`    ${name.padEnd(width)}${typeof value === "string" ? value : JSON.stringify(value)}`);
    }
    return 0;
  }
  if (!(key in shown)) throw new Failure(`current stack does not have output property '${key}'`);
  const value = shown[key];
  if (flags.json !== true && hasSecret(outputs[key]) && flags["show-secrets"] !== true) print("[secret]");
  else print(typeof value === "string" && flags.json !== true ? value : JSON.stringify(value));
  return 0;
}

/** A state's document with the secrets in plain text, as `--show-secrets` asks for. */
async function decrypted(stack: Stack, document: object): Promise<unknown> {
  const crypter = await stack.crypter;
  return JSON.parse(JSON.stringify(document), (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || !("ciphertext" in value)) return value;
    const { ciphertext, ...rest } = value;
    return { ...rest, plaintext: crypter.decrypt(String(ciphertext)) };
  });
}

/** `config …`. */
export async function configCommand(
  directory: string,
  [verb, key, value]: readonly string[],
  flags: Flags,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const stack = await openStack(directory, flags, environment);
  const { settings, project } = stack;
  const qualified = (name: string) => (name.includes(":") ? name : `${project.name}:${name}`);
  if (verb === "set" && key !== undefined) {
    const given = value ?? (await text(process.stdin)).replace(/\n$/, "");
    settings.set(key, given, flags.secret === true ? await stack.crypter : undefined);
    await settings.write();
    return 0;
  }
  if (verb === "rm" && key !== undefined) {
    settings.remove(key);
    await settings.write();
    return 0;
  }
  const { values, secretKeys } = settings.config(settings.hasSecrets ? await stack.crypter : undefined);
  if (verb === "get" && key !== undefined) {
    const found = values[qualified(key)];
    if (found === undefined) throw new Failure(`configuration key '${key}' not found for stack '${stack.name}'`);
    print(
      flags.json === true
        ? JSON.stringify({ value: found, secret: secretKeys.includes(qualified(key)) }, undefined, 2)
        : found,
    );
    return 0;
  }
  if (verb !== undefined)
    throw new Failure(`unknown command "config ${verb}" for the embedded engine, which has: get, set, rm`);
  const shown = Object.entries(values).map(([name, found]) => ({
    name,
    secret: secretKeys.includes(name),
    value: secretKeys.includes(name) && flags["show-secrets"] !== true ? "[secret]" : found,
  }));
  if (flags.json === true)
    print(JSON.stringify(Object.fromEntries(shown.map(({ name, ...rest }) => [name, rest])), undefined, 2));
  else
    for (const { name, value: found } of [{ name: "KEY", value: "VALUE" }, ...shown])
      print(`${name.replace(`${project.name}:`, "").padEnd(30)}  ${found}`);
  return 0;
}
