import type { Day } from "../../ground/day";
import { generations } from "../../rotation/calendar/generations";
import { rewrites } from "../../rotation/calendar/history";
import { SettingsError } from "../../rotation/declaration/faults";
import type { AccountDeclaration, Settings } from "../../rotation/declaration/settings";
import { currentOf } from "../../rotation/plan/effects";
import { type Plan, planStack } from "../../rotation/plan/plan";
import { fileOfStack, readStack, type StackFile, stacksOf, thereAre } from "../stackFile";
import type { Tree } from "../tree";
import { type Edit, EditError } from "./edit";
import { declares, editFile } from "./editFile";
import { refuse } from "./refusals";

/** A change of the declaration, made and looked at. */
export interface Proposal {
  readonly stack: string;
  readonly edit: Edit;
  /** The file that changes, relative to the project. */
  readonly file: string;
  /** Its text after the change; the same as before when the change was made already. */
  readonly text: string;
  /** Whether it changes anything. */
  readonly changes: boolean;
  /** What the change does, for the account alone. */
  readonly plan: Plan;
  /** What is declared then. */
  readonly settings: Settings;
}

/** What a change is made to. */
export interface ProposalOptions {
  readonly stack: string;
  readonly edit: Edit;
  /** The day that the plan is made for. */
  readonly today: Day;
  /** The file for an account that is taken in. @default the stack's own */
  readonly file?: string | undefined;
  /** What the plan compares with, when that is not what the change is made to. */
  readonly against?: Tree | undefined;
}

/** How far the plan of a change looks ahead. */
const planDays = 400;

/**
 * Makes a change of the declaration, and the plan of what it does. Writes nothing.
 *
 * @throws {@link EditError} when the change cannot be made, or would not be what it seems.
 */
export function proposal(tree: Tree, options: ProposalOptions): Proposal {
  const { stack, edit, today, against = tree } = options;
  const { file, text, before, after } = edited(tree, options);
  const settings = usable(after, edit.account, `After this change of ${file}: `);
  const declared = usable(readDeclared(against, stack), edit.account, "");
  const changes = text !== tree.read(file);
  if (changes) refuse(edit, before, settings, today);
  const [rewrite] = rewrites(declared, settings, today).filter(({ account }) => account === edit.account);
  if (rewrite !== undefined) throw new EditError(rewrite.explanation);
  const whole = planStack({ stack, files: [file], settings, before: declared }, today, planDays);
  return {
    stack,
    edit,
    file,
    text,
    changes,
    settings,
    plan: {
      asOf: today,
      days: planDays,
      of: "this change",
      against: against.name,
      notes: [],
      stacks: [
        {
          ...whole,
          calendar: whole.calendar.filter(({ account }) => account === edit.account),
          findings: whole.findings.filter(({ account }) => account === edit.account),
        },
      ],
    },
  };
}

/**
 * The change that declares a generation compromised: with a day on which another opens when none has that could take over.
 *
 * @param what - the leak; `on` is that day. @default today, where one is needed
 */
export function leak(
  tree: Tree,
  stack: string,
  what: {
    readonly account: string;
    readonly generation: string;
    readonly reason: string;
    readonly on?: Day | undefined;
  },
  today: Day,
): Edit & { kind: "compromise" } {
  const edit = { kind: "compromise" as const, ...what };
  if (what.on !== undefined) return edit;
  const settings = usable(edited(tree, { stack, edit, today }).after, what.account, "After this change: ");
  const account = accountOf(settings, what.account);
  const current = account === undefined ? undefined : currentOf(generations(account, settings.freezes, today));
  return current?.name === what.generation ? { ...edit, on: today } : edit;
}

/** A project with one file changed. */
export function withFile(tree: Tree, path: string, text: string, name = tree.name): Tree {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const isInside = (asked: string) => (asked === "" ? folder === "" : `${folder}/`.startsWith(`${asked}/`));
  return {
    ...tree,
    name,
    list: (asked) => (isInside(asked) ? [...new Set([...tree.list(asked), path])].sort() : tree.list(asked)),
    read: (asked) => (asked === path ? text : tree.read(asked)),
  };
}

/** The file of a stack that declares an account. */
export function fileOf(tree: Tree, stack: string, account: string): string | undefined {
  const { file, accountFiles } = readDeclared(tree, stack);
  return [file, ...accountFiles].find((path) => declares(path, tree.read(path) ?? "", account));
}

/** The account of that name. */
export function accountOf({ accounts }: Settings, name: string): AccountDeclaration | undefined {
  return accounts.find((account) => account.name === name);
}

function edited(tree: Tree, { stack, edit, file: asked }: ProposalOptions) {
  const read = readDeclared(tree, stack);
  const before = usable(read, edit.account, "");
  const known = fileOf(tree, stack, edit.account);
  const file = edit.kind === "adopt" ? (known ?? asked ?? read.file) : known;
  if (file === undefined) {
    const there = before.accounts.map(({ name }) => name).join(", ");
    throw new EditError(`Looking for account "${edit.account}" in stack "${stack}": not declared; there are ${there}.`);
  }
  const text = editFile(file, tree.read(file) ?? "", edit);
  const after = readDeclared(withFile(tree, file, text), stack);
  if (after.settings !== undefined && accountOf(after.settings, edit.account) === undefined)
    throw new EditError(
      `Writing account "${edit.account}" to ${file}: no pattern of "accountFiles" in ${read.file} takes that file in. Choose another, or widen the pattern first.`,
    );
  return { file, text, before, after };
}

function readDeclared(tree: Tree, stack: string): StackFile {
  const read = readStack(tree, stack);
  if (read !== undefined) return read;
  throw new EditError(
    `Looking for stack "${stack}": ${tree.name} has no ${fileOfStack(tree, stack)}; ${thereAre(stacksOf(tree))}.`,
  );
}

/** The settings; without accounts that are at fault, unless the one in question is. */
function usable({ settings, usable: others, faults, file }: StackFile, account: string, when: string): Settings {
  if (settings !== undefined) return settings;
  if (others !== undefined && accountOf(others, account) !== undefined) return others;
  const told = faults.map(({ path, found, expected, line, ...at }) => ({
    path: `${at.file}${line === undefined ? "" : `:${line}`} ${path}`,
    found,
    expected,
  }));
  const { message } = new SettingsError(told);
  throw new EditError(`${when === "" ? `The settings in ${file} cannot be used. ` : when}${message}`);
}
