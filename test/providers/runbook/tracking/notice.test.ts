import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NoticeInputs, NoticeOutputs } from "../../../../contract/notice";
import { unknown } from "../../../../providers/host/provider";
import { hiddenMark } from "../../../../providers/runbook/tracking/mark";
import { notice } from "../../../../providers/runbook/tracking/notice";
import { recordIn } from "../../../../providers/runbook/tracking/record";
import { checkTraffic } from "../../../openapi";
import { benches } from "../bench";
import { anotherRun, commentsOf, forge, issuesOf, noticeInputs, rotation } from "./issueBench";

const bench = benches();
const tracker = "/projects/security/tracker/issues";
const facts = {
  GITLAB_USER_LOGIN: "a.person",
  CI_COMMIT_SHA: "1a2b3c4d",
  CI_JOB_URL: "https://gitlab.example.com/jobs/9",
};
let check: ReturnType<typeof checkTraffic>;

beforeEach(() => {
  Object.assign(process.env, facts);
  check = checkTraffic(bench().sandbox.traffic);
});
afterEach(() => {
  for (const name of Object.keys(facts)) delete process.env[name];
  expect(check.faults).toEqual([]);
});

interface State {
  readonly id: string;
  readonly inputs: NoticeInputs;
  readonly outputs: NoticeOutputs;
}

async function created(inputs = noticeInputs()): Promise<State> {
  return { ...(await notice.create(inputs, bench().context)), inputs };
}

async function updated(before: State, inputs: NoticeInputs): Promise<State> {
  const outputs = await notice.update?.(before, inputs, bench().context);
  if (outputs === undefined) throw new Error("there is no update");
  return { id: before.id, inputs, outputs };
}

const changes = (before: State, inputs = before.inputs) => Object.keys(notice.diff?.(before, inputs).changes ?? {});
const comments = () => commentsOf(bench().sandbox, 1);
const issue = () => issuesOf(bench().sandbox)[0];

const old = (status: string, lifecycle = "retired") => [
  { generation: "adopted", lifecycle, tokenId: 1201, status, expiresAt: "2026-12-01" },
];

