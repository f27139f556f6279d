import { isProtectedBranch, isProtectedTag } from "../gitlab/api/branches";
import { newestJobs } from "../gitlab/api/jobs";
import type { GitLab } from "../gitlab/client";
import { NotFound } from "../http";
import { type AccountInputs, type PipelineTarget, targetTitle } from "./accountInputs";
import { messageOf } from "./faults";
import { findSchedule } from "./schedules";
import type { Servers } from "./servers";

/** What is wrong with the declared pipelines: each must be there, and see the variables that it is to prove. */
export async function pipelineFaults(inputs: AccountInputs, at: Servers): Promise<string[]> {
  const faults = await Promise.all(inputs.pipelines.map((target) => pipelineFault(target, inputs, at)));
  return faults.filter((fault) => fault !== undefined);
}

async function pipelineFault(target: PipelineTarget, inputs: AccountInputs, at: Servers): Promise<string | undefined> {
  const title = `${targetTitle(target)} of project "${target.project}"`;
  try {
    if (target.job !== undefined) return await jobFault(target.project, target.job, title, at);
    const ref = target.ref ?? (await findSchedule(target.project, target.schedule ?? "", at)).ref;
    const hidden = inputs.variables.find(
      (variable) => variable.protected === true && variable.project === target.project,
    );
    // Whether a schedule's branch is protected matters only to a protected variable.
    if (target.ref === undefined && hidden === undefined) return undefined;
    const isProtected = await protection(at.gitlab(), target.project, ref);
    if (isProtected === undefined)
      return `${title}: there is no branch or tag "${ref}" that the token in "GITLAB_TOKEN" may see. Correct it, or give its user the role Developer`;
    if (isProtected || hidden === undefined) return undefined;
    return `${title} runs on "${ref}", which is not protected, and variable "${hidden.key}" is: the pipeline would not see it. Protect the branch, or declare the variable with protected: false`;
  } catch (error) {
    return `${title}: ${messageOf(error)}`;
  }
}

async function jobFault(project: string, job: string, title: string, at: Servers): Promise<string | undefined> {
  const jobs = await newestJobs(at.gitlab(), project, job, () => true);
  if (jobs.length > 0) return undefined;
  return `${title}: none of the newest 500 jobs has that name. Correct "job", or name a "schedule" or a "ref"`;
}

/** Whether a branch or tag is protected; undefined when there is none. A schedule names its ref short or in full. */
async function protection(gitlab: GitLab, project: string, ref: string): Promise<boolean | undefined> {
  const orNone = (error: unknown) => {
    if (error instanceof NotFound) return undefined;
    throw error;
  };
  const tag = ref.startsWith("refs/tags/") ? ref.slice("refs/tags/".length) : undefined;
  if (tag !== undefined) return isProtectedTag(gitlab, project, tag).catch(orNone);
  const name = ref.replace(/^refs\/heads\//, "");
  return (
    (await isProtectedBranch(gitlab, project, name).catch(orNone)) ??
    (await isProtectedTag(gitlab, project, name).catch(orNone))
  );
}
