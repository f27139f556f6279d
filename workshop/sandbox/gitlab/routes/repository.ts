import { createHash } from "node:crypto";
import type { Context } from "hono";
import { z } from "zod";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, type Part, segment } from "../answers/part";
import { forbidden, notFound, Refusal } from "../answers/refusal";
import type { Access, Env } from "../caller";
import type { Project } from "../records";
import { type Commit, type FileChange, hash } from "../repository";

const actions = z.array(
  z.object({
    action: z.enum(["create", "update", "delete"]),
    file_path: z.string(),
    content: z.string().optional(),
    encoding: z.enum(["text", "base64"]).default("text"),
    last_commit_id: z.string().optional(),
  }),
);
type Action = z.output<typeof actions>[number];

/** Files, the tree and commits. */
export function repositoryRoutes(part: Part): void {
  const { app, render, state } = part;
  const base = "/projects/:id/repository";

  app.get(`${base}/files/:path`, async (context) => {
    const project = readable(accessOf(part, context), segment(context, "id"));
    const parameters = await Parameters.of(context);
    const ref = parameters.required("ref");
    parameters.check();
    const commit = project.repository.find(ref === "HEAD" ? project.defaultBranch : ref);
    if (!commit) throw notFound("Commit");
    const path = segment(context, "path");
    const file = commit.files.get(path);
    if (!file) throw notFound("File");
    return context.json({
      file_name: path.slice(path.lastIndexOf("/") + 1),
      file_path: path,
      size: Buffer.byteLength(file.content),
      encoding: "base64",
      content_sha256: createHash("sha256").update(file.content).digest("hex"),
      ref,
      blob_id: hash(file.content),
      commit_id: commit.id,
      last_commit_id: file.lastCommitId,
      execute_filemode: false,
      content: Buffer.from(file.content).toString("base64"),
    });
  });

  app.get(`${base}/tree`, async (context) => {
    const project = readable(accessOf(part, context), segment(context, "id"));
    const parameters = await Parameters.of(context);
    const commit = project.repository.find(parameters.string("ref") ?? project.defaultBranch);
    if (!commit) throw notFound("Tree");
    const folder = parameters.string("path") ?? "";
    const deep = parameters.boolean("recursive") ?? false;
    const inside = [...commit.files].filter(
      ([path]) =>
        (folder === "" || path.startsWith(`${folder}/`)) &&
        (deep || !path.slice(folder === "" ? 0 : folder.length + 1).includes("/")),
    );
    return page(context, parameters, inside, ([path, file]) => ({
      id: hash(file.content),
      name: path.slice(path.lastIndexOf("/") + 1),
      type: "blob",
      path,
      mode: "100644",
    }));
  });

  app.post(`${base}/commits`, async (context) => {
    const access = accessOf(part, context);
    const project = readable(access, segment(context, "id"));
    const parameters = await Parameters.of(context);
    const branch = parameters.required("branch");
    const message = parameters.required("commit_message");
    const start = parameters.string("start_branch") ?? branch;
    const force = parameters.boolean("force") ?? false;
    const parsed = actions.safeParse(parameters.raw("actions"));
    if (!parsed.success) parameters.fault(parameters.has("actions") ? "actions is invalid" : "actions is missing");
    parameters.check();
    if (!access.mayPushTo(project, branch)) throw forbidden("You are not allowed to push into this branch");
    const from = project.branches.includes(start) ? project.repository.find(start) : undefined;
    if (!from) throw refused("You can only create or edit files when you are on a branch");
    if (start !== branch && project.branches.includes(branch) && !force) {
      throw refused(`A branch called '${branch}' already exists. Switch to that branch in order to make changes`);
    }
    const changes = (parsed.data ?? []).map((action) => changeOf(action, from));
    const { user } = access.caller;
    const commit = project.repository.commit(branch, [from], changes, {
      message,
      authorId: user.id,
      at: state.stamp(),
    });
    if (!project.branches.includes(branch)) project.branches.push(branch);
    for (const request of project.mergeRequests) {
      if (request.state !== "opened" || request.sourceBranch !== branch) continue;
      if (request.sourceProjectId === project.id) request.sha = commit.id;
    }
    const [title = ""] = message.split("\n", 1);
    const named = { author_name: user.name, author_email: user.email, authored_date: commit.at };
    return context.json(
      {
        id: commit.id,
        short_id: commit.id.slice(0, 8),
        created_at: commit.at,
        parent_ids: commit.parentIds,
        title,
        message,
        ...named,
        committer_name: user.name,
        committer_email: user.email,
        committed_date: commit.at,
        trailers: {},
        extended_trailers: {},
        web_url: `${render.project(project).web_url}/-/commit/${commit.id}`,
        stats: { additions: changes.length, deletions: 0, total: changes.length },
        status: null,
        project_id: project.id,
        last_pipeline: null,
      },
      201,
    );
  });

  app.delete(`${base}/branches/:branch`, (context: Context<Env>) => {
    const access = accessOf(part, context);
    const project = readable(access, segment(context, "id"));
    const branch = segment(context, "branch");
    if (!project.branches.includes(branch)) throw notFound("Branch");
    if (!access.mayPushTo(project, branch) || branch === project.defaultBranch) throw forbidden();
    forget(project, branch);
    return context.body(null, 204);
  });
}

/** Delete a branch. */
export function forget(project: Project, branch: string): void {
  project.repository.remove(branch);
  project.branches.splice(project.branches.indexOf(branch), 1);
}

/** The project in the path, whose files the caller may see. */
function readable(access: Access, idOrPath: string): Project {
  const project = access.project(idOrPath);
  access.demand(project, "reporter");
  return project;
}

function changeOf(
  { action, file_path: path, content = "", encoding, last_commit_id }: Action,
  from: Commit,
): FileChange {
  const file = from.files.get(path);
  if (action === "create") {
    if (file) throw refused("A file with this name already exists");
  } else {
    if (last_commit_id !== undefined && file && file.lastCommitId !== last_commit_id) {
      throw refused(`The file has changed since you started editing it: ${path}`);
    }
    if (!file) throw refused("A file with this name doesn't exist");
  }
  if (action === "delete") return { path };
  return { path, content: encoding === "base64" ? Buffer.from(content, "base64").toString() : content };
}

/** A service's refusal, in its words alone. */
const refused = (message: string) => new Refusal(400, { message });
