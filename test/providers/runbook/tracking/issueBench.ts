import type { NoticeInputs } from "../../../../contract/notice";
import type { TrackingIssueInputs } from "../../../../contract/trackingIssue";
import { hiddenMark } from "../../../../providers/runbook/tracking/mark";
import type { Sandbox } from "../../../../workshop/sandbox/controls";
import { inventory } from "../bench";

/** Where issues are. */
export const project = "security/tracker";

/** The rotation of the incident's day. */
export const rotation = { fleet: inventory.fleet, account: inventory.account, generation: "2026-11-23" };

/** The next one. */
export const next = { ...rotation, generation: "2026-12-14" };

/** An issue for the next rotation. */
export function issueInputs(changes: Partial<TrackingIssueInputs> = {}): TrackingIssueInputs {
  return {
    ...next,
    username: inventory.username,
    project,
    date: "2026-12-14",
    expiresAt: "2027-12-14",
    reasons: ["A maintainer left the team."],
    confidential: true,
    labels: ["token rotation"],
    places: ['CI/CD variable "GITLAB_API_TOKEN"'],
    pipelines: ['schedule "Weekly"'],
    overlapDays: 7,
    external: [{ name: "laptop of the on-call", owner: "@on.call" }],
    notify: ["@security/architecture"],
    ...changes,
  };
}

/** What came of the rotation of the incident's day, for the person's issue. */
export function noticeInputs(changes: Partial<NoticeInputs> = {}): NoticeInputs {
  return {
    ...rotation,
    username: inventory.username,
    project,
    iid: 1,
    tokenId: 1203,
    expiresAt: "2027-11-23",
    provedAt: "2026-11-23T07:09:00.000Z",
    places: ['CI/CD variable "GITLAB_API_TOKEN"', "1Password item"],
    runs: [
      {
        project: inventory.project,
        target: 'schedule "Weekly"',
        pipelineId: 20005,
        url: "https://gitlab.example.com/security/inventory-builder/-/pipelines/20005",
        status: "success",
        jobs: [{ name: "build-inventory", status: "success", url: "https://gitlab.example.com/jobs/1" }],
      },
    ],
    predecessors: [
      { generation: "adopted", lifecycle: "previous", tokenId: 1201, status: "live", expiresAt: "2026-12-01" },
    ],
    external: [],
    notify: ["@security/architecture"],
    nextDate: "2026-12-14",
    ...changes,
  };
}

/** The issues of the tracker as the sandbox holds them. */
export function issuesOf(sandbox: Sandbox) {
  return sandbox.gitlab.state.projects.get(project)?.issues ?? [];
}

/** The bodies of an issue's comments. */
export function commentsOf(sandbox: Sandbox, iid: number): string[] {
  return (
    issuesOf(sandbox)
      .find((issue) => issue.iid === iid)
      ?.notes.map(({ body }) => body) ?? []
  );
}

/** As a run of its own, which remembers nothing of those before: what steps remember goes by the environment. */
export function anotherRun(): void {
  process.env.OP_CONNECT_TOKEN = `${process.env.OP_CONNECT_TOKEN}-again`;
}

/** Has another person open an issue. */
export function copyIssue(sandbox: Sandbox, description: string): void {
  const [issue] = issuesOf(sandbox);
  const author = sandbox.gitlab.state.userNamed("build.developer");
  if (issue === undefined || author === undefined) throw new Error("there is no such issue or user");
  issuesOf(sandbox).push({ ...issue, id: 7999, iid: 2, authorId: author.id, description, notes: [] });
}

/** Has another person write on an issue. */
export function forge(sandbox: Sandbox, iid: number, body: string): void {
  const issue = issuesOf(sandbox).find((one) => one.iid === iid);
  const author = sandbox.gitlab.state.userNamed("build.developer");
  const at = sandbox.clock.now().toISOString();
  if (issue === undefined || author === undefined) throw new Error("there is no such issue or user");
  issue.notes.push({
    id: 99000 + issue.notes.length,
    body,
    authorId: author.id,
    internal: false,
    system: false,
    createdAt: at,
    updatedAt: at,
  });
}

/** The mark of the next rotation's issue. */
export const nextMark = hiddenMark(next);
