import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, type Part, segment } from "../answers/part";
import type { Deployment, Project } from "../records";

/** Deployments: read only. What a pipeline would make, a test puts into the state. */
export function deploymentRoutes(part: Part): void {
  part.app.get("/projects/:id/deployments", async (context) => {
    const project = accessOf(part, context).project(segment(context, "id"));
    const parameters = await Parameters.of(context);
    const environment = parameters.string("environment");
    const status = parameters.string("status");
    parameters.oneOf("order_by", ["id", "iid", "created_at", "updated_at", "finished_at", "ref"]);
    const descending = parameters.oneOf("sort", ["asc", "desc"]) === "desc";
    parameters.check();
    const found = project.deployments.filter(
      (one) =>
        (environment === undefined || one.environment === environment) &&
        (status === undefined || one.status === status),
    );
    return page(context, parameters, descending ? found.reverse() : found, (one) => rendered(part, project, one));
  });
}

function rendered({ render, state }: Part, project: Project, one: Deployment) {
  const user = render.userBasic(state.user(one.userId));
  const { web_url } = render.project(project);
  return {
    id: one.id,
    iid: one.id,
    ref: one.ref,
    sha: one.sha,
    status: one.status,
    created_at: one.createdAt,
    updated_at: one.createdAt,
    user,
    environment: { id: 1, name: one.environment, external_url: null },
    deployable:
      one.job === undefined
        ? null
        : {
            id: one.job.id,
            name: one.job.name,
            ref: one.ref,
            tag: false,
            stage: "deploy",
            status: one.status === "blocked" ? "manual" : one.status,
            created_at: one.createdAt,
            started_at: one.job.startedAt,
            user,
            commit: { id: one.sha, short_id: one.sha.slice(0, 8) },
            web_url: `${web_url}/-/jobs/${one.job.id}`,
          },
  };
}
