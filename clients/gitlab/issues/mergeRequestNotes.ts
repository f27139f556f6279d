import type { GitLab } from "../client";
import { projectPath } from "../owner";
import type { Shape } from "../shape";
import { type Note, note } from "./issues";

/** What people (and we) wrote on a merge request, newest first. */
export function listRequestNotes(gitlab: GitLab, project: string, iid: number): Promise<Note[]> {
  const query = { activity_filter: "only_comments", order_by: "created_at", sort: "desc" };
  return gitlab.list(notesPath(project, iid), note, query);
}

/** Comments on a merge request. Never to be repeated: each call makes another comment. */
export function createRequestNote(gitlab: GitLab, project: string, iid: number, body: string): Promise<void> {
  return gitlab.write("POST", notesPath(project, iid), (shape) => void shape.integer("id"), { body: { body } });
}

/** Gives a comment of our own another text. May be repeated. */
export function editRequestNote(gitlab: GitLab, project: string, iid: number, id: number, body: string): Promise<void> {
  const read = (shape: Shape) => shape.same("id", id);
  return gitlab.write("PUT", `${notesPath(project, iid)}/${id}`, read, { body: { body } });
}

function notesPath(project: string, iid: number): string {
  return `${projectPath(project)}/merge_requests/${iid}/notes`;
}
