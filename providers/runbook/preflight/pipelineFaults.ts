import { messageOf } from "../../../clients/faults";
import type { GitLab } from "../../../clients/gitlab/client";
import { newestJobs } from "../../../clients/gitlab/pipelines/jobs";
import { isProtectedBranch, isProtectedTag } from "../../../clients/gitlab/projects/branches";
import { getProject } from "../../../clients/gitlab/projects/projects";
import { NotFound } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs } from "../../../contract/account";
import type { PipelineTarget } from "../../../contract/types/pipelines";
import type { VariableTarget } from "../../../contract/types/places";
import { existingVariable } from "../../../places/variable/existing";
import { targetTitle } from "../account/accountInputs";
import { findSchedule } from "../pipelines/schedules";
import { reaches } from "./reach";

/** What is wrong with the declared pipelines: each must be there, and see the variables that it is to prove. */
export async function pipelineFaults(
  { pipelines, variables }: Pick<AccountInputs, "pipelines" | "variables">,
  at: Servers,
): Promise<string[]> {
  const faults = await Promise.all(pipelines.map((target) => pipelineFault(target, variables, at)));
  return faults.filter((fault) => fault !== undefined);
}

async function pipelineFault(
  target: PipelineTarget,
  variables: readonly VariableTarget[],
  at: Servers,
): Promise<string | undefined> {
  const { project, schedule, ref: declared, job } = target;
  const title = `${targetTitle(target)} of project "${project}"`;
  try {
    const found = await refOf(target, title, at);
    if ("fault" in found) return found.fault;
    const { ref } = found;
    const hidden = await protectedVariable(project, variables, at);
    // Whether a branch is protected matters only to a protected variable; whether it is there, where it was declared.
    if (hidden === undefined && declared === undefined) return undefined;
    const isProtected = await protection(at.gitlab(), project, ref);
    if (isProtected === undefined && job !== undefined) return undefined;
    if (isProtected === undefined)
      return `${title}: there is no branch or tag "${ref}" that the token in "GITLAB_TOKEN" may see. Correct ${schedule === undefined ? '"ref"' : "the schedule"}, or give its user the role Developer`;
    if (isProtected || hidden === undefined) return undefined;
    return `${title} runs on "${ref}", which is not protected, and variable "${hidden.key}" is: the pipeline would not see it. Protect the branch, or declare the variable with protected: false`;
  } catch (error) {
    return `${title}: ${messageOf(error)}`;
  }
}

/** Whether a target runs on a protected branch or tag, as far as that can be told. */
export async function runsProtected(target: PipelineTarget, at: Servers): Promise<boolean | undefined> {
  const found = await refOf(target, "", at);
  return "fault" in found ? undefined : protection(at.gitlab(), target.project, found.ref);
}

/** The branch or tag that a target runs on, or what is wrong with it. */
async function refOf(
  { project, schedule: description, ref, job, observed }: PipelineTarget,
  title: string,
  at: Servers,
): Promise<{ ref: string } | { fault: string }> {
  if (ref !== undefined) return { ref };
  if (description !== undefined) {
    const schedule = await findSchedule(project, description, at);
    if (observed === true && !schedule.active)
      return {
        fault: `${title} is not active: it would never run by itself. Activate it, or have it played (without "observed")`,
      };
    return { ref: schedule.ref };
  }
  if (job === undefined) {
    const found = await at.remember(`project ${project}`, () => getProject(at.gitlab(), project));
    return { ref: found.defaultBranch };
  }
  const [newest] = await newestJobs(at.gitlab(), project, job, () => true);
  if (newest !== undefined) return { ref: newest.ref };
  return {
    fault: `${title}: none of the newest 500 jobs has that name. Correct "job", or name a "schedule" or a "ref"`,
  };
}

/** A declared variable that jobs of the project read and that only protected branches and tags see. */
async function protectedVariable(
  project: string,
  variables: readonly VariableTarget[],
  at: Servers,
): Promise<VariableTarget | undefined> {
  for (const variable of variables) {
    if (!reaches(variable, project)) continue;
    // What is not declared stays as it is; a new one is not protected.
    const isProtected =
      variable.protected ?? (await existingVariable(variable, at).catch(() => ({ protected: false }))).protected;
    if (isProtected) return variable;
  }
  return undefined;
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
