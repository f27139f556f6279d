// `npm run approved`: the commit that a person let through last, for the run that nobody watches. In a GitLab CI/CD job.

import { spawnSync } from "node:child_process";
import { GitLab } from "../../clients/gitlab/client";
import { type Deployment, type DeploymentJob, listDeployments } from "../../clients/gitlab/pipelines/deployments";
import { visible } from "../../ground/visible";
import { flags, type Outcome, outcomeOf, type Surroundings, UsageError } from "../command";
import { exitCodes } from "../exitCodes";
import { approvedCommand } from "../table/behind";

/** Runs the command; never throws. */
export function approved(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  return outcomeOf("approved", () => found(args, surroundings));
}

async function found(args: readonly string[], { folder, environment }: Surroundings): Promise<Outcome> {
  const { values: wanted } = flags(args, approvedCommand.flags);
  const { environment: name, job } = wanted;
  const { CI_PROJECT_ID: project, CI_DEFAULT_BRANCH: branch } = environment;
  if (name === undefined || job === undefined || !project || !branch)
    throw new UsageError(
      "Looking for the approved commit: --environment, --job, and GitLab CI's CI_PROJECT_ID and CI_DEFAULT_BRANCH are needed. Run it in a GitLab CI/CD job.",
    );
  const isApproval = (one: Deployment) => one.job !== undefined && wasLetThrough(one.job, job, branch);
  const list = await listDeployments(GitLab.fromJob(environment), project, name, (all) => all.some(isApproval));
  const approval = list.find(isApproval);
  if (approval?.job === undefined)
    throw new Error(
      `Looking for the approved commit: no job "${job}" of branch "${branch}" was ever started in environment "${name}". Look at the preview in the newest pipeline of "${branch}", and start its job "${job}".`,
    );
  const { sha } = approval;
  const where = `the job "${job}" (${approval.job.id}) that ${approval.job.username} started on ${approval.job.startedAt}`;
  const shown = /^[0-9a-f]{40,64}$/.test(sha) ? sha : "(no commit id)";
  if (shown !== sha || git(folder, ["merge-base", "--is-ancestor", sha, "HEAD"]) === undefined)
    throw new Error(
      `Looking for the approved commit: ${shown}, of ${where}, is not in the history of the commit at hand. Was "${branch}" rewritten, or is the clone shallow (GIT_DEPTH must be 0)? Start "${job}" in the newest pipeline of "${branch}".`,
    );
  const later = Number(git(folder, ["rev-list", "--count", `${sha}..HEAD`]) ?? "0");
  const waiting = later === 0 ? "" : ` ${later} later commit${later === 1 ? " waits" : "s wait"} for approval.`;
  return { code: exitCodes.fine, stdout: `${sha}\n`, stderr: visible(`Approved: ${sha}, by ${where}.${waiting}\n`) };
}

/**
 * A deployment that somebody entered through the API has no job, and one of another branch need not have been allowed by
 * those who may merge into the default branch: neither is an approval.
 */
function wasLetThrough(job: DeploymentJob, name: string, branch: string): boolean {
  return job.name === name && job.ref === branch && !job.isTag && job.startedAt !== undefined;
}

/** What git printed; nothing when it failed. */
function git(folder: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
