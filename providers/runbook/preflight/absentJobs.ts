import { newestJobs, pipelineJobs } from "../../../clients/gitlab/pipelines/jobs";
import { getSchedule, newestPipelines, type Pipeline } from "../../../clients/gitlab/pipelines/pipelines";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs } from "../../../contract/account";
import type { PipelineTarget } from "../../../contract/types/pipelines";
import { closest } from "../../../rotation/declaration/faults";
import { isByJobs, targetTitle } from "../account/accountInputs";
import { isNamed } from "../pipelines/runs";
import { findSchedule } from "../pipelines/schedules";

/**
 * Declared jobs that the newest pipeline did not have: perhaps a misspelt name, with which the proof would fail after the mint.
 * No fault, since the next pipeline may have it. What cannot be looked at is left out: other looks report it.
 */
export async function absentJobs({ pipelines }: Pick<AccountInputs, "pipelines">, at: Servers): Promise<string[]> {
  const found = await Promise.all(pipelines.map((target) => absent(target, at).catch(() => [])));
  return found.flat();
}

async function absent(target: PipelineTarget, at: Servers): Promise<string[]> {
  const { project, jobs: names = [] } = target;
  if (names.length === 0) return [];
  const title = `${targetTitle(target)} of project "${project}"`;
  const pipeline = await newestOf(target, at);
  if (pipeline === undefined) return isByJobs(target) ? never(project, names, at) : [];
  const jobs = await pipelineJobs(at.gitlab(), project, pipeline.id);
  if (jobs.length === 0) return [];
  // As they ran: GitLab lists the newest first.
  const there = [...new Set(jobs.map(({ name }) => name))].reverse();
  return names
    .filter((name) => !there.some((one) => isNamed(one, name)))
    .map((name) => {
      const meant = closest(name, there);
      const had = there.map((one) => `"${one}"`).join(", ");
      const advice =
        meant === undefined ? 'Correct "jobs", if it is misspelt' : `Write "${meant}", if that is what you mean`;
      return `${title}: its newest pipeline (${pipeline.id}) had no job "${name}"; it had ${had}. ${advice}: without that job the proof fails`;
    });
}

async function newestOf({ project, schedule, ref }: PipelineTarget, at: Servers): Promise<Pipeline | undefined> {
  if (schedule !== undefined) {
    const { id } = await findSchedule(project, schedule, at);
    return (await getSchedule(at.gitlab(), project, id)).lastPipeline;
  }
  return ref === undefined
    ? undefined
    : (await newestPipelines(at.gitlab(), project, ref.replace(/^refs\/(heads|tags)\//, "")))[0];
}

/** Of jobs that are observed wherever they run. */
async function never(project: string, names: readonly string[], at: Servers): Promise<string[]> {
  const looks = names.map(async (name) => {
    const [found] = await newestJobs(at.gitlab(), project, name, () => true);
    return found === undefined
      ? [
          `none of the newest 500 jobs of project "${project}" is called "${name}". Correct "jobs", if it is misspelt: the proof waits for that job`,
        ]
      : [];
  });
  return (await Promise.all(looks)).flat();
}
