// `npm run notes`: writes the plan of each open merge request into one note of it. The merge request is data here: its commit
// is read with git, by the code at hand; nothing of it is checked out or run, and what reads it holds no credential.

import { spawnSync } from "node:child_process";
import { GitLab } from "../../clients/gitlab/client";
import type { Note } from "../../clients/gitlab/issues/issues";
import { createRequestNote, editRequestNote, listRequestNotes } from "../../clients/gitlab/issues/mergeRequestNotes";
import { listOpenMergeRequests } from "../../clients/gitlab/issues/mergeRequests";
import { ownToken } from "../../clients/gitlab/users/tokens";
import { ownCommand } from "../../engines/root";
import { visible } from "../../ground/visible";
import { code, marker, prose } from "../../reports/markdown";
import { flags, type Outcome, outcomeOf } from "../command";
import { exitCodes } from "../exitCodes";
import { ends } from "../plan";
import { notesCommand } from "../table/behind";

/** What the command works with. */
export interface Surroundings {
  /** A whole clone of the project, at the commit whose code is to be trusted: the default branch's. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Seconds that reading one merge request may take: it may hold anything. @default 30 */
  readonly patience?: number;
}

/** Characters of a note; GitLab takes a million. */
const longest = 500_000;

/** What was done about one merge request. */
export interface Written {
  readonly iid: number;
  readonly done: "written" | "updated" | "unchanged" | "failed";
  /** What went wrong. */
  readonly fault?: string;
}

/** Writes or updates the notes of all open merge requests into the default branch; one that fails holds up no other. */
export async function notes({ folder, environment, patience = 30 }: Surroundings): Promise<readonly Written[]> {
  const { CI_PROJECT_ID: project, CI_DEFAULT_BRANCH: branch } = environment;
  if (!project || !branch)
    throw new Error(
      "Looking for open merge requests: CI_PROJECT_ID and CI_DEFAULT_BRANCH are not set. Run it in a GitLab CI/CD job, or set them to the project's id or path and its default branch.",
    );
  const gitlab = GitLab.fromEnvironment(environment);
  const { userId } = await ownToken(gitlab);
  const result: Written[] = [];
  for (const { iid } of await listOpenMergeRequests(gitlab, project, branch)) {
    try {
      const own = await ownNote(gitlab, project, iid, userId);
      const body = noteOf({ folder, environment, patience }, iid, own?.body.trim());
      result.push({ iid, done: await place(gitlab, project, iid, own, body) });
    } catch (cause) {
      result.push({ iid, done: "failed", fault: cause instanceof Error ? cause.message : String(cause) });
    }
  }
  return result;
}

/** Somebody else's note is never touched, whatever it begins with. */
async function ownNote(gitlab: GitLab, project: string, iid: number, userId: number): Promise<Note | undefined> {
  const all = await listRequestNotes(gitlab, project, iid);
  return all.find((note) => note.authorId === userId && !note.system && note.body.startsWith(marker));
}

async function place(gitlab: GitLab, project: string, iid: number, own: Note | undefined, body: string) {
  if (own === undefined) {
    await createRequestNote(gitlab, project, iid, body);
    return "written";
  }
  if (own.body.trim() === body.trim()) return "unchanged";
  await editRequestNote(gitlab, project, iid, own.id, body);
  return "updated";
}

function noteOf(
  { folder, environment, patience }: Required<Surroundings>,
  iid: number,
  own: string | undefined,
): string {
  const ref = `refs/pat-rotation/merge-requests/${iid}`;
  const fetched = git(folder, [
    ...["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "origin"],
    `+refs/merge-requests/${iid}/head:${ref}`,
  ]);
  const head = fetched === undefined ? undefined : git(folder, ["rev-parse", "--verify", `${ref}^{commit}`]);
  if (head === undefined)
    throw new Error(`git could not fetch refs/merge-requests/${iid}/head from "origin": see what it says above`);
  const without = (why: string) =>
    `${marker}\n\n## Rotation plan\n\n:x: **There is no plan for commit ${code(head.slice(0, 8))}.**\n\n${prose(why)}\n`;
  const slow = without(
    `Reading it took longer than ${patience} seconds. It is not tried again, so that it holds up no other merge request: push another commit, or have this note deleted.`,
  );
  if (own === slow.trim()) return slow;
  // A history of its own, without a common commit, is compared with what it would be merged into.
  const base = git(folder, ["merge-base", "HEAD", head])?.split("\n")[0] ?? "HEAD";
  const plan = spawnSync(
    process.execPath,
    [ownCommand, "plan", "--to", head, "--against", base, "--format", "markdown"],
    {
      cwd: folder,
      encoding: "utf8",
      timeout: patience * 1000,
      killSignal: "SIGKILL",
      env: harmless(environment),
      maxBuffer: 1 << 28,
    },
  );
  const settled: readonly (number | null)[] = Object.values(ends);
  if (settled.includes(plan.status) && plan.stdout.length <= longest) return plan.stdout;
  const [said = ""] = plan.stderr.split("\n");
  if (plan.status === null) return slow;
  return without(
    settled.includes(plan.status) ? "Its plan is too long for a note: see the report of its pipeline." : said,
  );
}

/** The plan of somebody's commit gets what a program needs to run, and none of this job's credentials. */
function harmless({ PATH, PAT_ROTATION_AS_OF }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...(PATH === undefined ? {} : { PATH }),
    ...(PAT_ROTATION_AS_OF === undefined ? {} : { PAT_ROTATION_AS_OF }),
  };
}

/** What git printed; nothing when it failed, and then it says why on standard error. */
function git(folder: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", args, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Runs the command; never throws. */
export function writeNotes(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  return outcomeOf("notes", async () => {
    flags(args, notesCommand.flags);
    const all = await notes(surroundings);
    const lines = all.map(
      ({ iid, done, fault }) =>
        `!${iid}: ${done === "failed" ? `no note: ${visible(String(fault))}` : `note ${done}`}\n`,
    );
    const failed = all.some(({ done }) => done === "failed");
    return {
      code: failed ? exitCodes.failed : exitCodes.fine,
      stdout: all.length === 0 ? "No merge request is open.\n" : lines.join(""),
      stderr: "",
    };
  });
}
