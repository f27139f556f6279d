import { isDenied } from "../../clients/faults";
import type { GitLab } from "../../clients/gitlab/client";
import { pipelineJobs } from "../../clients/gitlab/pipelines/jobs";
import { listSchedules, newestPipelines } from "../../clients/gitlab/pipelines/pipelines";
import { getProject } from "../../clients/gitlab/projects/projects";

/** What could prove a token in a project. */
export interface Provable {
  readonly project: string;
  /** The jobs that decided how the newest pipeline of the default branch ended. */
  readonly jobs: readonly string[];
  /** Descriptions of the active pipeline schedules. */
  readonly schedules: readonly string[];
}

/** What the pipelines of a project offer as proofs. Nothing is run. */
export async function findProofs(gitlab: GitLab, project: string): Promise<Provable> {
  try {
    const [{ defaultBranch }, schedules] = await Promise.all([
      getProject(gitlab, project),
      listSchedules(gitlab, project),
    ]);
    const pipelines = await newestPipelines(gitlab, project, defaultBranch);
    const ended = pipelines.find(({ status }) => status === "success" || status === "failed");
    const jobs = ended === undefined ? [] : await pipelineJobs(gitlab, project, ended.id);
    const deciding = jobs.filter(
      ({ status, allowFailure }) => !allowFailure && (status === "success" || status === "failed"),
    );
    return {
      project,
      jobs: [...new Set(deciding.sort((a, b) => a.id - b.id).map(({ name }) => name))],
      schedules: schedules.filter(({ active }) => active).map(({ description }) => description),
    };
  } catch (error) {
    if (!isDenied(error)) throw error;
    return { project, jobs: [], schedules: [] };
  }
}
