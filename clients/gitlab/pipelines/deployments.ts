import type { GitLab } from "../client";
import { projectPath } from "../owner";
import type { Shape } from "../shape";

/** A deployment to an environment. */
export interface Deployment {
  readonly id: number;
  /** The commit. */
  readonly sha: string;
  /** The job that makes it; absent when somebody entered the deployment through the API. */
  readonly job?: DeploymentJob;
}

/** The job of a deployment. */
export interface DeploymentJob {
  readonly id: number;
  readonly name: string;
  /** The branch, or the tag. */
  readonly ref: string;
  readonly isTag: boolean;
  /** Username of who started it. */
  readonly username: string;
  /** An instant; absent while it waits for somebody to start it. */
  readonly startedAt?: string;
}

/** The deployments to an environment, newest first, until enough were read. */
export function listDeployments(
  gitlab: GitLab,
  project: string,
  environment: string,
  enough: (found: readonly Deployment[]) => boolean,
): Promise<Deployment[]> {
  const query = { environment, order_by: "id", sort: "desc" };
  return gitlab.list(`${projectPath(project)}/deployments`, deployment, query, enough);
}

function deployment(shape: Shape): Deployment {
  const made = shape.optional("deployable", job);
  return { id: shape.integer("id"), sha: shape.text("sha"), ...(made === undefined ? {} : { job: made }) };
}

function job(shape: Shape): DeploymentJob {
  const startedAt = shape.optionalText("started_at");
  return {
    id: shape.integer("id"),
    name: shape.text("name"),
    ref: shape.text("ref"),
    isTag: shape.flag("tag"),
    username: shape.optional("user", (user) => user.text("username")) ?? "",
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}
