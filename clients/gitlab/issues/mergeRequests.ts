import type { GitLab } from "../client";
import { projectPath } from "../owner";
import type { Shape } from "../shape";

/** A merge request. */
export interface MergeRequest {
  /** Its number in the project. */
  readonly iid: number;
  readonly title: string;
  readonly description: string;
  /** Its page. */
  readonly url: string;
}

/** What a merge request says. */
export interface MergeRequestText {
  /** At most 255 characters. */
  readonly title: string;
  /** Markdown; lines that begin with `/` are carried out. */
  readonly description: string;
  /** @default none, or those that it has */
  readonly labels?: readonly string[] | undefined;
  /** User id. @default nobody, or who it is assigned to */
  readonly assigneeId?: number | undefined;
}

/** The open merge request of a branch of the project itself, if there is one; a fork may have a branch of that name. */
export async function findOpenMergeRequest(
  gitlab: GitLab,
  project: string,
  branch: string,
  target: string,
): Promise<MergeRequest | undefined> {
  const query = { state: "opened", source_branch: branch, target_branch: target };
  const found = await gitlab.list(mergeRequestsOf(project), withOrigin, query);
  return found.find(({ isForked }) => !isForked)?.request;
}

/** The open merge requests into a branch, from forks too, newest first. */
export function listOpenMergeRequests(gitlab: GitLab, project: string, target: string): Promise<MergeRequest[]> {
  return gitlab.list(mergeRequestsOf(project), mergeRequest, { state: "opened", target_branch: target });
}

/** Opens a merge request; its branch goes when it is merged. GitLab refuses a second one of the same branch. */
export function openMergeRequest(
  gitlab: GitLab,
  project: string,
  branch: string,
  target: string,
  text: MergeRequestText,
): Promise<MergeRequest> {
  const body = { source_branch: branch, target_branch: target, remove_source_branch: true, ...bodyOf(text, "labels") };
  return gitlab.write("POST", mergeRequestsOf(project), mergeRequest, { body });
}

/** Changes what a merge request says. May be repeated. */
export function updateMergeRequest(
  gitlab: GitLab,
  project: string,
  iid: number,
  text: MergeRequestText,
): Promise<MergeRequest> {
  const read = (shape: Shape) => {
    shape.same("iid", iid);
    return mergeRequest(shape);
  };
  return gitlab.write("PUT", `${mergeRequestsOf(project)}/${iid}`, read, { body: bodyOf(text, "add_labels") });
}

function bodyOf({ title, description, labels = [], assigneeId }: MergeRequestText, labelKey: string): object {
  return {
    title,
    description,
    ...(labels.length === 0 ? {} : { [labelKey]: labels.join(",") }),
    ...(assigneeId === undefined ? {} : { assignee_ids: [assigneeId] }),
  };
}

function mergeRequestsOf(project: string): string {
  return `${projectPath(project)}/merge_requests`;
}

function withOrigin(shape: Shape): { readonly request: MergeRequest; readonly isForked: boolean } {
  const isForked = shape.integer("source_project_id") !== shape.integer("target_project_id");
  return { request: mergeRequest(shape), isForked };
}

function mergeRequest(shape: Shape): MergeRequest {
  return {
    iid: shape.integer("iid"),
    title: shape.text("title"),
    description: shape.optionalText("description") ?? "",
    url: shape.text("web_url"),
  };
}
