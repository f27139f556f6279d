import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { isDeepStrictEqual, type ParseArgsConfig } from "node:util";
import { type Operation, operate, type Stack } from "./operation";
import { Backend } from "./state/backend";
import { readProject } from "./state/project";
import { newCrypter, openCrypter, passphrase } from "./state/secrets";
import { StackSettings } from "./state/settings";
import { stackType } from "./urn";
import { redact, reveal } from "./values";
import { Refused } from "./wire";

/** A command cannot be carried out as it was given, or has failed and has told why: then without a message. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}

/** Options that a command takes. */
export type Options = NonNullable<ParseArgsConfig["options"]>;

/** Their values. */
type Flags = Readonly<Record<string, unknown>>;

/** A command: what it takes beside what all do, how many arguments stand behind its name, and what it does. */
interface Command {
  readonly options?: Options;
  readonly takes?: number;
  readonly run: (stack: Stack, flags: Flags, given: readonly string[]) => Promise<void>;
}

const flag = { type: "boolean" } as const;
const word = { type: "string" } as const;

const running: Options = {
  "continue-on-error": flag,
  diff: flag,
  "expect-no-changes": flag,
  parallel: { ...word, short: "p" },
  "preview-only": flag,
  refresh: { ...flag, short: "r" },
  "skip-preview": { ...flag, short: "f" },
  target: { ...word, multiple: true, short: "t" },
  "target-dependents": flag,
};

/** All commands, by name. */
export const commands: Readonly<Record<string, Command>> = {
  preview: { options: running, run: (stack, flags) => runs("update", stack, { ...flags, "preview-only": true }) },
  up: { options: running, run: (stack, flags) => runs("update", stack, flags) },
  refresh: {
    options: { ...running, "clear-pending-creates": flag },
    run: (stack, flags) => runs("refresh", stack, flags),
  },
  destroy: { options: running, run: (stack, flags) => runs("destroy", stack, flags) },
  import: {
    options: { ...running, protect: { ...word, default: "true" }, "generate-code": word },
    takes: 3,
    run: (stack, flags, given) => runs("import", stack, flags, given),
  },
  cancel: { run: cancel },
  "stack init": { options: { "secrets-provider": word, "no-select": flag }, takes: 1, run: initialize },
  "stack output": { options: { "show-secrets": flag }, takes: 1, run: showOutputs },
  "stack export": { options: { file: word }, run: exportState },
  "stack import": { options: { file: word }, run: importState },
  "config get": { takes: 1, run: getConfig },
  "config set": { options: { secret: flag, plaintext: flag }, takes: 2, run: setConfig },
};

async function runs(kind: Operation["kind"], stack: Stack, flags: Flags, given: readonly string[] = []): Promise<void> {
  const isOn = (name: string) => flags[name] === true;
  const previewOnly = isOn("preview-only");
  const asks = !previewOnly && !isOn("yes") && !isOn("skip-preview");
  if (asks && (!process.stdin.isTTY || !process.stdout.isTTY || isOn("non-interactive")))
    throw new Failure(
      "--yes or --skip-preview or --preview-only must be passed in to proceed when running in non-interactive mode",
    );
  const [type, name, id] = given;
  if (kind === "import" && !(type && name && id))
    throw new Failure("import needs a type, a name and an id: import <type> <name> <id>");
  const operation: Omit<Operation, "preview"> = {
    kind,
    refresh: isOn("refresh") || kind === "refresh",
    parallel: Math.max(1, Number(flags.parallel ?? availableParallelism() * 4) || 1),
    continueOnError: isOn("continue-on-error") || /^(1|true)$/i.test(process.env.PULUMI_CONTINUE_ON_ERROR ?? ""),
    targets: Array.isArray(flags.target) ? flags.target : [],
    targetDependents: isOn("target-dependents"),
    clearPendingCreates: isOn("clear-pending-creates"),
    ...(type && name && id && { import: { type, name, id, protect: flags.protect === "true" } }),
    json: isOn("json"),
    diff: isOn("diff"),
  };
  let changed = false;
  for (const preview of [true, false]) {
    if (preview ? isOn("skip-preview") && !previewOnly : previewOnly) continue;
    const outcome = await operate(stack, { ...operation, preview });
    if (outcome.failed) throw new Failure("");
    changed = outcome.changed;
    if (preview && asks && !(await isConfirmed())) throw new Failure("confirmation declined, nothing was done");
  }
  if (isOn("expect-no-changes") && changed)
    throw new Failure(`no changes were expected for ${previewOnly ? "preview" : kind} but changes were proposed`, 7);
}

