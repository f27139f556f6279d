import {
  closeIssue,
  createComment,
  createIssue,
  getIssue,
  type Issue,
  listComments,
  listOwnIssues,
  type NewIssue,
} from "../../../clients/gitlab/issues/issues";
import { mayHaveHappened, NotFound } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import { now } from "../../../ground/now";
import { ownCredential } from "../account/credential";
import { bears, hiddenMark, type Rotation, rotationOf, type Said } from "./mark";

/** Where the issue of a rotation is. */
export interface IssueReference {
  readonly project: string;
  /** A person's issue; taken while it is open. */
  readonly iid?: number;
}

/** An issue that was found or opened. */
export interface Found {
  readonly iid: number;
  readonly url: string;
  /** A person opened it. */
  readonly isForeign: boolean;
}

/** An issue is announced a year before its rotation at most. In days. */
const OLDEST = 400;

/**
 * The issue of a rotation: the person's issue while that is open, else the one of ours that bears the rotation's mark. The
 * list of ours is read once for each project and run: GitLab's search finds nothing inside an HTML comment.
 */
export async function findIssue(at: Servers, place: IssueReference, rotation: Rotation): Promise<Found | undefined> {
  if (place.iid !== undefined) {
    const issue = await getIssue(at.gitlab(), place.project, place.iid).catch((error: unknown) => {
      if (error instanceof NotFound) return undefined;
      throw error;
    });
    if (issue?.opened) return { iid: issue.iid, url: issue.url, isForeign: true };
  }
  return (await ownIssues(at, place.project)).get(hiddenMark(rotation));
}

/** In the marks of what is said of an account while no rotation of it is announced. */
export const NONE = "none";

/** The generation of an account's newest issue of ours that is open. */
export async function openRotation(
  at: Servers,
  project: string,
  { fleet, account }: Omit<Rotation, "generation">,
): Promise<string> {
  const open = [...(await ownIssues(at, project)).values()].filter(({ opened, rotation }) => {
    return opened && rotation.fleet === fleet && rotation.account === account;
  });
  return open.sort((a, b) => b.iid - a.iid)[0]?.rotation.generation ?? NONE;
}

/** Opens the issue of a rotation, which has none; when the answer is lost, looks before opening another one. */
export async function openIssue(at: Servers, project: string, rotation: Rotation, made: NewIssue): Promise<Found> {
  const open = async () => own(await createIssue(at.gitlab(), project, made), rotation);
  const opened = await open().catch(async (error: unknown) => {
    if (!mayHaveHappened(error)) throw error;
    at.forget(subject(project));
    return (await ownIssues(at, project)).get(hiddenMark(rotation)) ?? open();
  });
  (await ownIssues(at, project)).set(hiddenMark(rotation), opened);
  return opened;
}

/**
 * Comments, unless our own user has said the same before: a run may be killed after the comment was made.
 *
 * @param body - ends with the hidden mark of what is said.
 */
export async function commentOnce(
  at: Servers,
  { project, iid }: { readonly project: string; readonly iid: number },
  rotation: Rotation,
  said: Said,
  body: string,
): Promise<void> {
  const mark = hiddenMark(rotation, said);
  const { userId } = await ownCredential(at);
  const isSaid = async () => {
    const comments = await listComments(at.gitlab(), project, iid);
    return comments.some((comment) => comment.authorId === userId && !comment.system && bears(comment.body, mark));
  };
  const say = () => createComment(at.gitlab(), project, iid, `${body}\n\n${mark}`);
  if (await isSaid()) return;
  await say().catch(async (error: unknown) => {
    if (!mayHaveHappened(error)) throw error;
    if (!(await isSaid())) await say();
  });
}

/** Closes an issue, and once more if the answer was lost: closing may be repeated. */
export async function close(at: Servers, project: string, iid: number): Promise<void> {
  const send = () => closeIssue(at.gitlab(), project, iid);
  await send().catch((error: unknown) => {
    if (!mayHaveHappened(error)) throw error;
    return send();
  });
}

/** An issue of ours. */
interface Own extends Found {
  readonly rotation: Rotation;
  readonly opened: boolean;
}

function ownIssues(at: Servers, project: string): Promise<Map<string, Own>> {
  return at.remember(subject(project), async () => {
    const after = new Date(now().getTime() - OLDEST * 86_400_000).toISOString();
    const issues = await listOwnIssues(at.gitlab(), project, after);
    const marked = issues.flatMap((issue) => {
      const rotation = rotationOf(issue.description);
      return rotation === undefined ? [] : [[hiddenMark(rotation), own(issue, rotation)] as const];
    });
    // Newest first in GitLab's list; should there be two, the older one is meant.
    return new Map(marked);
  });
}

function subject(project: string): string {
  return `tracking issues in ${project}`;
}

function own({ iid, url, opened }: Issue, rotation: Rotation): Own {
  return { iid, url, isForeign: false, rotation, opened };
}
