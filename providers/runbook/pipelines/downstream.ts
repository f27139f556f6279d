import { isDenied } from "../../../clients/faults";
import { type Bridge, type DownstreamPipeline, listBridges } from "../../../clients/gitlab/pipelines/bridges";
import { type Job, pipelineJobs } from "../../../clients/gitlab/pipelines/jobs";
import type { Servers } from "../../../clients/servers";
import type { RunPipeline } from "../../../contract/types/pipelines";
import { isNamed } from "./runs";

/** How far pipelines that start pipelines are followed. */
const DEPTH = 4;

/** What a pipeline consists of, with what it started. */
export interface Family {
  /** Its jobs and those that start other pipelines; of pipelines further down, only what was asked for. */
  readonly jobs: readonly Job[];
  /** The pipelines that it started, and those that these started. */
  readonly pipelines: readonly RunPipeline[];
}

/**
 * Follows a pipeline to all that it started. A job that starts another pipeline is green as soon as that is made, unless it
 * was told to wait: so each is looked at itself.
 *
 * @param wanted - whether its own jobs are wanted, and the names of those to look for further down when it has none of them.
 */
export async function family(
  project: string,
  pipelineId: number,
  { own: isWanted, names }: { readonly own: boolean; readonly names: readonly string[] },
  at: Servers,
): Promise<Family> {
  const [own, bridges] = await Promise.all([
    isWanted ? pipelineJobs(at.gitlab(), project, pipelineId) : [],
    listBridges(at.gitlab(), project, pipelineId),
  ]);
  let jobs: Job[] = [...own, ...bridges];
  const pipelines: RunPipeline[] = [];
  let next = startedBy(bridges);
  for (let depth = 0; depth < DEPTH && next.length > 0; depth++) {
    pipelines.push(...next.map(({ seen }) => seen));
    const missing = names.filter((name) => !jobs.some((job) => isNamed(job.name, name)));
    const below = await Promise.all(next.map(({ pipeline }) => inside(pipeline, missing, at)));
    jobs = [...jobs, ...below.flatMap((one) => one.jobs)];
    next = below.flatMap((one) => startedBy(one.bridges));
  }
  return { jobs, pipelines };
}

interface Started {
  readonly pipeline: DownstreamPipeline;
  readonly seen: RunPipeline;
}

function startedBy(bridges: readonly Bridge[]): Started[] {
  return bridges.flatMap(({ name, allowFailure, downstream }) =>
    downstream === undefined
      ? []
      : [{ pipeline: downstream, seen: { job: name, status: downstream.status, url: downstream.url, allowFailure } }],
  );
}

/** A pipeline of a project that our user may not see is known by its status alone. */
async function inside(
  { id, projectId }: DownstreamPipeline,
  missing: readonly string[],
  at: Servers,
): Promise<{ jobs: readonly Job[]; bridges: readonly Bridge[] }> {
  const project = String(projectId);
  try {
    const [jobs, bridges] = await Promise.all([
      missing.length === 0 ? [] : pipelineJobs(at.gitlab(), project, id),
      listBridges(at.gitlab(), project, id),
    ]);
    return { jobs: [...jobs.filter(({ name }) => missing.some((one) => isNamed(name, one))), ...bridges], bridges };
  } catch (error) {
    if (!isDenied(error)) throw error;
    return { jobs: [], bridges: [] };
  }
}