async function isConfirmed(): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question("Do you want to perform this? (yes/no) ");
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

async function cancel({ backend, name }: Stack, flags: Flags): Promise<void> {
  if (flags.yes !== true) throw new Failure("--yes must be passed in to proceed when running in non-interactive mode");
  await backend.cancel();
  print(`The currently running update for '${name}' has been canceled!`);
}

async function initialize({ backend, name, crypter }: Stack, flags: Flags): Promise<void> {
  const kind = flags["secrets-provider"] ?? "passphrase";
  if (kind !== "passphrase" && kind !== "default") throw new Refused(`encryption with "${kind}"`);
  await backend.create(await crypter());
  print(`Created stack '${name}'`);
}

async function showOutputs({ backend, crypter }: Stack, flags: Flags, [key]: readonly string[]) {
  const { resources } = await backend.load(await crypter());
  const outputs = resources.find(({ type }) => type === stackType)?.outputs ?? {};
  const shown = (flags["show-secrets"] === true ? reveal : redact)(outputs) as Readonly<Record<string, unknown>>;
  const plain = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  if (key !== undefined && !(key in shown)) throw new Failure(`current stack does not have output property '${key}'`);
  if (flags.json === true) print(json(key === undefined ? shown : shown[key]));
  else if (key !== undefined) {
    // A value that holds a secret anywhere is hidden as a whole.
    const isHidden = flags["show-secrets"] !== true && !isDeepStrictEqual(shown[key], outputs[key]);
    print(isHidden ? "[secret]" : plain(shown[key]));
  } else for (const [name, value] of Object.entries(shown)) print(`${name}: ${plain(value)}`);
}

async function exportState({ backend }: Stack, { file }: Flags): Promise<void> {
  const document = json(await backend.export(), 4);
  if (typeof file === "string") await writeFile(file, `${document}\n`);
  else print(document);
}

async function importState({ backend }: Stack, { file }: Flags): Promise<void> {
  const document = await (typeof file === "string" ? readFile(file, "utf8") : text(process.stdin));
  await backend.import(JSON.parse(document));
  print("Import complete.");
}

async function getConfig({ project, name, settings, crypter }: Stack, flags: Flags, [key = ""]: readonly string[]) {
  const { values, secretKeys } = settings.config(settings.hasSecrets ? await crypter() : undefined);
  const path = key.includes(":") ? key : `${project.name}:${key}`;
  const value = values[path];
  if (value === undefined) throw new Failure(`configuration key '${key}' not found for stack '${name}'`);
  print(flags.json === true ? json({ value, secret: secretKeys.includes(path) }) : value);
}

async function setConfig({ settings, crypter }: Stack, flags: Flags, [key = "", value]: readonly string[]) {
  const found = value ?? (await text(process.stdin)).replace(/\n$/, "");
  settings.set(key, found, flags.secret === true ? await crypter() : undefined);
  await settings.write();
}

/** The stack that a command line means: one that is there, or one that it wants to make, and may name behind its command. */
export async function openStack(flags: Flags, isNew: boolean, given?: string): Promise<Stack> {
  const project = readProject(resolve(String(flags.cwd)));
  const name = String(given ?? flags.stack ?? process.env.PULUMI_STACK ?? "")
    .split("/")
    .at(-1);
  if (!name) throw new Failure("the embedded engine selects no stack: name one with --stack or PULUMI_STACK", 6);
  const backend = new Backend(process.env, project.name, name);
  if (!isNew && !backend.exists) throw new Failure(`no stack named '${name}' found`, 6);
  const file = flags["config-file"];
  const settings = StackSettings.read(project, name, typeof file === "string" ? file : undefined);
  const crypter = async () => {
    const phrase = passphrase(process.env);
    const salt = settings.salt ?? (isNew ? undefined : await backend.salt());
    const opened = await (salt === undefined ? newCrypter(phrase) : openCrypter(phrase, salt));
    if (settings.salt === undefined) {
      settings.salt = opened.salt;
      await settings.write();
    }
    return opened;
  };
  return { name, project, backend, settings, crypter };
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const json = (value: unknown, indent = 2): string => JSON.stringify(value, undefined, indent);
