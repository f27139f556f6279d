// `npm run propose`: a change of the declaration as a merge request in GitLab, with the plan of what it does.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { GitLab } from "../clients/gitlab/client";
import { findUserId } from "../clients/gitlab/users/users";
import { visible } from "../ground/visible";
import { diff } from "../reports/diff";
import { text } from "../reports/text";
import { EditError } from "../settings/edits/edit";
import { fileOf, leak, type Proposal, proposal } from "../settings/edits/proposal";
import { prefixOf } from "../settings/git";
import { readStack, stacksOf } from "../settings/stackFile";
import { folderTree, type Tree } from "../settings/tree";
import { unknownAccount } from "./accounts";
import { dayOf, flags, type Outcome, refusalHint, UsageError } from "./command";
import { exitCodes } from "./exitCodes";
import { type Change, changeOf, editOf, migrationOf } from "./propose/commandLine";
import { ChangedMeanwhile, propose as proposeIn } from "./propose/mergeRequest";
import { gitlabEnvironment, projectOf } from "./propose/target";
import { titleOf } from "./propose/words";
import { unknownStack } from "./stacks";
import { proposeCommand } from "./table/changing";

/** What the command works with. */
export interface Surroundings {
  /** The folder that paths are relative to. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The day, UTC. */
  readonly today: string;
  /** The text of a file, `-` for standard input. @default read from the folder */
  readonly input?: ((path: string) => string) | undefined;
}

/** Runs the command; never throws. */
export function propose(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  return changeOutcome("propose", () => proposed(args, surroundings));
}

/** Runs what makes a change; what it throws becomes its outcome. */
export async function changeOutcome(name: string, change: () => Promise<string>): Promise<Outcome> {
  try {
    return { code: exitCodes.fine, stdout: await change(), stderr: "" };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const hint = cause instanceof UsageError ? `\nnpm run ${name} -- --help tells how it is used.` : "";
    return { code: codeOf(cause), stdout: "", stderr: `${visible(message)}${refusalHint(cause)}${hint}\n` };
  }
}

function codeOf(cause: unknown): number {
  if (cause instanceof UsageError) return exitCodes.usage;
  if (cause instanceof EditError) return exitCodes.refused;
  return cause instanceof ChangedMeanwhile ? exitCodes.busy : exitCodes.failed;
}

async function proposed(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values, positionals } = flags(args, proposeCommand.flags, true);
  const [kind = "", word, ...more] = positionals;
  const account = word ?? values.account ?? "";
  if (account === "" || more.length > 0 || (values.account ?? account) !== account)
    throw new UsageError("Reading the command line: write a change and an account.");
  return changed(changeOf(kind), account, values, surroundings);
}

/** What the flags of a change say. */
export interface Asked {
  readonly stack?: string | undefined;
  readonly date?: string | undefined;
  readonly reason?: string | undefined;
  readonly generation?: string | undefined;
  readonly block?: string | undefined;
  readonly file?: string | undefined;
  readonly project?: string | undefined;
  readonly label?: string[] | undefined;
  readonly assignee?: string | undefined;
  readonly "as-of"?: string | undefined;
  readonly "dry-run"?: boolean | undefined;
  readonly local?: boolean | undefined;
  readonly cwd?: string | undefined;
}

