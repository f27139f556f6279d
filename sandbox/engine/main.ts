import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { commands, Failure, type Flags, openStack, textOf } from "./commands";
import { type Operation, operate } from "./operation";
import type { Kind } from "./report";

type Options = NonNullable<ParseArgsConfig["options"]>;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** What every command takes. */
const everywhere: Options = {
  cwd: { ...text, short: "C" },
  "config-file": text,
  "non-interactive": flag,
  stack: { ...text, short: "s" },
  json: { ...flag, short: "j" },
  yes: { ...flag, short: "y" },
};

const running: Options = {
  ...everywhere,
  "continue-on-error": flag,
  diff: flag,
  "expect-no-changes": flag,
  parallel: { ...text, short: "p" },
  "preview-only": flag,
  refresh: { ...flag, short: "r" },
  "skip-preview": { ...flag, short: "f" },
  target: { ...text, multiple: true, short: "t" },
  "target-dependents": flag,
};

/** The commands that run something, and what they take. */
const runs: Readonly<Record<string, { readonly kind: Kind; readonly options: Options }>> = {
  preview: { kind: "update", options: running },
  up: { kind: "update", options: running },
  refresh: { kind: "refresh", options: { ...running, "clear-pending-creates": flag } },
  destroy: { kind: "destroy", options: running },
  import: { kind: "import", options: { ...running, protect: text, "generate-code": text } },
};

async function main(args: readonly string[]): Promise<number> {
  const known = [...Object.keys(runs), ...Object.keys(commands)];
  const [first = "help", second = ""] = args;
  if (["help", "--help", "-h"].includes(first)) {
    process.stdout.write(
      `The embedded engine: runs a Pulumi program where the Pulumi CLI cannot be had. For demonstrations, tests and air-gapped trials.\n\nUsage: <command> [flags], as the Pulumi CLI takes them: ${known.join(", ")}\n`,
    );
    return 0;
  }
  const command = known.find((name) => name === first || name === `${first} ${second}`);
  if (command === undefined)
    throw new Failure(`unknown command "${args.join(" ")}" for the embedded engine, which has: ${known.join(", ")}`);
  const run = runs[command];
  const simple = commands[command];
  const options = run?.options ?? { ...everywhere, ...simple?.options };
  const { values: flags, positionals } = parse(args.slice(command.split(" ").length), options);
  const directory = resolve(textOf(flags.cwd) ?? ".");
  if (run !== undefined) return runOperation(command, run.kind, directory, flags, positionals);
  await simple?.run({ directory, flags, given: positionals });
  return 0;
}

async function runOperation(
  command: string,
  kind: Kind,
  directory: string,
  flags: Flags,
  positionals: readonly string[],
): Promise<number> {
  const isOn = (name: string) => flags[name] === true;
  const terminal = process.stdin.isTTY && process.stdout.isTTY && !isOn("non-interactive");
  const previewOnly = command === "preview" || isOn("preview-only");
  if (!previewOnly && !isOn("yes") && !isOn("skip-preview") && !terminal)
    throw new Failure(
      "--yes or --skip-preview or --preview-only must be passed in to proceed when running in non-interactive mode",
    );
  const [type, name, id] = positionals;
  const asked = type && name && id ? { type, name, id, protect: flags.protect !== "false" } : undefined;
  if (kind === "import" && asked === undefined)
    throw new Failure("import needs a type, a name and an id: import <type> <name> <id>");
  if (kind !== "import" && type !== undefined) throw new Failure(`unexpected argument "${type}"`);
  const operation: Omit<Operation, "preview"> = {
    kind,
    refresh: isOn("refresh") || kind === "refresh",
    parallel: Math.max(1, Number(flags.parallel ?? availableParallelism() * 4) || 1),
    continueOnError: isOn("continue-on-error") || /^(1|true)$/i.test(process.env.PULUMI_CONTINUE_ON_ERROR ?? ""),
    targets: Array.isArray(flags.target) ? flags.target : [],
    targetDependents: isOn("target-dependents"),
    clearPendingCreates: isOn("clear-pending-creates"),
    ...(asked && { import: asked }),
    json: isOn("json"),
    diff: isOn("diff"),
    write: (chunk) => process.stdout.write(chunk),
  };
  const stack = await openStack(directory, flags);
  let changed = false;
  if (previewOnly || !isOn("skip-preview")) {
    const preview = await operate(stack, { ...operation, preview: true });
    if (preview.failed) return 1;
    changed = preview.changed;
    if (!previewOnly && !isOn("yes") && !(await isConfirmed(command)))
      throw new Failure(`confirmation declined, not proceeding with the ${command}`);
  }
  if (!previewOnly) {
    const outcome = await operate(stack, { ...operation, preview: false });
    if (outcome.failed) return 1;
    changed = outcome.changed;
  }
  if (!isOn("expect-no-changes") || !changed) return 0;
  const [subject, done] = previewOnly ? ["preview", "proposed"] : [command, "made"];
  throw new Failure(`no changes were expected for ${subject} but changes were ${done}`, 7);
}

async function isConfirmed(command: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`Do you want to perform this ${command}? (yes/no) `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

function parse(args: readonly string[], options: Options) {
  // As the CLI takes them: a flag may be given a value.
  const plain = args.flatMap((arg) => {
    const [, name = "", value] = /^--([\w-]+)=(true|false)$/.exec(arg) ?? [];
    if (options[name]?.type !== "boolean") return [arg];
    return value === "true" ? [`--${name}`] : [];
  });
  try {
    return parseArgs({ args: plain, options, allowPositionals: true, strict: true });
  } catch (error) {
    const { message } = error as Error;
    const [, found] = /Unknown option '(-{1,2}[^']+)'/.exec(message) ?? [];
    throw new Failure(found === undefined ? message : `unknown flag: ${found}`);
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = error instanceof Failure ? error.code : 1;
  },
);
