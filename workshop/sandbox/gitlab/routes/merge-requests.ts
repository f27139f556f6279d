import type { Context } from "hono";
import { roles } from "../../world";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, type Part, segment } from "../answers/part";
import { forbidden, invalidModel, Refusal, recordNotFound, unauthorized } from "../answers/refusal";
import type { Env } from "../caller";
import type { MergeRequest } from "../records";
import { commitId } from "../state";
import { noteRoutes } from "./notes";
import { forget } from "./repository";

/** Merge requests and their notes. */
export function mergeRequestRoutes(part: Part): void {
  const { app, state } = part;
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

  app.post(base, async (context) => {
    const access = accessOf(part, context);
    const project = access.project(segment(context, "id"));
    access.demand(project, "developer");
    const parameters = await Parameters.of(context);
    const title = parameters.required("title");
    const sourceBranch = parameters.required("source_branch");
    const targetBranch = parameters.required("target_branch");
    parameters.check();
    if (title.trim() === "") throw invalidModel({ title: ["can't be blank"] });
    if (!project.branches.includes(sourceBranch)) throw invalidModel({ source_branch: ["does not exist"] });
    const other = project.mergeRequests.find(
      (one) => one.state === "opened" && one.sourceBranch === sourceBranch && one.targetBranch === targetBranch,
    );
    if (other) {
      const message = [`Another open merge request already exists for this source branch: !${other.iid}`];
      throw new Refusal(409, { message });
    }
    const now = state.stamp();
    const request: MergeRequest = {
      id: state.nextId("merge request", 8001),
      iid: project.mergeRequests.length + 1,
      projectId: project.id,
      title: title.slice(0, 255),
      description: null,
      state: "opened",
      sourceBranch,
      targetBranch,
      sourceProjectId: project.id,
      sha: commitId(project, sourceBranch),
      labels: parameters.list("labels") ?? [],
      assigneeIds: assignees(parameters) ?? [],
      removeSourceBranch: parameters.boolean("remove_source_branch") ?? false,
      authorId: access.caller.user.id,
      createdAt: now,
      updatedAt: now,
      closedAt: null,
      closedById: null,
      notes: [],
    };
    parameters.check();
    project.mergeRequests.push(request);
    describe(part, request, parameters.string("description"), access.caller.user.id);
    return context.json(rendered(part, request), 201);
  });

  app.put(`${base}/:iid`, async (context) => {
    const access = accessOf(part, context);
    const request = requestIn(part, context);
    const project = access.project(segment(context, "id"));
    if (access.level(project) < roles.developer && request.authorId !== access.caller.user.id) throw forbidden();
    const parameters = await Parameters.of(context);
    const event = parameters.oneOf("state_event", ["close", "reopen"]);
    const labels = parameters.list("labels") ?? request.labels;
    const added = parameters.list("add_labels") ?? [];
    const assigneeIds = assignees(parameters) ?? request.assigneeIds;
    parameters.check();
    request.title = parameters.string("title") ?? request.title;
    request.targetBranch = parameters.string("target_branch") ?? request.targetBranch;
    request.labels = [...new Set([...labels, ...added])];
    request.assigneeIds = assigneeIds;
    request.removeSourceBranch = parameters.boolean("remove_source_branch") ?? request.removeSourceBranch;
    describe(part, request, parameters.string("description"), access.caller.user.id);
    request.updatedAt = state.stamp();
    if (event) turn(part, request, event, access.caller.user.id);
    return context.json(rendered(part, request));
  });

  app.put(`${base}/:iid/merge`, (context) => {
    const access = accessOf(part, context);
    const project = access.project(segment(context, "id"));
    const request = requestIn(part, context);
    if (!access.mayPushTo(project, request.targetBranch)) throw unauthorized();
    if (request.state !== "opened") throw new Refusal(405, { message: "405 Method Not Allowed" });
    const [into, from] = [project.repository.find(request.targetBranch), project.repository.find(request.sourceBranch)];
    const changes = into && from ? project.repository.merge(into, from) : undefined;
    if (!into || !from || !changes) throw new Refusal(422, { message: "Branch cannot be merged" });
    project.repository.commit(request.targetBranch, [into, from], changes, {
      message: `Merge branch '${request.sourceBranch}' into '${request.targetBranch}'`,
      authorId: access.caller.user.id,
      at: state.stamp(),
    });
    request.state = "merged";
    request.updatedAt = state.stamp();
    if (request.removeSourceBranch) forget(project, request.sourceBranch);
    return context.json(rendered(part, request));
  });

  noteRoutes(part, base, { type: "MergeRequest", find: (context) => requestIn(part, context), turn });
}

function requestIn(part: Part, context: Context<Env>): MergeRequest {
  const project = accessOf(part, context).project(segment(context, "id"));
  const request = project.mergeRequests.find((one) => String(one.iid) === segment(context, "iid"));
  if (!request) throw recordNotFound();
  return request;
}

function assignees(parameters: Parameters): number[] | undefined {
  const one = parameters.integer("assignee_id");
  return parameters.list("assignee_ids")?.map(Number) ?? (one === undefined ? undefined : [one]);
}

/** Set a description; GitLab carries out the lines that are quick actions, and keeps the others. */
function describe(part: Part, request: MergeRequest, text: string | undefined, userId: number): void {
  if (text === undefined) return;
  const lines = text.split("\n");
  const commands = lines.filter((line) => /^\/(close|reopen)\s*$/.test(line));
  for (const command of commands) turn(part, request, command.trim() === "/close" ? "close" : "reopen", userId);
  request.description = lines.filter((line) => !commands.includes(line)).join("\n");
}

/** Close or reopen a merge request; one that was merged stays so. */
function turn({ state }: Part, request: MergeRequest, event: "close" | "reopen", userId: number): void {
  if (request.state === "merged") return;
  request.state = event === "close" ? "closed" : "opened";
  request.closedAt = event === "close" ? (request.closedAt ?? state.stamp()) : null;
  request.closedById = event === "close" ? (request.closedById ?? userId) : null;
}

/** A merge request as GitLab shows it. */
function rendered({ render, state }: Part, request: MergeRequest) {
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
    assignees: request.assigneeIds.map(userOf),
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
