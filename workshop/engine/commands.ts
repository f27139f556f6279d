import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline/promises";
import type { ParseArgsConfig } from "node:util";
import type { Operation, Stack } from "./asked";
import { type Flags, flag, options, updating, word } from "./flags";
import { operate } from "./operation";
import { stackType } from "./urn";
import { redact, reveal } from "./values";
import { Refused } from "./wire";

/** The error of a command that ends with another exit code than 1. */
export const failure = (message: string, code: number): Error => Object.assign(new Error(message), { code });

/** A command: what it takes beside what all do, how many arguments stand behind its name, and what it does. */
interface Command {
  readonly options?: NonNullable<ParseArgsConfig["options"]>;
  readonly takes?: number;
  readonly run: (stack: Stack, flags: Flags, given: readonly string[]) => Promise<void>;
}

/** All commands, by name. */
export const commands: Readonly<Record<string, Command>> = {
  preview: { options: updating, run: (stack, flags) => runs("update")(stack, { ...flags, "preview-only": true }, []) },
  up: { options: updating, run: runs("update") },
  // Creates that an earlier run did not come to the end of are forgotten; the person has seen to them.
  refresh: { options: { ...options, "exclude-dependents": flag, "clear-pending-creates": flag }, run: runs("refresh") },
  destroy: { options, run: runs("destroy") },
  import: { options: { ...options, protect: word, "generate-code": word }, takes: 3, run: runs("import") },
  cancel: { run: cancel },
  "stack init": { takes: 1, run: initialize },
  "stack output": { options: { json: options.json, "show-secrets": flag }, run: showOutputs },
  "stack export": { run: exportState },
  "stack import": { options: { file: word }, run: importState },
  "config set": { options: { secret: flag }, takes: 2, run: setSecret },
};

function runs(kind: Operation["kind"]): Command["run"] {
  return async (stack, given, [type = "", name = "", id = ""]) => {
    const fromEnvironment = /^(1|true)$/i.test(process.env.PULUMI_CONTINUE_ON_ERROR ?? "");
    const flags: Flags = { ...given, "continue-on-error": given["continue-on-error"] ?? fromEnvironment };
    const previewOnly = flags["preview-only"];
    const asks = !previewOnly && !flags.yes && !flags["skip-preview"];
    if (asks && (!process.stdin.isTTY || !process.stdout.isTTY || flags["non-interactive"]))
      throw new Error(
        "--yes or --skip-preview or --preview-only must be passed in to proceed when running in non-interactive mode",
      );
    if (kind === "import" && !id) throw new Error("import needs a type, a name and an id: import <type> <name> <id>");
    if (flags.target && flags.exclude)
      throw new Error(
        "if any flags in the group [target exclude] are set none of the others can be; [exclude target] were all set",
      );
    const parallel = Math.max(1, Number(flags.parallel ?? availableParallelism() * 4) || 1);
    const request = { type, name, id, protect: flags.protect !== "false" };
    let changed = false;
    for (const preview of [true, false]) {
      if (preview ? flags["skip-preview"] && !previewOnly : previewOnly) continue;
      const outcome = await operate(stack, { kind, preview, parallel, flags, import: request });
      // It has told why.
      if (outcome.failed) throw new Error("");
      changed = outcome.changed;
      if (preview && asks && !(await isConfirmed())) throw new Error("confirmation declined, nothing was done");
    }
    if (flags["expect-no-changes"] && changed)
      throw failure(`no changes were expected for ${previewOnly ? "preview" : kind} but changes were proposed`, 7);
  };
}

async function isConfirmed(): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question("Do you want to perform this? (yes/no) ");
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

async function cancel({ backend, name }: Stack, flags: Flags): Promise<void> {
  if (flags.yes !== true) throw new Error("--yes must be passed in to proceed when running in non-interactive mode");
  await backend.cancel();
  print(`The currently running update for '${name}' has been canceled!`);
}

async function initialize({ backend, name, settings, crypter }: Stack): Promise<void> {
  const isSalted = settings.salt !== undefined;
  await backend.create(crypter());
  // Settings that have a salt are a person's file, and stay as they are.
  if (!isSalted) await settings.write();
  print(`Created stack '${name}'`);
}

async function showOutputs({ backend, crypter }: Stack, flags: Flags): Promise<void> {
  if (flags.json !== true) throw new Refused("`stack output` without --json");
  const { resources } = (await backend.read(crypter())).before;
  const outputs = resources.find(({ type }) => type === stackType)?.outputs ?? {};
  print(JSON.stringify((flags["show-secrets"] === true ? reveal : redact)(outputs), undefined, 2));
}

async function exportState({ backend }: Stack): Promise<void> {
  print(JSON.stringify((await backend.read()).export(), undefined, 4));
}

async function importState({ backend }: Stack, { file }: Flags): Promise<void> {
  if (typeof file !== "string") throw new Error("--file must name the document to import");
  await backend.import(JSON.parse(await readFile(file, "utf8")));
  print("Import complete.");
}

async function setSecret({ settings, crypter }: Stack, flags: Flags, [key = "", value]: readonly string[]) {
  if (flags.secret !== true)
    throw new Error(`plain values are written into ${settings.path}, by hand: only \`--secret\` ones are set here`);
  if (value === undefined) throw new Error("config set needs a key and a value");
  settings.set(key, crypter().encrypt(value));
  await settings.write();
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
