import { parseArgs } from "node:util";
import { ApiError, NotFound, Unauthorized } from "../clients/http";
import { mayPretend, pretence } from "../ground/clock";
import { dayNamedBy } from "../ground/day";
import { visible } from "../ground/visible";
import type { Settings } from "../rotation/declaration/settings";
import { readStack, stacksOf } from "../settings/stackFile";
import { folderTree } from "../settings/tree";
import { unknownAccount } from "./accounts";
import { exitCodes } from "./exitCodes";
import { suggestion } from "./nearest";
import { unknownStack } from "./stacks";
import type { Flags } from "./table/command";

/** What a command works with. */
export interface Surroundings {
  /** The folder that paths are relative to. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** How a command ended, and what it says. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The file that is to hold what would go to standard output. @default none */
  readonly output?: string | undefined;
}

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The settings of a stack cannot be used. */
export class UnusableSettings extends Error {
  override readonly name = "UnusableSettings";
}

/** The flags of a command line, and its other words where there may be some. */
export function flags<const T extends Flags>(args: readonly string[], options: T, allowPositionals = false) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals });
    for (const [name, value] of Object.entries<unknown>(parsed.values)) {
      const { choices } = options[name] ?? {};
      if (choices !== undefined && typeof value === "string") choice(`--${name}`, value, choices);
    }
    tellFormat(parsed.values, options);
    return parsed;
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    const unknown = /^Unknown option '-{1,2}([^']+)'/.exec(message)?.[1];
    if (unknown === undefined) throw new UsageError(`Reading the command line: ${message}`);
    const near = suggestion(unknown, Object.keys(options), (name) => `--${name}`);
    throw new UsageError(`Reading the command line: there is no flag "${unknown}".${near}`);
  }
}

/** Where no format is named, the extension of the file to write tells it. */
function tellFormat(values: { format?: unknown; output?: unknown }, { format }: Flags): void {
  const extension = typeof values.output === "string" ? /\.([a-z]+)$/.exec(values.output)?.[1] : undefined;
  if (values.format === undefined && format?.choices?.includes(extension ?? "")) values.format = extension;
}

/** One of some choices, or a fault of the command line. */
export function choice<const T extends string>(flag: string, written: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === written);
  if (found !== undefined) return found;
  const near = suggestion(written, choices);
  throw new UsageError(
    `Reading ${flag}: there is no "${written}"; there ${choices.length === 1 ? "is" : "are"} ${choices.join(", ")}.${near}`,
  );
}

/** A day as the command line or the environment names it; an instant in UTC counts as its day. */
export function dayOf(what: string, written: string): string {
  const day = dayNamedBy(written);
  if (day !== undefined) return day;
  throw new UsageError(`Reading ${what}: found "${written}". Write a day that exists, such as 2026-12-14.`);
}

/** Runs a command; what it throws becomes its outcome. */
export async function outcomeOf(name: string, command: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await command();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const isUsage = cause instanceof UsageError;
    const hint = isUsage ? `\nnpm run ${name} -- --help tells how it is used.` : "";
    const failed = cause instanceof UnusableSettings ? exitCodes.settings : exitCodes.failed;
    return {
      code: isUsage ? exitCodes.usage : failed,
      stdout: "",
      stderr: `${visible(message)}${refusalHint(cause)}${hint}\n`,
    };
  }
}

/** What to do about an answer of GitLab that says no more than a number: what nobody closer to it has put into words. */
export function refusalHint(cause: unknown): string {
  if (!(cause instanceof ApiError) || cause.service !== "GitLab") return "";
  if (cause instanceof Unauthorized)
    return '\nThe token in "GITLAB_TOKEN" is not accepted: set a live one of this GitLab. npm run doctor looks at it.';
  if (cause instanceof NotFound)
    return '\nCheck the path: it is not there, or the user of "GITLAB_TOKEN" may not see it.';
  return "";
}

