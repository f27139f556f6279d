import type { Context } from "hono";
import type { Env } from "../caller";
import { page } from "../page";
import { Parameters } from "../parameters";
import { accessOf, type Part, segment } from "../part";
import { recordNotFound } from "../refusal";
import type { MergeRequest } from "../state";
import { noteRoutes } from "./notes";

/** Merge requests and their notes. */
export function mergeRequestRoutes(part: Part): void {
  const { app } = part;
  const base = "/projects/:id/merge_requests";

  app.get(base, async (context) => {
    const project = accessOf(part, context).project(segment(context, "id"));
    const parameters = await Parameters.of(context);
    const wanted = parameters.oneOf("state", ["opened", "closed", "locked", "merged", "all"]) ?? "all";
    const source = parameters.string("source_branch");
    const target = parameters.string("target_branch");
    const iids = parameters.list("iids")?.map(Number);
    const authorId = parameters.integer("author_id");
    const descending = (parameters.oneOf("sort", ["asc", "desc"]) ?? "desc") === "desc";
    parameters.check();
    const found = project.mergeRequests.filter(
      (request) =>
        (wanted === "all" || request.state === wanted) &&
        (source === undefined || request.sourceBranch === source) &&
        (target === undefined || request.targetBranch === target) &&
        (iids === undefined || iids.includes(request.iid)) &&
        (authorId === undefined || request.authorId === authorId),
    );
    return page(context, parameters, descending ? found.reverse() : found, (one) => rendered(part, one));
  });

  app.get(`${base}/:iid`, (context) => context.json(rendered(part, requestIn(part, context))));

  noteRoutes(part, base, { type: "MergeRequest", find: (context) => requestIn(part, context), turn });
}

function requestIn(part: Part, context: Context<Env>): MergeRequest {
  const project = accessOf(part, context).project(segment(context, "id"));
  const request = project.mergeRequests.find((one) => String(one.iid) === segment(context, "iid"));
  if (!request) throw recordNotFound();
  return request;
}

/** Close or reopen a merge request; one that was merged stays so. */
function turn({ state }: Part, request: MergeRequest, event: "close" | "reopen", userId: number): void {
  if (request.state === "merged") return;
  request.state = event === "close" ? "closed" : "opened";
  request.closedAt = event === "close" ? (request.closedAt ?? state.stamp()) : null;
  request.closedById = event === "close" ? (request.closedById ?? userId) : null;
}

/** A merge request as GitLab shows it. */
export function rendered({ render, state }: Part, request: MergeRequest) {
  const project = render.project(state.projectById(request.projectId));
  const userOf = (id: number) => render.userBasic(state.user(id));
  return {
    id: request.id,
    iid: request.iid,
    project_id: request.projectId,
    title: request.title,
    description: request.description,
    state: request.state,
    created_at: request.createdAt,
    updated_at: request.updatedAt,
    closed_by: request.closedById === null ? null : userOf(request.closedById),
    closed_at: request.closedAt,
    target_branch: request.targetBranch,
    source_branch: request.sourceBranch,
    user_notes_count: request.notes.filter((note) => !note.system).length,
    author: userOf(request.authorId),
    assignees: [],
    reviewers: [],
    source_project_id: request.sourceProjectId,
    target_project_id: request.projectId,
    labels: request.labels,
    draft: /^\[?draft[\]:]/i.test(request.title),
    detailed_merge_status: request.state === "opened" ? "mergeable" : "not_open",
    sha: request.sha,
    references: {
      short: `!${request.iid}`,
      relative: `!${request.iid}`,
      full: `${project.path_with_namespace}!${request.iid}`,
    },
    web_url: `${project.web_url}/-/merge_requests/${request.iid}`,
  };
}
