import type { Context } from "hono";
import { roles } from "../../world";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, type Part, segment } from "../answers/part";
import { forbidden, invalidModel, recordNotFound } from "../answers/refusal";
import type { Env } from "../caller";
import type { Issue } from "../records";
import { noteRoutes } from "./notes";

/** Issues. */
export function issueRoutes(part: Part): void {
  const { app, render, state } = part;
  const base = "/projects/:id/issues";

  app.get(base, async (context) => {
    const { access, project } = place(part, context);
    const parameters = await Parameters.of(context);
    const wanted = parameters.oneOf("state", ["opened", "closed", "all"]) ?? "all";
    const labels = parameters.list("labels");
    const search = parameters.string("search")?.toLowerCase();
    const where = (parameters.string("in") ?? "title,description").split(",");
    const iids = parameters.list("iids")?.map(Number);
    const confidential = parameters.boolean("confidential");
    const author = parameters.string("author_username");
    const authorId = parameters.integer("author_id");
    const closedById = parameters.integer("closed_by_id");
    const own = parameters.oneOf("scope", ["created_by_me", "all"]) === "created_by_me";
    const createdAfter = parameters.instant("created_after");
    const updatedAfter = parameters.instant("updated_after");
    const descending = (parameters.oneOf("sort", ["asc", "desc"]) ?? "desc") === "desc";
    parameters.check();
    const found = project.issues.filter(
      (issue) =>
        readable(access.level(project), access.caller.user.id, issue) &&
        (wanted === "all" || issue.state === wanted) &&
        (labels === undefined || labels.every((label) => issue.labels.includes(label))) &&
        (iids === undefined || iids.includes(issue.iid)) &&
        (confidential === undefined || issue.confidential === confidential) &&
        (author === undefined || state.user(issue.authorId).username === author) &&
        (authorId === undefined || issue.authorId === authorId) &&
        (closedById === undefined || issue.closedById === closedById) &&
        (!own || issue.authorId === access.caller.user.id) &&
        (createdAfter === undefined || Date.parse(issue.createdAt) >= createdAfter) &&
        (updatedAfter === undefined || Date.parse(issue.updatedAt) >= updatedAfter) &&
        (search === undefined ||
          (where.includes("title") && issue.title.toLowerCase().includes(search)) ||
          (where.includes("description") && (issue.description ?? "").toLowerCase().includes(search))),
    );
    return page(context, parameters, descending ? found.reverse() : found, render.issue);
  });

  app.get(`${base}/:iid`, (context) => context.json(render.issue(issueIn(part, context))));

  app.post(base, async (context) => {
    const { access, project } = place(part, context);
    const parameters = await Parameters.of(context);
    const title = parameters.required("title");
    const now = state.stamp();
    const issue: Issue = {
      id: state.nextId("issue", 7001),
      iid: project.issues.length + 1,
      projectId: project.id,
      title,
      description: parameters.string("description") ?? null,
      state: "opened",
      labels: parameters.list("labels") ?? [],
      assigneeIds: (parameters.list("assignee_ids") ?? []).map(Number),
      authorId: access.caller.user.id,
      confidential: parameters.boolean("confidential") ?? false,
      issueType: parameters.string("issue_type") ?? "issue",
      dueDate: parameters.date("due_date") ?? null,
      createdAt: now,
      updatedAt: now,
      closedAt: null,
      closedById: null,
      notes: [],
    };
    parameters.check();
    if (title.trim() === "") throw invalidModel({ title: ["can't be blank"] });
    if (title.length > 255) throw invalidModel({ title: ["is too long (maximum is 255 characters)"] });
    project.issues.push(issue);
    return context.json(render.issue(issue), 201);
  });

  app.put(`${base}/:iid`, async (context) => {
    const issue = issueIn(part, context);
    const { access, project } = place(part, context);
    const mayEdit = access.level(project) >= roles.reporter || issue.authorId === access.caller.user.id;
    if (!mayEdit) throw forbidden();
    const parameters = await Parameters.of(context);
    const event = parameters.oneOf("state_event", ["close", "reopen"]);
    const added = parameters.list("add_labels") ?? [];
    const removed = parameters.list("remove_labels") ?? [];
    const confidential = parameters.boolean("confidential");
    const dueDate = parameters.date("due_date");
    parameters.check();
    issue.title = parameters.string("title") ?? issue.title;
    issue.description = parameters.string("description") ?? issue.description;
    const labels = parameters.list("labels") ?? issue.labels;
    issue.labels = [...new Set([...labels, ...added])].filter((label) => !removed.includes(label));
    issue.assigneeIds = parameters.list("assignee_ids")?.map(Number) ?? issue.assigneeIds;
    issue.confidential = confidential ?? issue.confidential;
    issue.dueDate = dueDate ?? issue.dueDate;
    issue.updatedAt = state.stamp();
    if (event) turn(part, issue, event, access.caller.user.id);
    return context.json(render.issue(issue));
  });

  noteRoutes(part, base, { type: "Issue", find: (context) => issueIn(part, context), turn });
}

function place(part: Part, context: Context<Env>) {
  const access = accessOf(part, context);
  return { access, project: access.project(segment(context, "id")) };
}

/** Confidential issues are for reporters and above, and for their author. */
function readable(level: number, userId: number, issue: Issue): boolean {
  return !issue.confidential || level >= roles.reporter || issue.authorId === userId;
}

function issueIn(part: Part, context: Context<Env>): Issue {
  const { access, project } = place(part, context);
  const issue = project.issues.find((one) => String(one.iid) === segment(context, "iid"));
  if (!issue || !readable(access.level(project), access.caller.user.id, issue)) throw recordNotFound();
  return issue;
}

function turn({ state }: Part, issue: Issue, event: "close" | "reopen", userId: number): void {
  issue.state = event === "close" ? "closed" : "opened";
  issue.closedAt = event === "close" ? (issue.closedAt ?? state.stamp()) : null;
  issue.closedById = event === "close" ? (issue.closedById ?? userId) : null;
}