/** A stack with its settings. */
export interface NamedSettings {
  readonly stack: string;
  readonly settings: Settings;
  /** A sentence on accounts that are left out because their own settings cannot be used; absent where none is. */
  readonly leftOut?: string;
  /** The account that was asked for. @default all of them */
  readonly only?: string | undefined;
}

/** The accounts that were asked for. */
export function accountsOf({ settings: { accounts }, only }: NamedSettings): Settings["accounts"] {
  return only === undefined ? accounts : accounts.filter(({ name }) => name === only);
}

/** The one account that a command line names, as a word or as a flag. */
export function oneAccount(words: readonly string[], flag: string | undefined): string {
  const [name = flag, ...more] = words;
  if (name === undefined || name === "" || more.length > 0 || (flag !== undefined && flag !== name))
    throw new UsageError("Reading the command line: name one account, as the declaration does.");
  return name;
}

/**
 * The settings of the stacks that were asked for; of all but the sandbox when none was. Accounts that are at fault leave the
 * others usable, as in a run.
 *
 * @param account - the one account that is asked for.
 * @throws UsageError when there is no such stack, or no such account; {@link UnusableSettings}.
 */
export function stackSettings(
  root: string,
  asked: readonly string[] | undefined,
  account?: string | undefined,
): NamedSettings[] {
  const all = readStacks(root, asked);
  const known = all.flatMap(({ settings }) => settings.accounts.map(({ name }) => name));
  if (account !== undefined && !known.includes(account)) {
    const left = all.flatMap(({ leftOut }) => (leftOut === undefined ? [] : ` ${leftOut}`)).join("");
    throw new UsageError(
      `${unknownAccount(
        account,
        known,
        all.map(({ stack }) => stack),
      )}${left}`,
    );
  }
  const declaring =
    account === undefined ? all : all.filter(({ settings }) => settings.accounts.some(({ name }) => name === account));
  return declaring.map((one) => ({ ...one, only: account }));
}

function readStacks(root: string, asked: readonly string[] | undefined): NamedSettings[] {
  const tree = folderTree(root);
  const names = asked ?? stacksOf(tree).filter((stack) => stack !== "sandbox");
  if (names.length === 0) throw new UsageError(`Looking for stacks: "${root}" has no Pulumi.<stack>.yaml.`);
  return names.map((stack) => {
    const file = readStack(tree, stack);
    if (file === undefined) throw new UsageError(unknownStack(tree, stack));
    if (file.settings !== undefined) return { stack, settings: file.settings };
    if (file.usable === undefined)
      throw new UnusableSettings(
        `Reading the settings of stack "${stack}": they cannot be used; npm run plan tells each fault.`,
      );
    if (!file.leavesOut) return { stack, settings: file.usable };
    const leftOut = `Accounts of stack "${stack}" whose settings cannot be used are left out: npm run plan tells each fault.`;
    return { stack, settings: file.usable, leftOut };
  });
}

/** That a pretended day does not hold for a command that looks at what is; empty where none is pretended, or it holds. */
export function toldOfPretence(environment: NodeJS.ProcessEnv): string {
  const asOf = pretence(environment);
  if (asOf === undefined || mayPretend(environment, false)) return "";
  return `PAT_ROTATION_AS_OF (${visible(asOf)}) is passed over: this GitLab is not the sandbox, and is looked at as it is today.\n`;
}

/** What to tell on standard error of accounts that were left out. */
export function toldLeftOut(stacks: readonly NamedSettings[]): string {
  return stacks.map(({ leftOut }) => (leftOut === undefined ? "" : `${leftOut}\n`)).join("");
}

/** Calls a function for each member, some of them at the same time; the answers keep the order. */
export async function each<T, R>(members: readonly T[], call: (member: T) => Promise<R>): Promise<R[]> {
  const atOnce = 8;
  const results: R[] = [];
  for (let start = 0; start < members.length; start += atOnce)
    results.push(...(await Promise.all(members.slice(start, start + atOnce).map(call))));
  return results;
}
