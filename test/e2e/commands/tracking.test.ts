import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordIn } from "../../../providers/runbook/tracking/record";
import type { LoggedRequest } from "../../../workshop/sandbox/traffic";
import { checkTraffic } from "../../openapi";
import { engines } from "../engines";
import { inventory, Situation } from "../situation";

const project = "security/tracker";

describe.each(engines)("the tracking issue on the $name", (engine) => {
  let situation: Situation;

  beforeEach(async () => {
    situation = await Situation.start(engine, {
      edit: (settings) => {
        settings.deleteIn(["config", "pat-rotation:accounts", 1]);
        const issue = { project, iid: 1, labels: ["token rotation"], notify: ["@security/architecture"] };
        settings.setIn(["config", "pat-rotation:accounts", 0, "issue"], issue);
      },
    });
  });

  afterEach(async () => {
    const { sandbox } = situation;
    const written = JSON.stringify(sandbox.gitlab.state.projects.get(project)?.issues);
    expect(sandbox.gitlab.issuedTokens().filter((value) => written.includes(value))).toEqual([]);
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  const issues = () =>
    (situation.sandbox.gitlab.state.projects.get(project)?.issues ?? []).map(({ iid, state, dueDate, notes }) => ({
      iid,
      state,
      dueDate,
      notes: notes.map(({ body }) => body),
    }));
  const ofTracker = (requests: readonly LoggedRequest[]) =>
    requests
      .filter(({ path }) => path.includes("tracker"))
      .map(
        ({ method, path }) => `${method} ${decodeURIComponent(path).replace("/api/v4/projects/security/tracker", "")}`,
      );

  test("a person's issue, then one of ours: announced, told of a failure, closed with the facts, told of the end", {
    timeout: 240_000,
  }, async () => {
    const { sandbox } = situation;
    const check = checkTraffic(sandbox.traffic);

    const preview = await situation.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(ofTracker(preview.requests)).toEqual([]);

    const rescue = await situation.up();
    expect(rescue.code, rescue.output).toBe(0);
    const [persons, ours] = issues();
    expect(persons).toMatchObject({ state: "closed", notes: [expect.stringContaining("is rotated, and proven")] });
    expect(recordIn(persons?.notes[0] ?? "")).toMatchObject({
      event: "rotated",
      generation: "2026-11-23",
      proofs: [{ status: "success", jobs: [{ name: inventory.job, status: "success" }] }],
    });
    expect(ours).toEqual({ iid: 2, state: "opened", dueDate: "2026-12-14", notes: [] });
    expect(ofTracker(rescue.requests)).toEqual([
      "GET /issues/1",
      "GET /issues/1/notes",
      "POST /issues/1/notes",
      "PUT /issues/1",
      "GET /issues/1",
      "GET /issues",
      "POST /issues",
    ]);

    const rest = await situation.up(["--expect-no-changes"]);
    expect(rest.code, rest.output).toBe(0);
    expect(rest.requests).toEqual([]);

    sandbox.clock.set("2026-12-14T06:30:00Z");
    sandbox.gitlab.armJob(inventory.project, inventory.job, { does: "fail" });
    const red = await situation.up();
    expect(red.code).not.toBe(0);
    expect(issues()[1]).toMatchObject({ state: "opened", notes: [expect.stringContaining("script_failure")] });
    expect(issues()[1]?.notes[0]).toContain("attempt 1 of 3");

    sandbox.gitlab.disarmJob(inventory.project, inventory.job);
    const mended = await situation.up();
    expect(mended.code, mended.output).toBe(0);
    expect(issues()[1]).toMatchObject({ state: "closed", notes: [expect.any(String), expect.any(String)] });

    sandbox.clock.set("2026-12-22T06:30:00Z");
    const retirement = await situation.up();
    expect(retirement.code, retirement.output).toBe(0);
    expect(recordIn(issues()[1]?.notes[2] ?? "")).toMatchObject({
      event: "retired",
      generation: "2026-12-14",
      predecessors: [{ generation: "2026-11-23", status: "revoked" }],
    });
    expect(ofTracker(retirement.requests)).toEqual(["GET /issues/2/notes", "POST /issues/2/notes"]);
    expect(issues()).toHaveLength(2);

    const last = await situation.up(["--expect-no-changes"]);
    expect(last.code, last.output).toBe(0);
    expect(last.requests).toEqual([]);
    expect(check.faults).toEqual([]);
  });

  test("a tracker that is not there warns, and holds nothing up", { timeout: 120_000 }, async () => {
    situation.stack.configure((settings) => {
      settings.deleteIn(["config", "pat-rotation:accounts", 1]);
      settings.setIn(["config", "pat-rotation:accounts", 0, "issue"], { project: "security/no-such-tracker" });
    });
    const run = await situation.up();
    expect(run.code, run.output).toBe(0);
    expect(run.output).toContain('project "security/no-such-tracker"');
    expect(situation.works(inventory)).toBe(true);
  });

  test("a place that cannot be set is told as well, once, on the issue that stays the current rotation's", {
    timeout: 180_000,
  }, async () => {
    situation.sandbox.traffic.inject({
      fault: { kind: "server-error", status: 403 },
      service: "onepassword",
      method: "PATCH",
      // Whether the vault may be written is asked first, by a patch that changes nothing.
      nth: 2,
      times: 10,
    });
    const run = await situation.npmRunUp();
    expect(run.code).toBe(1);
    const [persons] = issues();
    expect(persons?.state).toBe("opened");
    const said = 'not every place could be set: field "credential" of 1Password item ';
    expect(persons?.notes).toEqual([expect.stringContaining(said)]);
    expect(persons?.notes[0]).toContain("may not write to the vault");
    expect(persons?.notes[0]).not.toContain("see the warning");
    expect(run.output).toContain("may not write to the vault");
    expect(run.output).toMatch(
      /1 account failed, which held up no other:\n +inventory: runbook:PipelineProof failed: /,
    );
    expect((await situation.npmRunUp()).code).toBe(1);
    expect(issues()[0]?.notes).toHaveLength(1);
    expect(issues()[1]).toMatchObject({ state: "opened", dueDate: "2026-12-14" });
  });
});
