// `npm run propose`: a change of the declaration as a merge request in GitLab, with the plan of what it does.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { visible } from "../ground/visible";
import { findUserId } from "../providers/gitlab/api/users";
import { GitLab } from "../providers/gitlab/client";
import { diff } from "../reports/diff";
import { text } from "../reports/text";
import { EditError } from "../settings/edits/edit";
import { fileOf, leak, type Proposal, proposal } from "../settings/edits/proposal";
import { prefixOf } from "../settings/git";
import { stacksOf } from "../settings/stackFile";
import { folderTree, type Tree } from "../settings/tree";
import { dayOf, type Outcome, flags as parsedFlags, UsageError } from "./command";
import { editOf } from "./propose/commandLine";
import { ChangedMeanwhile, propose as proposeIn } from "./propose/mergeRequest";
import { gitlabEnvironment, projectOf } from "./propose/target";
import { titleOf } from "./propose/words";

/** How the command ends. */
export const exitCodes = {
  /** The merge request is there, or none is needed. */
  fine: 0,
  /** Something else went wrong. */
  failed: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** The change cannot be made, or history forbids it. */
  refused: 5,
  /** Somebody changed the file meanwhile; nothing was written. */
  conflict: 6,
} as const;

const help = `npm run propose -- <change> <account> [flags]

Opens a merge request with one change of the declaration and the plan of what it does; for the same change again it brings
the open one up to date. The changes:

  extra-date     a rotation on a day more            --date <day> (default: today) --reason <text>
  hold           stay on, or go back to, a token     --generation <name> (default: the current one)
  release-hold   let the calendar go on
  adopt          take in an account                  --block <file, or - for standard input> [--file <path>]
  decommission   end the account                     --reason <text>
  compromise     a token leaked                      --generation <name> (default: the current one) --reason <text>
                                                     --date <day of a new token> (default: today, where one is needed)

  --stack <name>      the stack (default: the one that declares the account)
  --project <path>    GitLab's project of the declaration (default: CI_PROJECT_ID)
  --label <name>      a label of the merge request; may be given again
  --assignee <name>   username of who is to look at it
  --as-of <day>       the day to plan for (default: today, UTC)
  --dry-run           print the difference and the plan of the files here; no request, nothing written
  --local             the same, and write the file here
  --cwd, -C <folder>  the project's folder (default: here)

GITLAB_BASE_URL (default: CI_API_V4_URL) and GITLAB_TOKEN name the GitLab and who asks; PAT_ROTATION_PROPOSE_TOKEN, if set, is
used in place of the latter: a token with the scope api, of a Developer of the project, is enough.

Exit codes: 0 the merge request is there, or the change is declared already; 1 something went wrong; 2 the command line is
wrong; 5 the change cannot be made, or history forbids it; 6 somebody changed the file meanwhile, and nothing was written.
`;

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
export async function propose(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  try {
    return { code: exitCodes.fine, stdout: await proposed(args, surroundings), stderr: "" };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const hint = cause instanceof UsageError ? "\nnpm run propose -- --help tells how it is used." : "";
    return { code: codeOf(cause), stdout: "", stderr: `${visible(message)}${hint}\n` };
  }
}

function codeOf(cause: unknown): number {
  if (cause instanceof UsageError) return exitCodes.usage;
  if (cause instanceof EditError) return exitCodes.refused;
  return cause instanceof ChangedMeanwhile ? exitCodes.conflict : exitCodes.failed;
}

async function proposed(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { values, positionals } = parsedFlags(args, flags, true);
  if (values.help === true) return help;
  const [kind = "", account = "", ...more] = positionals;
  if (account === "" || more.length > 0)
    throw new UsageError("Reading the command line: write a change and an account.");
  const today = dayOf(
    "--as-of",
    values["as-of"] ?? (surroundings.environment.PAT_ROTATION_AS_OF || surroundings.today),
  );
  const root = resolve(surroundings.folder, values.cwd ?? ".");
  const tree = folderTree(root);
  const stack = stackOf(tree, values.stack, kind, account);
  const input =
    surroundings.input ?? ((path) => readFileSync(path === "-" ? 0 : resolve(surroundings.folder, path), "utf8"));
  const edit = editOf(kind, account, { values, input, tree, stack, today });
  const wanted = { stack, edit, today, file: values.file };
  // A day that nobody gave stays as the open merge request has it.
  const refined =
    edit.kind === "compromise" && values.date === undefined
      ? (held: Tree) => leak(held, stack, { ...edit, on: undefined }, today)
      : undefined;
  if (values.local === true || values["dry-run"] === true) {
    const made = proposal(tree, wanted);
    const told = `${titleOf(edit)}\n\n${shown(tree, made)}`;
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
  return `${verb}: merge request !${request.iid}, "${titleOf(edit)}"\n${request.url}\n`;
}

const flags = {
  stack: { type: "string", short: "s" },
  date: { type: "string" },
  reason: { type: "string" },
  generation: { type: "string" },
  block: { type: "string" },
  file: { type: "string" },
  project: { type: "string" },
  label: { type: "string", multiple: true },
  assignee: { type: "string" },
  "as-of": { type: "string" },
  "dry-run": { type: "boolean" },
  local: { type: "boolean" },
  cwd: { type: "string", short: "C" },
  help: { type: "boolean", short: "h" },
} as const;

function stackOf(tree: Tree, asked: string | undefined, kind: string, account: string): string {
  const stacks = stacksOf(tree).filter((stack) => stack !== "sandbox");
  if (asked !== undefined) return asked;
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

if (require.main === module) {
  const surroundings = {
    folder: process.cwd(),
    environment: process.env,
    today: new Date().toISOString().slice(0, 10),
  };
  propose(process.argv.slice(2), surroundings).then(({ code, stdout, stderr }) => {
    process.stderr.write(stderr);
    process.stdout.write(stdout);
    process.exitCode = code;
  });
}
