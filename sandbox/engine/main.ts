import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { chooseStack, configCommand, Failure, openStack, stackCommand } from "./commands";
import type { Kind } from "./display";
import { type Operation, operate, type Stack } from "./operation";
import { StackLocked } from "./state/backend";

type Options = NonNullable<ParseArgsConfig["options"]>;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const list = { type: "string", multiple: true } as const;

const everywhere = {
  cwd: { ...text, short: "C" },
  color: text,
  "non-interactive": flag,
  stack: { ...text, short: "s" },
} satisfies Options;

const running = {
  ...everywhere,
  "config-file": text,
  "continue-on-error": flag,
  diff: flag,
  "expect-no-changes": flag,
  json: { ...flag, short: "j" },
  message: { ...text, short: "m" },
  parallel: { ...text, short: "p" },
  "preview-only": flag,
  refresh: { ...flag, short: "r" },
  "skip-preview": { ...flag, short: "f" },
  "suppress-outputs": flag,
  "suppress-permalink": flag,
  "suppress-progress": flag,
  target: { ...list, short: "t" },
  "target-dependents": flag,
  yes: { ...flag, short: "y" },
} satisfies Options;

const replacing = { replace: list, "target-replace": list } satisfies Options;

const kinds: Readonly<Record<string, { readonly kind: Kind; readonly options: Options }>> = {
  preview: { kind: "update", options: { ...running, ...replacing } },
  up: { kind: "update", options: { ...running, ...replacing } },
  refresh: { kind: "refresh", options: { ...running, "clear-pending-creates": flag, "skip-pending-creates": flag } },
  destroy: { kind: "destroy", options: running },
  import: { kind: "import", options: { ...running, protect: text, "generate-code": text } },
};

const others: Readonly<Record<string, Options>> = {
  cancel: { ...everywhere, yes: { ...flag, short: "y" } },
  config: {
    ...everywhere,
    "config-file": text,
    json: { ...flag, short: "j" },
    "show-secrets": flag,
    secret: flag,
    plaintext: flag,
  },
  stack: {
    ...everywhere,
    "config-file": text,
    json: { ...flag, short: "j" },
    "show-secrets": flag,
    file: text,
    force: { ...flag, short: "f" },
    yes: { ...flag, short: "y" },
    "preserve-config": flag,
    "secrets-provider": text,
    "no-select": flag,
    create: { ...flag, short: "c" },
    all: { ...flag, short: "a" },
  },
};

const aliases: Readonly<Record<string, string>> = { pre: "preview", update: "up", down: "destroy", dn: "destroy" };