describe("a notice", () => {
  it("tells the facts on the issue, mentions those concerned, keeps the record, and closes it", async () => {
    const { id, outputs } = await created();
    expect(id).toBe("inventory");
    expect(outputs).toMatchObject({ status: "told", toldAt: process.env.PAT_ROTATION_AS_OF, ended: [] });
    expect(bench().requests()).toEqual([
      "GET /personal_access_tokens/self 200",
      `GET ${tracker}/1/notes 200`,
      `POST ${tracker}/1/notes 201`,
      `PUT ${tracker}/1 200`,
    ]);
    expect(issue()?.state).toBe("closed");
    const [comment = ""] = comments();
    for (const said of [
      "Generation `2026-11-23`, GitLab's id 1203; it lives until **2027-11-23**",
      '`CI/CD variable "GITLAB_API_TOKEN"`',
      "[pipeline](<https://gitlab.example.com/security/inventory-builder/-/pipelines/20005>)",
      "`build-inventory`: `success`",
      "lives on beside it",
      "The next rotation is on **2026-12-14**",
      "started by `a.person`, commit `1a2b3c4d`",
    ])
      expect(comment).toContain(said);
    expect(comment.match(/@[\w./-]+/g)).toEqual(["@security/architecture"]);
    expect(comment.split("\n").at(-1)).toBe(hiddenMark(rotation, "rotated"));
    expect(recordIn(comment)).toEqual({
      patRotation: 1,
      event: "rotated",
      at: process.env.PAT_ROTATION_AS_OF,
      ...rotation,
      username: "gl-security-inventory",
      tokenId: 1203,
      expiresAt: "2027-11-23",
      provedAt: "2026-11-23T07:09:00.000Z",
      places: noticeInputs().places,
      proofs: [
        {
          project: "security/inventory-builder",
          target: 'schedule "Weekly"',
          status: "success",
          url: "https://gitlab.example.com/security/inventory-builder/-/pipelines/20005",
          jobs: [{ name: "build-inventory", status: "success", url: "https://gitlab.example.com/jobs/1" }],
        },
      ],
      told: ["@security/architecture"],
      predecessors: [{ generation: "adopted", tokenId: 1201, status: "live", expiresAt: "2026-12-01" }],
      run: { user: "a.person", commit: "1a2b3c4d", job: "https://gitlab.example.com/jobs/9" },
    });
  });

  it("wants nothing more once it was told, whatever else is edited", async () => {
    const before = await created();
    const edited = noticeInputs({ nextDate: "2027-01-04", places: [], notify: [], provedAt: "2026-12-01T00:00:00Z" });
    expect(changes(before, edited)).toEqual([]);
    expect(changes(before, noticeInputs({ iid: 9 }))).toEqual([]);
  });

  it("is told once, although a run was killed before it could remember", async () => {
    await created();
    anotherRun();
    await created();
    expect(comments()).toHaveLength(1);
  });

  it("is told once when the answers are lost", async () => {
    const { traffic } = bench().sandbox;
    traffic.inject({ fault: { kind: "lost-answer" }, service: "gitlab", method: "POST" });
    traffic.inject({ fault: { kind: "lost-answer" }, service: "gitlab", method: "PUT" });
    expect((await created()).outputs.status).toBe("told");
    expect(comments()).toHaveLength(1);
    expect(issue()?.state).toBe("closed");
  });

  it("is told although somebody else wrote that it was", async () => {
    forge(bench().sandbox, 1, `All done.\n\n${hiddenMark(rotation, "rotated")}`);
    await created();
    expect(comments()).toHaveLength(2);
  });

  it.each([
    ["proof", "provedAt"],
    ["issue", "iid"],
  ] as const)("waits for the %s without a request", async (_, missing) => {
    const { [missing]: _missing, ...inputs } = noticeInputs();
    const before = await created(inputs);
    expect(before.outputs.status).toBe("waiting");
    expect(changes(before)).toEqual([]);
    expect(bench().requests()).toEqual([]);
    expect(changes(before, noticeInputs())).toEqual(["status"]);
    expect((await updated(before, noticeInputs())).outputs.status).toBe("told");
  });

  it("tells on the same issue that an older token was revoked, once", async () => {
    const before = await created();
    expect(changes(before, noticeInputs({ predecessors: old("live") }))).toEqual([]);
    const inputs = noticeInputs({ predecessors: old("revoked") });
    expect(changes(before, inputs)).toEqual(["ended"]);
    bench().requests();
    const after = await updated(before, inputs);
    expect(after.outputs.ended).toEqual([1201]);
    expect(changes(after)).toEqual([]);
    expect(bench().requests()).toEqual([`GET ${tracker}/1/notes 200`, `POST ${tracker}/1/notes 201`]);
    const comment = comments()[1] ?? "";
    expect(comment).toContain("Token 1201 of generation `adopted` is revoked");
    expect(recordIn(comment)).toMatchObject({ event: "retired", predecessors: [{ tokenId: 1201, status: "revoked" }] });
  });

  it("does not tell again of a token that was dead when the rotation was told", async () => {
    const before = await created(noticeInputs({ predecessors: old("expired", "previous") }));
    expect(changes(before, noticeInputs({ predecessors: old("revoked") }))).toEqual([]);
  });

  it("does not fail when it cannot be told: a warning, and told by the next run", async () => {
    const calm = bench().sandbox.traffic.inject({
      fault: { kind: "server-error", status: 503 },
      service: "gitlab",
      method: "POST",
      times: 10,
    });
    const before = await created();
    expect(before.outputs.status).toBe("untold");
    expect(bench().said.join("\n")).toContain('telling issue 1 in project "security/tracker"');
    expect(changes(before)).toEqual(["status"]);
    calm();
    expect((await updated(before, before.inputs)).outputs.status).toBe("told");
    expect(comments()).toHaveLength(1);
  });

  it("is due again with the next generation", async () => {
    const before = await created();
    const next = noticeInputs({ generation: "2026-12-14", tokenId: 1204 });
    expect(changes(before, next)).toEqual(["generation"]);
    expect((await updated(before, next)).outputs).toMatchObject({ status: "told", generation: "2026-12-14" });
    expect(comments()).toHaveLength(2);
  });

  it("asks nothing in a preview", async () => {
    expect(await notice.previewCreate?.(noticeInputs(), bench().context)).toMatchObject({ toldAt: unknown });
    expect(bench().requests()).toEqual([]);
  });

  it("lets no name command, notify, link or forge", async () => {
    const nasty = "`/close`\n/close\n@all <!-- x --> [a](http://evil) ```\n/assign @me\n<script>";
    const inputs = noticeInputs({
      username: nasty,
      places: [nasty],
      notify: [nasty],
      runs: noticeInputs().runs.map((run) => ({ ...run, target: nasty, url: nasty })),
    });
    const { outputs } = await created(inputs);
    expect(outputs.status).toBe("told");
    const [comment = ""] = comments();
    expect(comment).not.toMatch(/@/);
    const lines = comment.split("\n");
    expect(lines.filter((line) => /^\s*\//.test(line))).toEqual([]);
    expect(lines.filter((line) => line.startsWith("```"))).toEqual(["```json", "```"]);
    // Outside of code, nothing of the name is left.
    const bare = comment.replace(/(`+)[^\n]*?[^`]\1(?!`)/g, "").replace(/```json[\s\S]*?\n```/, "");
    expect(bare).not.toMatch(/evil|script|close/);
  });
});
