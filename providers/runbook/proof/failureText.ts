import { newestPipelines, type Pipeline, schedulePipelines } from "../../../clients/gitlab/pipelines/pipelines";
import type { Servers } from "../../../clients/servers";
import type { PipelineTarget, Run } from "../../../contract/types/pipelines";
import { targetTitle } from "../account/accountInputs";
import { findSchedule } from "../pipelines/schedules";
import { isBesideToken } from "./besideToken";
import { verdict } from "./verdict";

/** A target whose run failed, or could not be started. */
export interface FailedAttempt {
  readonly target: PipelineTarget;
  readonly run: Run;
  /** Why it could not be started. */
  readonly refusal?: string;
}

/** What failed, where to look, and whether it did so before the rotation: then the new token is not to blame. */
export async function failureText({ target, run, refusal }: FailedAttempt, at: Servers): Promise<string> {
  const title = `${targetTitle(target)} of project "${target.project}"`;
  if (refusal !== undefined) return `${title} could not be run: ${refusal}`;
  const found = verdict(target, run);
  const why = "failed" in found ? found.failed : run.status;
  const which = run.pipelineId === undefined ? "" : ` (pipeline ${run.pipelineId})`;
  const before = isBesideToken(target, run) ? "" : await beforeText(target, run, at);
  return `${title}${which} failed: ${why}. ${run.url}${before}`;
}

async function beforeText(target: PipelineTarget, { last }: Run, at: Servers): Promise<string> {
  if (last === undefined) return "";
  if (last.status === "success")
    return `\n  With the earlier token it passed, last at ${last.at} (${last.url}): look first at what the new token may do.`;
  if (last.status !== "failed") return "";
  const since = await redSince(target, last.url, at).catch(() => undefined);
  return `\n  It was red already since ${since ?? last.at}, with the earlier token (${last.url}): the rotation may not be what broke it.`;
}

/** When the unbroken row of failures began that a pipeline ends, as far as GitLab's newest 20 tell. */
async function redSince(target: PipelineTarget, lastUrl: string, at: Servers): Promise<string | undefined> {
  const pipelines = await history(target, at);
  const from = pipelines.findIndex(({ url }) => url === lastUrl);
  if (from < 0) return undefined;
  const green = pipelines.findIndex(({ status }, index) => index > from && status === "success");
  const red = pipelines.slice(from, green < 0 ? undefined : green).filter(({ status }) => status === "failed");
  return red.at(-1)?.createdAt;
}

async function history({ project, schedule, ref }: PipelineTarget, at: Servers): Promise<readonly Pipeline[]> {
  if (schedule !== undefined)
    return schedulePipelines(at.gitlab(), project, (await findSchedule(project, schedule, at)).id);
  return ref === undefined ? [] : newestPipelines(at.gitlab(), project, ref);
}
