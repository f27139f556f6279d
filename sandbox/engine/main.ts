import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { commands, Failure, type Flags, openStack } from "./commands";
import type { Kind } from "./display";
import { type Operation, operate, type Stack } from "./operation";

type Options = NonNullable<ParseArgsConfig["options"]>;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

const everywhere = {
  cwd: { ...text, short: "C" },
  color: text,
  "config-file": text,
  "non-interactive": flag,
  stack: { ...text, short: "s" },
  json: { ...flag, short: "j" },
  yes: { ...flag, short: "y" },
} satisfies Options;

const running = {
  ...everywhere,
  "continue-on-error": flag,
  diff: flag,
  "expect-no-changes": flag,
  message: { ...text, short: "m" },
  parallel: { ...text, short: "p" },
  "preview-only": flag,
  refresh: { ...flag, short: "r" },
  "skip-preview": { ...flag, short: "f" },
  "suppress-outputs": flag,
  "suppress-permalink": flag,
  "suppress-progress": flag,
  target: { ...text, multiple: true, short: "t" },
  "target-dependents": flag,
} satisfies Options;

const runs: Readonly<Record<string, { readonly kind: Kind; readonly options: Options }>> = {
  preview: { kind: "update", options: running },
  up: { kind: "update", options: running },
  refresh: { kind: "refresh", options: { ...running, "clear-pending-creates": flag, "skip-pending-creates": flag } },
  destroy: { kind: "destroy", options: running },
  import: { kind: "import", options: { ...running, protect: text, "generate-code": text } },
};

/** What the commands take that run nothing. */
const own: Readonly<Record<string, Options>> = {
  "stack init": { "secrets-provider": text, "no-select": flag },
  "stack rm": { force: { ...flag, short: "f" }, "preserve-config": flag },
  "stack output": { "show-secrets": flag },
  "stack export": { file: text },
  "stack import": { file: text },
  "config set": { secret: flag, plaintext: flag },
};

const aliases: Readonly<Record<string, string>> = { pre: "preview", update: "up", down: "destroy", dn: "destroy" };

async function run(args: readonly string[]): Promise<number> {
  const [first = "", ...rest] = args[0]?.startsWith("-") ? commandFirst(args) : args;
  const known = [...Object.keys(runs), ...Object.keys(commands)];
  if (["", "help", "--help"].includes(first)) {
    process.stdout.write(`${usage}${known.join(", ")}\n`);
    return 0;
  }
  if (first === "version") {
    process.stdout.write("embedded engine\n");
    return 0;
  }
  const two = `${first} ${rest[0] ?? ""}`;
  const [command, behind] = commands[two] ? [two, rest.slice(1)] : [aliases[first] ?? first, rest];
  const play = runs[command];
  const simple = commands[command];
  if (!play && !simple)
    throw new Failure(`unknown command "${args.join(" ")}" for the embedded engine, which has: ${known.join(", ")}`);
  const { values, positionals } = parse(behind, play?.options ?? { ...everywhere, ...own[command] });
  const flags = values as Flags;
  const directory = resolve(typeof flags.cwd === "string" ? flags.cwd : ".");
  if (play) return runOperation(command, play.kind, await openStack(directory, flags), flags, positionals);
  await simple?.({ directory, flags, given: positionals });
  return 0;
}

