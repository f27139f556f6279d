import { listJobs } from "../../../clients/gitlab/pipelines/jobs";
import { getProject } from "../../../clients/gitlab/projects/projects";
import type { Servers } from "../../../clients/servers";
import type { PipelineTarget, Run } from "../../../contract/types/pipelines";
import { isMoving, isNamed, ownStatuses, runJob } from "./runs";

/**
 * Looks whether the named jobs have run by themselves since the places hold the token, on one branch or tag: what a feature
 * branch makes of them says nothing. One success of each is enough; one that was canceled, was skipped or waits for a person
 * says nothing.
 */
export async function observe(target: PipelineTarget, run: Run, at: Servers): Promise<Run> {
  const { project, jobs: names = [] } = target;
  const ref = target.ref === undefined ? await defaultBranch(project, at) : shortRef(target.ref);
  const after = run.after ?? 0;
  const all = await listJobs(at.gitlab(), project, (found) => found.length >= 500 || (found.at(-1)?.id ?? 0) <= after);
  const later = all.filter((job) => job.id > after && job.ref === ref);
  const jobs = names.flatMap((name) => {
    const ofName = later.filter((job) => isNamed(job.name, name));
    const telling = ofName.filter((job) => job.status === "success" || job.status === "failed" || isMoving(job));
    const job = telling.find(({ status }) => status === "success") ?? telling[0];
    return job === undefined ? [] : [runJob(job)];
  });
  const pending = jobs.find(isMoving);
  if (jobs.some(({ status }) => status === "failed")) return { ...run, status: "failed", jobs, ...urlOf(jobs) };
  if (pending !== undefined) return { ...run, status: pending.status, jobs: [] };
  const isDone = names.every((name) => jobs.some((job) => isNamed(job.name, name)));
  return isDone ? { ...run, status: "success", jobs, ...urlOf(jobs) } : { ...run, status: ownStatuses.waiting };
}

async function defaultBranch(project: string, at: Servers): Promise<string> {
  return (await at.remember(`project ${project}`, () => getProject(at.gitlab(), project))).defaultBranch;
}

/** A ref as jobs name it. */
function shortRef(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, "");
}

function urlOf(jobs: readonly { readonly url: string }[]): { url?: string } {
  const [first] = jobs;
  return first === undefined ? {} : { url: first.url };
}
