import { isDenied, isTrouble, messageOf } from "../../clients/faults";
import type { GitLab } from "../../clients/gitlab/client";
import { getIssue, type Issue, listComments, listIssues } from "../../clients/gitlab/issues/issues";
import { NotFound } from "../../clients/http";
import { type AuditRecord, recordIn } from "../../providers/runbook/tracking/record";
import { each } from "../command";

/** Where records are looked for. */
export interface Tracker {
  /** Full path of the project. */
  readonly project: string;
  /** Persons' issues that the declaration names. */
  readonly iids: readonly number[];
}

/** Which records are wanted. */
export interface Wanted {
  /** The user who wrote them: what another one wrote is no record. */
  readonly authorId: number;
  readonly fleets: ReadonlySet<string>;
  /** From this day on. */
  readonly since?: string;
  readonly account?: string;
}

/** A record, and the comment that it was found in. */
export interface FoundRecord extends AuditRecord {
  /** The comment's page. */
  readonly comment: string;
  /** When GitLab says that it was written, an instant. */
  readonly writtenAt: string;
  /** The comment was changed after it was written. Maintainers may do that; we never do. */
  readonly edited: boolean;
}

/** The records in the issues of some projects, oldest first, and what could not be seen, a sentence each. */
export async function findRecords(
  gitlab: GitLab,
  trackers: readonly Tracker[],
  wanted: Wanted,
): Promise<{ readonly records: readonly FoundRecord[]; readonly unseen: readonly string[] }> {
  const found: FoundRecord[] = [];
  const unseen: string[] = [];
  for (const tracker of trackers) {
    try {
      const issues = await issuesOf(gitlab, tracker, wanted);
      const missing = tracker.iids.filter((iid) => issues.every((issue) => issue.iid !== iid));
      unseen.push(
        ...missing.map((iid) => `Refused: issue ${iid} of "${tracker.project}" is not there, or not for us to see.`),
      );
      found.push(...(await each(issues, (issue) => recordsOf(gitlab, tracker.project, issue, wanted))).flat());
    } catch (error) {
      if (!isDenied(error) && !isTrouble(error)) throw error;
      const how = isDenied(error) ? "Refused" : "Not told";
      unseen.push(`${how}: the issues of "${tracker.project}" (${messageOf(error)}).`);
    }
  }
  return { records: found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)), unseen };
}

/** The issues that our user opened, those that our user closed, and those that are named. */
async function issuesOf(gitlab: GitLab, { project, iids }: Tracker, { authorId, since }: Wanted): Promise<Issue[]> {
  const updated = since === undefined ? {} : { updated_after: `${since}T00:00:00Z` };
  const [opened, closed, named] = await Promise.all([
    listIssues(gitlab, project, { author_id: authorId, ...updated }),
    listIssues(gitlab, project, { closed_by_id: authorId, ...updated }),
    Promise.all(iids.map((iid) => existing(gitlab, project, iid))),
  ]);
  const all = [...opened, ...closed, ...named.flat()];
  return [...new Map(all.map((issue) => [issue.iid, issue])).values()];
}

async function existing(gitlab: GitLab, project: string, iid: number): Promise<Issue[]> {
  try {
    return [await getIssue(gitlab, project, iid)];
  } catch (error) {
    if (error instanceof NotFound) return [];
    throw error;
  }
}

async function recordsOf(gitlab: GitLab, project: string, issue: Issue, wanted: Wanted): Promise<FoundRecord[]> {
  const comments = await listComments(gitlab, project, issue.iid);
  return comments.flatMap(({ id, body, authorId, system, createdAt, updatedAt }) => {
    const record = authorId === wanted.authorId && !system ? recordIn(body) : undefined;
    if (record === undefined || !isWanted(record, wanted)) return [];
    const edited = Date.parse(updatedAt) > Date.parse(createdAt);
    return [{ ...record, comment: `${issue.url}#note_${id}`, writtenAt: createdAt, edited }];
  });
}

function isWanted({ fleet, account, at }: AuditRecord, wanted: Wanted): boolean {
  if (!wanted.fleets.has(fleet)) return false;
  if (wanted.account !== undefined && account !== wanted.account) return false;
  return wanted.since === undefined || at >= wanted.since;
}
