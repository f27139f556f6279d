import { listJobs } from "../gitlab/api/jobs";
import { getProject } from "../gitlab/api/projects";
import type { PipelineTarget } from "./accountInputs";
import { isMoving, isNamed, ownStatuses, type Run, runJob } from "./runs";
import type { Servers } from "./servers";

/**
 * Looks whether the named jobs have run by themselves since the places hold the token, on one branch: what a feature branch
 * makes of them says nothing. One success of each is enough.
 */
export async function observe(target: PipelineTarget, run: Run, at: Servers): Promise<Run> {
  const { project, jobs: names = [] } = target;
  const { defaultBranch } = await at.remember(`project ${project}`, () => getProject(at.gitlab(), project));
  const after = run.after ?? 0;
  const all = await listJobs(at.gitlab(), project, (found) => found.length >= 500 || (found.at(-1)?.id ?? 0) <= after);
  const later = all.filter(({ id, ref }) => id > after && ref === defaultBranch);
  const jobs = names.flatMap((name) => {
    const ofName = later.filter((job) => isNamed(job.name, name));
    const job = ofName.find(({ status }) => status === "success") ?? ofName[0];
    return job === undefined ? [] : [runJob(job)];
  });
  const pending = jobs.find(({ status }) => isMoving({ status }));
  if (jobs.some(({ status }) => status !== "success" && !isMoving({ status })))
    return { ...run, status: "failed", jobs, ...urlOf(jobs) };
  if (pending !== undefined) return { ...run, status: pending.status, jobs: [] };
  const isDone = names.every((name) => jobs.some((job) => isNamed(job.name, name)));
  return isDone ? { ...run, status: "success", jobs, ...urlOf(jobs) } : { ...run, status: ownStatuses.waiting };
}

function urlOf(jobs: readonly { readonly url: string }[]): { url?: string } {
  const [first] = jobs;
  return first === undefined ? {} : { url: first.url };
}
