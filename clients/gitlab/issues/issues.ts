import type { GitLab } from "../client";
import { projectPath } from "../owner";
import type { Shape } from "../shape";

/** An issue. */
export interface Issue {
  /** Its number in the project. */
  readonly iid: number;
  readonly title: string;
  readonly description: string;
  readonly opened: boolean;
  readonly authorId: number;
  /** Its page. */
  readonly url: string;
}

/** A comment on an issue, or a line that GitLab wrote about one. */
export interface Note {
  readonly id: number;
  readonly body: string;
  readonly authorId: number;
  /** Written by GitLab itself: "changed the description". */
  readonly system: boolean;
  /** An instant. */
  readonly createdAt: string;
  /** An instant; later than `createdAt` once somebody edited it. */
  readonly updatedAt: string;
}

/** What an issue is made of. */
export interface NewIssue {
  /** At most 255 characters. */
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  readonly confidential: boolean;
  readonly labels: readonly string[];
  /** A day. */
  readonly dueDate: string;
}

/** One issue. */
export function getIssue(gitlab: GitLab, project: string, iid: number): Promise<Issue> {
  return gitlab.get(issuePath(project, iid), issue);
}

/** A project's issues that the client's own user wrote, open or closed, newest first. */
export function listOwnIssues(gitlab: GitLab, project: string, createdAfter: string): Promise<Issue[]> {
  return listIssues(gitlab, project, { scope: "created_by_me", created_after: createdAfter });
}

/** A project's issues, open or closed, newest first. */
export function listIssues(
  gitlab: GitLab,
  project: string,
  query: {
    scope?: "created_by_me";
    author_id?: number;
    closed_by_id?: number;
    created_after?: string;
    updated_after?: string;
  },
): Promise<Issue[]> {
  return gitlab.list(`${projectPath(project)}/issues`, issue, { state: "all", ...query });
}

/** Opens an issue. Never to be repeated: each call opens another one. */
export function createIssue(gitlab: GitLab, project: string, made: NewIssue): Promise<Issue> {
  const { title, description, confidential, labels, dueDate } = made;
  const body = {
    title,
    description,
    confidential,
    due_date: dueDate,
    ...(labels.length === 0 ? {} : { labels }),
  };
  return gitlab.write("POST", `${projectPath(project)}/issues`, issue, { body });
}

/** Closes an issue. May be repeated. */
export function closeIssue(gitlab: GitLab, project: string, iid: number): Promise<void> {
  return gitlab.write("PUT", issuePath(project, iid), (shape) => shape.same("state", "closed"), {
    body: { state_event: "close" },
  });
}

/** What people (and we) wrote on an issue, newest first. */
export function listComments(gitlab: GitLab, project: string, iid: number): Promise<Note[]> {
  const query = { activity_filter: "only_comments", order_by: "created_at", sort: "desc" };
  return gitlab.list(`${issuePath(project, iid)}/notes`, note, query);
}

/** Comments on an issue. Never to be repeated: each call makes another comment. */
export function createComment(gitlab: GitLab, project: string, iid: number, body: string): Promise<void> {
  return gitlab.write("POST", `${issuePath(project, iid)}/notes`, (shape) => void shape.integer("id"), {
    body: { body },
  });
}

function issuePath(project: string, iid: number): string {
  return `${projectPath(project)}/issues/${iid}`;
}

function issue(shape: Shape): Issue {
  return {
    iid: shape.integer("iid"),
    title: shape.text("title"),
    description: shape.optionalText("description") ?? "",
    opened: shape.text("state") === "opened",
    authorId: authorOf(shape),
    url: shape.text("web_url"),
  };
}

/** Reads a comment out of an answer. */
export function note(shape: Shape): Note {
  return {
    id: shape.integer("id"),
    body: shape.text("body"),
    authorId: authorOf(shape),
    system: shape.flag("system"),
    createdAt: shape.text("created_at"),
    updatedAt: shape.text("updated_at"),
  };
}

/** A deleted user's writings have an author as well (the ghost user); 0 is nobody's id. */
function authorOf(shape: Shape): number {
  return shape.optional("author", (author) => author.integer("id")) ?? 0;
}
