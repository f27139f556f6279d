import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TrackingIssueInputs, TrackingIssueOutputs } from "../../../../contract/trackingIssue";
import { unknown } from "../../../../providers/host/provider";
import { trackingIssue } from "../../../../providers/runbook/tracking/trackingIssue";
import { checkTraffic } from "../../../openapi";
import { benches } from "../bench";
import { anotherRun, commentsOf, copyIssue, forge, issueInputs, issuesOf, nextMark, project } from "./issueBench";

const bench = benches();
const tracker = "/projects/security/tracker/issues";
let check: ReturnType<typeof checkTraffic>;

beforeEach(() => {
  check = checkTraffic(bench().sandbox.traffic);
});
afterEach(() => expect(check.faults).toEqual([]));

interface State {
  readonly id: string;
  readonly inputs: TrackingIssueInputs;
  readonly outputs: TrackingIssueOutputs;
}

async function created(inputs = issueInputs()): Promise<State> {
  return { ...(await trackingIssue.create(inputs, bench().context)), inputs };
}

const own = () => issuesOf(bench().sandbox).filter(({ iid }) => iid > 1);
const changes = ({ id, inputs, outputs }: State, now = inputs) =>
  Object.keys(trackingIssue.diff?.({ id, inputs, outputs }, now).changes ?? {});

describe("a tracking issue", () => {
  it("is opened with its due date, labels and what will happen, confidential, marked", async () => {
    const { outputs, id } = await created();
    expect(id).toBe("security-platform/inventory/2026-12-14");
    expect(outputs).toMatchObject({ status: "opened", iid: 2, isForeign: false, project });
    expect(bench().requests()).toEqual([`GET ${tracker} 200`, `POST ${tracker} 201`]);
    const [issue] = own();
    expect(issue).toMatchObject({
      title: "Rotate the token of inventory on 2026-12-14",
      dueDate: "2026-12-14",
      confidential: true,
      labels: ["token rotation"],
      state: "opened",
    });
    const text = issue?.description ?? "";
    for (const said of [
      "`gl-security-inventory`",
      "CI/CD variable",
      'schedule "Weekly"',
      "A maintainer left the team.",
    ])
      expect(text).toContain(said);
    expect(text.split("\n").at(-1)).toBe(nextMark);
    expect(text.match(/@[\w./-]+/g)).toEqual(["@on.call", "@security/architecture"]);
  });

  it("is open to all when declared so", async () => {
    await created(issueInputs({ confidential: false, labels: [] }));
    expect(own()).toMatchObject([{ confidential: false, labels: [] }]);
  });

  it("wants nothing more, whatever is edited", async () => {
    const before = await created();
    expect(changes(before, issueInputs({ date: "2026-12-15", notify: [], project: "other/tracker" }))).toEqual([]);
  });

  it("is found again when the state is lost, also when a person closed it", async () => {
    const first = await created();
    const [issue] = own();
    if (issue !== undefined) issue.state = "closed";
    anotherRun();
    expect((await created()).outputs.iid).toBe(first.outputs.iid);
    expect(own()).toHaveLength(1);
  });

  it("is opened once when the answer is lost", async () => {
    bench().sandbox.traffic.inject({ fault: { kind: "lost-answer" }, service: "gitlab", method: "POST" });
    const { outputs } = await created();
    expect(outputs).toMatchObject({ status: "opened", iid: 2 });
    expect(own()).toHaveLength(1);
  });

  it("costs one list for all accounts of a run, and one request each", async () => {
    const accounts = ["a", "b", "c"].map((account) => issueInputs({ account }));
    await Promise.all(accounts.map((inputs) => created(inputs)));
    const seen = bench().requests();
    expect(seen.filter((request) => request.startsWith("GET"))).toEqual([`GET ${tracker} 200`]);
    expect(seen).toHaveLength(4);
    await created(issueInputs({ account: "a" }));
    expect(bench().requests()).toEqual([]);
  });

  it("is a person's, while that is open, and announced there before the day", async () => {
    const { outputs } = await created(issueInputs({ iid: 1 }));
    expect(outputs).toMatchObject({ status: "opened", iid: 1, isForeign: true });
    expect(own()).toEqual([]);
    expect(commentsOf(bench().sandbox, 1)).toEqual([expect.stringContaining("What happens then, by itself:")]);
    anotherRun();
    await created(issueInputs({ iid: 1 }));
    expect(commentsOf(bench().sandbox, 1)).toHaveLength(1);
  });

  it("is a person's on the day itself without an announcement", async () => {
    const { outputs } = await created(issueInputs({ iid: 1, generation: "2026-11-23", date: "2026-11-23" }));
    expect(outputs).toMatchObject({ iid: 1, isForeign: true });
    expect(commentsOf(bench().sandbox, 1)).toEqual([]);
    expect(bench().requests()).toEqual([`GET ${tracker}/1 200`]);
  });

  it.each([
    ["closed", 1],
    ["not there", 77],
  ])("is opened when the person's is %s", async (_, iid) => {
    const [issue] = issuesOf(bench().sandbox);
    if (issue !== undefined) issue.state = "closed";
    expect((await created(issueInputs({ iid }))).outputs.iid).toBe(2);
  });

  it("is no other person's, who copied our mark", async () => {
    copyIssue(bench().sandbox, nextMark);
    forge(bench().sandbox, 1, nextMark);
    expect((await created()).outputs.iid).toBe(3);
  });

  it("does not hold up the rotation when it cannot be opened: a warning, and tried again", async () => {
    const before = await created(issueInputs({ project: "security/no-such-tracker" }));
    expect(before.outputs.status).toBe("unopened");
    expect(before.outputs.iid).toBeUndefined();
    expect(bench().said.join("\n")).toContain('project "security/no-such-tracker"');
    expect(changes(before)).toEqual(["status"]);
    const outputs = await trackingIssue.update?.(before, issueInputs(), bench().context);
    expect(outputs).toMatchObject({ status: "opened", iid: 2, project });
  });

  it("is not opened for a rotation of long ago", async () => {
    const late = issueInputs({ generation: "2026-10-19", date: "2026-10-19" });
    expect((await created(late)).outputs.status).toBe("late");
    expect(await trackingIssue.previewCreate?.(late, bench().context)).toMatchObject({ status: "late" });
    expect(bench().requests()).toEqual([]);
  });

  it("is closed when its rotation is called off, and left alone when that has begun", async () => {
    const before = await created();
    await trackingIssue.delete?.(before, bench().context);
    expect(own()).toMatchObject([{ state: "closed" }]);
    expect(commentsOf(bench().sandbox, 2)[0]).toContain("does not take place any more");
    bench().tick({ days: 21 });
    bench().requests();
    await trackingIssue.delete?.(before, bench().context);
    expect(bench().requests()).toEqual([]);
  });

  it("asks nothing in a preview", async () => {
    expect(await trackingIssue.previewCreate?.(issueInputs(), bench().context)).toMatchObject({ iid: unknown });
    expect(bench().requests()).toEqual([]);
  });
});