async function runOperation(
  command: string,
  kind: Kind,
  stack: Stack,
  flags: Flags,
  positionals: readonly string[],
): Promise<number> {
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const approved = flags.yes === true || flags["skip-preview"] === true;
  const previewOnly = command === "preview" || flags["preview-only"] === true;
  if (!previewOnly && !approved && !(terminal && flags["non-interactive"] !== true))
    throw new Failure(
      "--yes or --skip-preview or --preview-only must be passed in to proceed when running in non-interactive mode",
    );
  const [type, name, id] = positionals;
  if (kind === "import" && (type === undefined || name === undefined || id === undefined))
    throw new Failure("import needs a type, a name and an id: import <type> <name> <id>");
  if (kind !== "import" && positionals.length > 0) throw new Failure(`unexpected argument "${positionals[0]}"`);
  const { color, target } = flags;
  const operation: Operation = {
    kind,
    preview: true,
    refresh: flags.refresh === true || kind === "refresh",
    parallel: Math.max(1, Number(flags.parallel ?? availableParallelism() * 4) || 1),
    continueOnError:
      flags["continue-on-error"] === true || /^(1|true)$/i.test(process.env.PULUMI_CONTINUE_ON_ERROR ?? ""),
    targets: Array.isArray(target) ? target : [],
    targetDependents: flags["target-dependents"] === true,
    clearPendingCreates: flags["clear-pending-creates"] === true,
    ...(type && name && id && { import: { type, name, id, protect: flags.protect !== "false" } }),
    json: flags.json === true,
    diff: flags.diff === true,
    colour: color === "always" || (color !== "never" && process.stdout.isTTY === true && !process.env.NO_COLOR),
    outputs: flags["suppress-outputs"] !== true,
    write: (chunk) => process.stdout.write(chunk),
  };
  let changed = false;
  if (previewOnly || flags["skip-preview"] !== true) {
    const preview = await operate(stack, operation);
    if (preview.failed) return 1;
    changed = preview.changed;
    if (!previewOnly && flags.yes !== true && !(await confirmed(command))) {
      process.stderr.write(`error: confirmation declined, not proceeding with the ${command}\n`);
      return 1;
    }
  }
  if (!previewOnly) {
    const outcome = await operate(stack, { ...operation, preview: false });
    if (outcome.failed) return 1;
    changed = outcome.changed;
    if (kind === "destroy" && operation.targets.length === 0 && !operation.json)
      process.stdout.write(
        `The resources in the stack have been deleted, but the history and configuration associated with the stack are still maintained. \nIf you want to remove the stack completely, run \`pulumi stack rm ${stack.name}\`.\n`,
      );
  }
  if (flags["expect-no-changes"] !== true || !changed) return 0;
  const [subject, done] = previewOnly ? ["preview", "proposed"] : [command, "made"];
  process.stderr.write(`error: no changes were expected for ${subject} but changes were ${done}\n`);
  return 7;
}

async function confirmed(command: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const subject = command === "up" ? "update" : command;
  const answer = await prompt.question(`Do you want to perform this ${subject}? (yes/no) `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Options may come before the command: `-C dir up`. */
function commandFirst(args: readonly string[]): readonly string[] {
  const takesValue = new Set(["-C", "--cwd", "-s", "--stack", "--color"]);
  const at = args.findIndex((arg, index) => !arg.startsWith("-") && !takesValue.has(args[index - 1] ?? ""));
  return at < 0 ? args : [...args.slice(at), ...args.slice(0, at)];
}

function parse(args: readonly string[], options: Options) {
  // As the CLI takes them: a flag may be given a value.
  const plain = args.flatMap((arg) => {
    const [, name, value] = /^--([\w-]+)=(true|false)$/.exec(arg) ?? [];
    if (name === undefined || options[name]?.type !== "boolean") return [arg];
    return value === "true" ? [`--${name}`] : [];
  });
  try {
    return parseArgs({ args: plain, options, allowPositionals: true, strict: true });
  } catch (error) {
    const [, found] = /Unknown option '(-{1,2}[^']+)'/.exec(error instanceof Error ? error.message : "") ?? [];
    throw new Failure(found === undefined ? String((error as Error).message) : `unknown flag: ${found}`);
  }
}

const usage = `The embedded engine: runs a Pulumi program where the Pulumi CLI cannot be had. For demonstrations, tests and air-gapped trials.

Usage: <command> [flags], as the Pulumi CLI takes them: `;

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = error instanceof Failure ? error.code : 1;
  },
);
