import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dayOf } from "../../../clients/onepassword/dateField";
import { engines } from "../engines";
import { inventory, Situation, scanner, writes } from "../situation";

describe.each(engines)("the main job on the $name", (engine) => {
  let situation: Situation;

  beforeEach(async () => {
    situation = await Situation.start(engine);
  });

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  test("a year of one account: rescue, rest, overlap, retirement", { timeout: 180_000 }, async () => {
    const { sandbox } = situation;

    const preview = await situation.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(writes(preview.requests)).toEqual([]);

    const rescue = await situation.up();
    expect(rescue.code, rescue.output).toBe(0);
    const toTracker = ({ path }: { readonly path: string }) => path.includes("tracker");
    expect(writes(rescue.requests.filter(toTracker))).toEqual([
      "POST /api/v4/projects/security/tracker/issues/1/notes",
      "PUT /api/v4/projects/security/tracker/issues/1",
      "POST /api/v4/projects/security/tracker/issues",
    ]);
    const rotated = rescue.requests.filter((request) => !toTracker(request));
    expect(writes(rotated)).toEqual([
      "POST /api/v4/groups/security/service_accounts/201/personal_access_tokens",
      ...writes(rotated).filter((write) => /^(PATCH|PUT) /.test(write)),
      expect.stringMatching(/^POST \/api\/v4\/projects\/.*\/pipeline_schedules\/\d+\/play$/),
    ]);
    expect(situation.works(inventory)).toBe(true);
    const hand = situation.variable(scanner);

    const rest = await situation.up(["--expect-no-changes"]);
    expect(rest.code, rest.output).toBe(0);
    expect(rest.requests).toEqual([]);

    sandbox.clock.set("2026-11-30T06:30:00Z");
    const next = await situation.up();
    expect(next.code, next.output).toBe(0);
    expect(situation.works(scanner)).toBe(true);
    expect(situation.variable(scanner)).not.toBe(hand);
    expect(situation.live(scanner)).toHaveLength(2);

    sandbox.clock.set("2026-12-06T23:30:00Z");
    const early = await situation.up();
    expect(writes(early.requests)).toEqual([]);

    sandbox.clock.set("2026-12-07T06:30:00Z");
    const retirement = await situation.up();
    expect(retirement.code, retirement.output).toBe(0);
    expect(writes(retirement.requests)).toEqual([
      "DELETE /api/v4/groups/security/service_accounts/202/personal_access_tokens/1202",
    ]);
    expect(situation.live(scanner)).toHaveLength(1);
    expect(situation.works(scanner)).toBe(true);

    const restAgain = await situation.up(["--expect-no-changes"]);
    expect(restAgain.code, restAgain.output).toBe(0);
    expect(restAgain.requests).toEqual([]);
  });

  test("a pipeline that fails: put back, red, and mended by a later run without a second token", {
    timeout: 120_000,
  }, async () => {
    const { sandbox, stack } = situation;
    // The hand-made token lives for fourteen more days then: enough to be put back.
    stack.configure((settings) => settings.setIn(["config", "pat-rotation:accounts", 1, "rotation", "marginDays"], 7));
    sandbox.clock.set("2026-11-30T06:30:00Z");
    const hand = situation.variable(scanner);
    sandbox.gitlab.armJob(scanner.project, scanner.job, { does: "fail" });

    const red = await situation.up();
    expect(red.code).not.toBe(0);
    expect(red.output).toContain(`/${scanner.project}/-/pipelines/`);
    expect(red.output).toContain("script_failure");
    expect(situation.variable(scanner)).toBe(hand);
    expect(situation.item(scanner)).toBe(hand);
    const expiry = () => dayOf(sandbox.onepassword.field("Security", scanner.item, "expires"));
    expect(expiry()).toBe("2026-12-14");
    expect(situation.live(scanner)).toHaveLength(2);
    expect(situation.works(inventory)).toBe(true);

    sandbox.gitlab.disarmJob(scanner.project, scanner.job);
    const minted = sandbox.gitlab.issuedTokens().length;
    const mended = await situation.up();
    expect(mended.code, mended.output).toBe(0);
    expect(sandbox.gitlab.issuedTokens()).toHaveLength(minted);
    expect(situation.works(scanner)).toBe(true);
    expect(situation.variable(scanner)).not.toBe(hand);
    expect(expiry()).toBe("2027-11-30");
  });
});
