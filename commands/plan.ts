// `npm run plan`: what the declaration, or an edit of it, will do: from the files alone, with no credential and no state.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { visible } from "../ground/visible";
import { html } from "../reports/html";
import { ics } from "../reports/ics";
import { json } from "../reports/json";
import { markdown } from "../reports/markdown";
import { planTests } from "../reports/planTests";
import { text } from "../reports/text";
import { Writer } from "../reports/writer";
import { why } from "../rotation/calendar/why";
import { type Plan, planStack, type StackPlan, verdict } from "../rotation/plan/plan";
import { baseCommit, CommitError, commitTree } from "../settings/git";
import { readStack, type StackFile, stacksOf } from "../settings/stackFile";
import { folderTree, type Tree } from "../settings/tree";
import { unknownAccount } from "./accounts";
import { choice, dayOf, flags, type Outcome, UsageError } from "./command";
import { exitCodes } from "./exitCodes";
import { suggestion } from "./nearest";
import { unknownStack } from "./stacks";
import { planCommand } from "./table/looking";

/** How a plan ends, for those who act on it. The gravest one counts, in the order given here. */
export const ends = {
  settings: exitCodes.settings,
  /** An edit takes a token that lives out of the calendar. */
  rewrite: exitCodes.refused,
  gap: exitCodes.gap,
  policy: exitCodes.policy,
  fine: exitCodes.fine,
} as const;

const formats = planCommand.flags.format.choices;
type Format = (typeof formats)[number];

const extensions: Readonly<Record<string, Format>> = {
  ".txt": "text",
  ".md": "markdown",
  ".json": "json",
  ".ics": "ics",
  ".html": "html",
  ".xml": "junit",
};

/** What the command works with. */
export interface Surroundings {
  /** The folder that paths are relative to. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The day, UTC. */
  readonly today: string;
  /** Columns of the terminal. @default 100 */
  readonly width?: number;
  /** Whether the terminal takes colours. @default false */
  readonly color?: boolean;
}

/** Runs the command; never throws. */
export function plan(args: readonly string[], surroundings: Surroundings): Outcome {
  try {
    return planned(args, surroundings);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const usage = cause instanceof UsageError || cause instanceof CommitError;
    const hint = usage ? "\nnpm run plan -- --help tells how it is used." : "";
    return { code: usage ? exitCodes.usage : exitCodes.failed, stdout: "", stderr: `${visible(message)}${hint}\n` };
  }
}

function planned(args: readonly string[], surroundings: Surroundings): Outcome {
  const { values, positionals } = flags(args, planCommand.flags, true);
  const today = dayOf(
    "the day to plan for",
    values["as-of"] ?? (surroundings.environment.PAT_ROTATION_AS_OF || surroundings.today),
  );
  const root = resolve(surroundings.folder, values.cwd ?? ".");
  const tree = values.to === undefined ? folderTree(root) : commitTree(root, values.to);
  const [command, ...rest] = positionals;
  if (command === "why") return explained(tree, values.stack, rest, today);
  if (command !== undefined)
    throw new UsageError(
      `Reading the command line: "${command}" is no word of it; there is "why".${suggestion(command, ["why"])}`,
    );

  const notes: string[] = [];
  const before = comparison(root, values.against, surroundings.environment, notes);
  const days = count(values.days ?? "400");
  const whole: Plan = {
    asOf: today,
    days,
    of: tree.name,
    ...(before === undefined ? {} : { against: before.name }),
    stacks: stackNames(values.stack, tree, before).map((stack) => onePlan(stack, tree, before, today, days, notes)),
    notes,
  };
  const asText = () => render("text", whole, surroundings);
  const code = ends[verdict(whole.stacks)];
  const format = values.format === undefined ? undefined : choice("--format", values.format, formats);
  if (values.output === undefined) {
    return { code, stdout: format === undefined ? asText() : render(format, whole, surroundings), stderr: "" };
  }
  const written = values.output.map((file) => {
    const path = resolve(surroundings.folder, file);
    const report = render(format ?? formatOf(file), whole, { ...surroundings, color: false });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, report);
    return `Wrote ${file}.\n`;
  });
  return { code, stdout: asText(), stderr: written.join("") };
}