/** Makes a change: as a merge request, in the files here, or not at all but told. Answers what became of it. */
export async function changed(
  kind: Change,
  account: string,
  values: Asked,
  surroundings: Surroundings,
): Promise<string> {
  const today = dayOf(
    "--as-of",
    values["as-of"] ?? (surroundings.environment.PAT_ROTATION_AS_OF || surroundings.today),
  );
  const root = resolve(surroundings.folder, values.cwd ?? ".");
  const tree = folderTree(root);
  const stack = stackOf(tree, values.stack, kind, account);
  if (kind !== "adopt") refuseUnknown(tree, stack, account);
  const input =
    surroundings.input ?? ((path) => readFileSync(path === "-" ? 0 : resolve(surroundings.folder, path), "utf8"));
  const edit = editOf(kind, account, { values, input, tree, stack, today });
  const wanted = { stack, edit, today, file: values.file };
  const remarks = edit.kind === "migrate" ? migrationOf(tree, stack, account).notes : [];
  const notes = remarks.length === 0 ? "" : `${remarks.map((note) => `- ${note}`).join("\n")}\n\n`;
  // A day that nobody gave stays as the open merge request has it.
  const refined =
    edit.kind === "compromise" && values.date === undefined
      ? (held: Tree) => leak(held, stack, { ...edit, on: undefined }, today)
      : undefined;
  if (values.local === true || values["dry-run"] === true) {
    const made = proposal(tree, wanted);
    const told = `${titleOf(edit)}\n\n${notes}${shown(tree, made)}`;
    if (values.local !== true || !made.changes) return told;
    mkdirSync(dirname(resolve(root, made.file)), { recursive: true });
    writeFileSync(resolve(root, made.file), made.text);
    return `${told}\nWrote ${made.file}.\n`;
  }
  const environment = gitlabEnvironment(surroundings.environment);
  const gitlab = GitLab.fromEnvironment(environment);
  const project = projectOf(values.project, surroundings.environment);
  if (project === undefined)
    throw new UsageError("Looking for GitLab's project of this declaration: name it with --project <full path>.");
  const assigneeId = await assignee(gitlab, values.assignee);
  const home = { gitlab, project, prefix: prefixOf(root), tree };
  const { outcome, request } = await proposeIn(home, { ...wanted, refined, labels: values.label, assigneeId });
  if (request === undefined)
    return `${titleOf(edit)}: the target branch declares that already. There is nothing to merge.\n`;
  const verb = outcome === "opened" ? "Opened" : "Brought up to date";
  return `${verb}: merge request !${request.iid}, "${titleOf(edit)}"\n${request.url}\n${notes}`;
}

/** Before anything else is asked for: a name that nobody has is a slip of the pen. */
function refuseUnknown(tree: Tree, stack: string, account: string): void {
  const read = readStack(tree, stack);
  const settings = read?.settings ?? read?.usable;
  if (settings === undefined || fileOf(tree, stack, account) !== undefined) return;
  throw new UsageError(
    unknownAccount(
      account,
      settings.accounts.map(({ name }) => name),
      [stack],
      read?.settings !== undefined,
    ),
  );
}

function stackOf(tree: Tree, asked: string | undefined, kind: string, account: string): string {
  const stacks = stacksOf(tree).filter((stack) => stack !== "sandbox");
  if (asked !== undefined) {
    if (readStack(tree, asked) === undefined) throw new UsageError(unknownStack(tree, asked));
    return asked;
  }
  const [only] = stacks;
  if (only !== undefined && stacks.length === 1) return only;
  const declaring = kind === "adopt" ? [] : stacks.filter((stack) => fileOf(tree, stack, account) !== undefined);
  const [found] = declaring;
  if (found !== undefined && declaring.length === 1) return found;
  const there = declaring.length > 0 ? declaring : stacks;
  throw new UsageError(
    `Looking for the stack of account "${account}": name it with --stack; there are ${there.join(", ") || "none"}.`,
  );
}

function shown(tree: Tree, { file, text: after, plan, changes }: Proposal): string {
  if (!changes) return `${file} declares that already.\n`;
  return `${visible(diff(file, tree.read(file) ?? "", after))}\n${text(plan, { width: 100, color: false })}`;
}

async function assignee(gitlab: GitLab, username: string | undefined): Promise<number | undefined> {
  if (username === undefined) return undefined;
  const id = await findUserId(gitlab, username.replace(/^@/, ""));
  if (id === undefined) throw new UsageError(`Looking for the assignee: GitLab shows no user "${username}".`);
  return id;
}