/** The values of a command line's options. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

async function run(args: readonly string[]): Promise<number> {
  const [given = "", ...rest] = args[0]?.startsWith("-") ? commandFirst(args) : args;
  if (given === "" || given === "help" || given === "--help") {
    process.stdout.write(usage);
    return 0;
  }
  if (given === "version") {
    process.stdout.write("embedded engine\n");
    return 0;
  }
  const command = aliases[given] ?? given;
  const running = kinds[command];
  const options = running?.options ?? others[command];
  if (options === undefined)
    throw new Failure(
      `unknown command "${given}" for the embedded engine, which has: ${[...Object.keys(kinds), ...Object.keys(others)].join(", ")}`,
    );
  const { values, positionals } = parse(rest, options);
  const flags = values as Flags;
  const directory = resolve(typeof flags.cwd === "string" ? flags.cwd : ".");
  if (command === "stack") return stackCommand(directory, positionals, flags, process.env);
  if (command === "config") return configCommand(directory, positionals, flags, process.env);
  if (command === "cancel") {
    const { project, backend, name } = await chooseStack(directory, flags, process.env, positionals[0]);
    if (flags.yes !== true)
      throw new Failure("--yes must be passed in to proceed when running in non-interactive mode");
    await backend.cancel(project.name, name);
    process.stdout.write(`The currently running update for '${name}' has been canceled!\n`);
    return 0;
  }
  if (running === undefined) return 1;
  return runOperation(command, running.kind, await openStack(directory, flags, process.env), flags, positionals);
}

async function runOperation(
  command: string,
  kind: Kind,
  stack: Stack,
  flags: Flags,
  positionals: readonly string[],
): Promise<number> {
  const interactive =
    process.stdin.isTTY === true && process.stdout.isTTY === true && flags["non-interactive"] !== true;
  const approved = flags.yes === true || flags["skip-preview"] === true;
  const previewOnly = command === "preview" || flags["preview-only"] === true;
  if (!previewOnly && !approved && !interactive)
    throw new Failure(
      "--yes or --skip-preview or --preview-only must be passed in to proceed when running in non-interactive mode",
    );
  const [type, name, id] = positionals;
  if (kind === "import" && (type === undefined || name === undefined || id === undefined))
    throw new Failure("import needs a type, a name and an id: import <type> <name> <id>");
  if (kind !== "import" && positionals.length > 0) throw new Failure(`unexpected argument "${positionals[0]}"`);
  const both = strings(flags["target-replace"]);
  const targets = [...strings(flags.target), ...both];
  const operation: Operation = {
    kind,
    preview: true,
    refresh: flags.refresh === true || kind === "refresh",
    parallel: Math.max(1, Number(flags.parallel ?? availableParallelism() * 4) || 1),
    continueOnError:
      flags["continue-on-error"] === true || /^(1|true)$/i.test(process.env.PULUMI_CONTINUE_ON_ERROR ?? ""),
    targets,
    targetDependents: flags["target-dependents"] === true,
    clearPendingCreates: flags["clear-pending-creates"] === true,
    replaceTargets: [...strings(flags.replace), ...both],
    ...(type && name && id && { import: { type, name, id, protect: flags.protect !== "false" } }),
    json: flags.json === true,
    diff: flags.diff === true,
    colour:
      flags.color === "always" || (flags.color !== "never" && process.stdout.isTTY === true && !process.env.NO_COLOR),
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
    if (kind === "destroy" && targets.length === 0 && !operation.json)
      process.stdout.write(
        `The resources in the stack have been deleted, but the history and configuration associated with the stack are still maintained. \nIf you want to remove the stack completely, run \`pulumi stack rm ${stack.name}\`.\n`,
      );
  }
  if (flags["expect-no-changes"] === true && changed) {
    process.stderr.write(
      `error: no changes were expected for ${previewOnly ? "preview" : command} but changes were ${previewOnly ? "proposed" : "made"}\n`,
    );
    return 7;
  }
  return 0;
}

async function confirmed(command: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(
    `Do you want to perform this ${command === "up" ? "update" : command}? (yes/no) `,
  );
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

const strings = (value: Flags[string]): readonly string[] =>
  typeof value === "string" ? [value] : Array.isArray(value) ? value : [];

/** Options may come before the command: `-C dir up`. */
function commandFirst(args: readonly string[]): readonly string[] {
  const takesValue = new Set(["-C", "--cwd", "-s", "--stack", "--color"]);
  const at = args.findIndex((arg, index) => !arg.startsWith("-") && !takesValue.has(args[index - 1] ?? ""));
  return at < 0 ? args : [args[at] ?? "", ...args.slice(0, at), ...args.slice(at + 1)];
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

Usage: <command> [flags], as the Pulumi CLI takes them

  preview | up | refresh | destroy     --stack --yes --skip-preview --diff --json --expect-no-changes --refresh --target
                                       --target-dependents --replace --parallel --continue-on-error --config-file --cwd
  import <type> <name> <id>            takes something that exists into the state; writes no code
  cancel                               removes the lock of a run that was killed
  stack init | ls | rm | select | output | export | import
  config get | set | rm
`;

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`error: ${message}\n`);
    process.exitCode = error instanceof Failure ? error.code : error instanceof StackLocked ? 1 : 1;
  },
);
