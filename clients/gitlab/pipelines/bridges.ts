import { NotFound } from "../../http";
import type { GitLab } from "../client";
import { projectPath } from "../owner";
import type { Shape } from "../shape";
import { type Job, jobOf } from "./jobs";
import { type Pipeline, pipelineOf } from "./pipelines";

/** A pipeline that another one started. */
export interface DownstreamPipeline extends Pipeline {
  readonly projectId: number;
}

/** A job that starts another pipeline, of the same project or of another one. */
export interface Bridge extends Job {
  /** Absent until it has started one. */
  readonly downstream: DownstreamPipeline | undefined;
}

/** Instances that were found to know the newer route only. */
const renamed = new Set<string>();

/**
 * The jobs of a pipeline that start other pipelines. GitLab 19.2 calls them trigger jobs, and keeps the earlier route until
 * it goes; an instance without it says so with a 404 that is about the route, not about the pipeline.
 */
export async function listBridges(gitlab: GitLab, project: string | number, pipelineId: number): Promise<Bridge[]> {
  const base = `${projectPath(String(project))}/pipelines/${pipelineId}`;
  if (renamed.has(gitlab.baseUrl)) return gitlab.list(`${base}/trigger_jobs`, bridge);
  try {
    return await gitlab.list(`${base}/bridges`, bridge);
  } catch (error) {
    if (!(error instanceof NotFound) || error.serverMessage !== "404 Not Found") throw error;
    const found = await gitlab.list(`${base}/trigger_jobs`, bridge);
    renamed.add(gitlab.baseUrl);
    return found;
  }
}

function bridge(shape: Shape): Bridge {
  const downstream = shape.optional("downstream_pipeline", (one) => ({
    ...pipelineOf(one),
    projectId: one.integer("project_id"),
  }));
  return { ...jobOf(shape), downstream };
}