/** The declaration to compare with; nothing, and a note, when it is not known. */
function comparison(
  root: string,
  named: string | undefined,
  environment: NodeJS.ProcessEnv,
  notes: string[],
): Tree | undefined {
  if (named !== undefined) return commitTree(root, named);
  const base = baseCommit(root, environment);
  if (base !== undefined) return commitTree(root, base);
  notes.push(
    "Nothing was compared: where this branch left the default branch is not known here. Name it with --against.",
  );
  return undefined;
}

function stackNames(asked: readonly string[] | undefined, tree: Tree, before: Tree | undefined): readonly string[] {
  const known = [...new Set([...stacksOf(tree), ...(before === undefined ? [] : stacksOf(before))])].sort();
  for (const stack of asked ?? []) {
    // In organization/project/stack the last part names the file.
    if (!known.includes(stack.split("/").at(-1) ?? "")) {
      throw new UsageError(unknownStack(tree, stack, known));
    }
  }
  const stacks = asked ?? known.filter((stack) => stack !== "sandbox");
  if (stacks.length === 0) throw new UsageError(`Looking for stacks: ${tree.name} has no Pulumi.<stack>.yaml here.`);
  return stacks;
}

function onePlan(
  stack: string,
  tree: Tree,
  before: Tree | undefined,
  today: string,
  days: number,
  notes: string[],
): StackPlan {
  const now = readStack(tree, stack);
  const was = before === undefined ? undefined : readStack(before, stack);
  if (before !== undefined && was !== undefined && was.settings === undefined) {
    notes.push(`${stack} was not compared: its settings in ${before.name} cannot be used.`);
  }
  const old = before === undefined ? undefined : was === undefined ? "none" : was.settings;
  return planStack(
    {
      stack,
      files: now === undefined ? [] : [now.file, ...now.accountFiles],
      ...(now?.settings === undefined ? {} : { settings: now.settings }),
      faults: now?.faults ?? [],
      usable: now?.usable?.accounts.length ?? 0,
      ...(old === undefined ? {} : { before: old }),
    },
    today,
    days,
  );
}

function explained(tree: Tree, stacks: readonly string[] | undefined, args: readonly string[], today: string): Outcome {
  const [name, written = today, ...more] = args;
  if (name === undefined || more.length > 0) {
    throw new UsageError(
      "Reading the command line: why takes an account and a day, such as: why inventory 2026-12-14.",
    );
  }
  const date = dayOf("the day to explain", written);
  const read = stackNames(stacks, tree, undefined).map((stack) => readStack(tree, stack));
  const files = read.filter((file): file is StackFile => file !== undefined);
  const told = files.flatMap(({ stack, settings }) => {
    const account = settings?.accounts.find((one) => one.name === name);
    if (settings === undefined || account === undefined) return [];
    const write = new Writer(100, (_style, words) => words);
    write.line(`${stack}, ${name}, ${date}:`);
    for (const line of why(account, settings.freezes, date)) write.item(line, 2, "");
    return [write.end()];
  });
  if (told.length > 0) return { code: exitCodes.fine, stdout: told.join(""), stderr: "" };
  const broken = files.filter(({ faults }) => faults.length > 0).map(({ file }) => file);
  if (broken.length > 0) {
    const stderr = `Explaining "${name}": the settings in ${broken.join(", ")} cannot be used; npm run plan tells why.\n`;
    return { code: exitCodes.settings, stdout: "", stderr };
  }
  const known = files.flatMap(({ settings }) => settings?.accounts.map((one) => one.name) ?? []);
  throw new UsageError(
    unknownAccount(
      name,
      known,
      files.map(({ stack }) => stack),
    ),
  );
}

function render(format: Format, whole: Plan, { width, color }: Surroundings): string {
  switch (format) {
    case "text":
      return text(whole, { width: Math.min(width ?? 100, 140), color: color ?? false });
    case "markdown":
      return markdown(whole);
    case "json":
      return json(whole);
    case "ics":
      return ics(whole);
    case "html":
      return html(whole);
    case "junit":
      return planTests(whole);
  }
}

function formatOf(file: string): Format {
  const format = extensions[extname(file)];
  if (format !== undefined) return format;
  throw new UsageError(
    `Reading --output: "${file}" tells no format. Name it with --format, or end in one of ${Object.keys(extensions).join(", ")}.`,
  );
}

function count(written: string): number {
  const number = /^\d{1,4}$/.test(written) ? Number(written) : 0;
  if (number >= 1 && number <= 3650) return number;
  throw new UsageError(`Reading --days: found "${written}". Write a number from 1 to 3650.`);
}
