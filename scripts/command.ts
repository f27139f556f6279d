import { parseArgs } from "node:util";
import { visible } from "../ground/visible";
import { dayNamedBy } from "../rotation/day";
import type { Settings } from "../rotation/settings";
import { readStack, stacksOf } from "../settings/stackFile";
import { folderTree } from "../settings/tree";

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
}

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The settings of a stack cannot be used. */
export class UnusableSettings extends Error {
  override readonly name = "UnusableSettings";
}

/** The exit codes that commands share. */
export const exitCodes = { fine: 0, failed: 1, usage: 2, settings: 3 } as const;

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

/** The flags of a command line, and its other words where there may be some. */
export function flags<const T extends Options>(args: readonly string[], options: T, allowPositionals = false) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals });
  } catch (cause) {
    throw new UsageError(`Reading the command line: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** One of some choices, or a fault of the command line. */
export function choice<const T extends string>(flag: string, written: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === written);
  if (found !== undefined) return found;
  throw new UsageError(`Reading ${flag}: there is no "${written}"; there are ${choices.join(", ")}.`);
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
    return { code: isUsage ? exitCodes.usage : failed, stdout: "", stderr: `${visible(message)}${hint}\n` };
  }
}

/** A stack with its settings. */
export interface NamedSettings {
  readonly stack: string;
  readonly settings: Settings;
  /** A sentence on accounts that are left out because their own settings cannot be used; absent where none is. */
  readonly leftOut?: string;
}

/**
 * The settings of the stacks that were asked for; of all but the sandbox when none was. Accounts that are at fault leave the
 * others usable, as in a run.
 *
 * @throws UsageError when there is no such stack; {@link UnusableSettings}.
 */
export function stackSettings(root: string, asked: readonly string[] | undefined): NamedSettings[] {
  const tree = folderTree(root);
  const names = asked ?? stacksOf(tree).filter((stack) => stack !== "sandbox");
  if (names.length === 0) throw new UsageError(`Looking for stacks: "${root}" has no Pulumi.<stack>.yaml.`);
  return names.map((stack) => {
    const file = readStack(tree, stack);
    if (file === undefined)
      throw new UsageError(`Looking for stack "${stack}": "${root}" has no Pulumi.${stack}.yaml.`);
    if (file.settings !== undefined) return { stack, settings: file.settings };
    if (file.usable === undefined)
      throw new UnusableSettings(
        `Reading the settings of stack "${stack}": they cannot be used; npm run plan tells each fault.`,
      );
    const leftOut = `Accounts of stack "${stack}" whose settings cannot be used are left out: npm run plan tells each fault.`;
    return { stack, settings: file.usable, leftOut };
  });
}

/** What to tell on standard error of accounts that were left out. */
export function toldLeftOut(stacks: readonly NamedSettings[]): string {
  return stacks.map(({ leftOut }) => (leftOut === undefined ? "" : `${leftOut}\n`)).join("");
}

/** How wide this process's terminal is, and whether it takes colours: NO_COLOR and FORCE_COLOR are heard before it. */
export function terminal(): { readonly width: number; readonly color: boolean } {
  const { stdout, env } = process;
  const { NO_COLOR = "", FORCE_COLOR = "" } = env;
  const isForced = FORCE_COLOR !== "" && FORCE_COLOR !== "0";
  return {
    width: stdout.isTTY ? stdout.columns : 100,
    color: NO_COLOR === "" && (isForced || (stdout.isTTY && stdout.hasColors())),
  };
}

/** Runs a command for this process. */
export async function main(
  command: (args: readonly string[], surroundings: Surroundings) => Promise<Outcome>,
): Promise<void> {
  const { code, stdout, stderr } = await command(process.argv.slice(2), {
    folder: process.cwd(),
    environment: process.env,
  });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
}

/** Calls a function for each member, some of them at the same time; the answers keep the order. */
export async function each<T, R>(members: readonly T[], call: (member: T) => Promise<R>): Promise<R[]> {
  const atOnce = 8;
  const results: R[] = [];
  for (let start = 0; start < members.length; start += atOnce)
    results.push(...(await Promise.all(members.slice(start, start + atOnce).map(call))));
  return results;
}
