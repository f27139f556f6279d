import { afterEach, describe, expect, test } from "vitest";
import { engines } from "../engines";
import { inventory, Situation, scanner, writes } from "../situation";

describe.each(engines)("what a preview foresees, on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  /** What a run prints, on one line, without what an engine frames it with. */
  const words = (output: string) => output.replace(/\s+/g, " ");

  test("an account that would fail is counted first, and its block holds the fault in place of the mint", {
    timeout: 240_000,
  }, async () => {
    const account = ["config", "pat-rotation:accounts", 0];
    situation = await Situation.start(engine, {
      edit: (settings) => settings.setIn([...account, "onePassword", 0, "vault"], "Secruity"),
    });
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    const { code, output, requests } = await situation.npmRunPreview();
    expect(code, output).toBe(1);
    expect(words(output)).toContain("1 of 2 accounts would fail; this run mints 1 token, takes over 1 token, proves 1");
    expect(words(output)).toMatch(
      /This run inventory ✗ would fail: before generation "2026-11-23" opens: checking account/,
    );
    expect(output).toMatch(/^ *- .*Secruity/m);
    expect(output).not.toContain("mints 2026-11-23");
    expect(output).toContain("mints 2026-11-30");
    expect(writes(requests)).toEqual([]);
    // What keeps "pulumi up" from the others is no help to anybody.
    expect((await situation.preview()).code).toBe(0);
    const up = await situation.up();
    expect(up.code).not.toBe(0);
    expect(situation.live(scanner)).toHaveLength(2);
  });

  test("what could not be looked at stands once, below the headline, with the accounts that it concerns", {
    timeout: 120_000,
  }, async () => {
    situation = await Situation.start(engine);
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    const { code, output } = await situation.preview();
    expect(code, output).toBe(0);
    expect(words(output)).toMatch(
      /this run mints 2 tokens.* Not checked .*- inventory, scanner: the longest that this GitLab lets a token live: only an administrator may ask/,
    );
    expect(words(output).split("lets a token live")).toHaveLength(2);
  });

  test("no token is listed as about to be deleted that the update would leave alone", {
    timeout: 300_000,
  }, async () => {
    const account = ["config", "pat-rotation:accounts", 1];
    situation = await Situation.start(engine);
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    expect((await situation.up()).code).toBe(0);
    situation.sandbox.clock.set("2026-12-01T09:00:00Z");
    situation.stack.configure((settings) => {
      const leak = { generation: "2026-11-30", reason: "in a chat", on: "2026-12-01" };
      settings.setIn([...account, "compromised"], [leak]);
      settings.setIn([...account, "rotation", "extraDates"], [{ date: "2026-12-01", reason: "a leak" }]);
    });
    const emergency = await situation.up();
    expect(emergency.code, emergency.output).toBe(0);
    // A checkout from before that, and a block that cannot be used: nothing of either account is known.
    const stale = () => situation.stack.configure();
    const broken = () => situation.stack.configure((settings) => settings.setIn([...account, "token", "name"], 7));
    for (const edit of [stale, broken]) {
      edit();
      const { code, output } = await situation.npmRunPreview();
      expect(code, output).toBe(1);
      expect(words(output)).toContain("1 of 2 accounts would fail");
      expect(words(output)).toContain("A run in which an account fails deletes nothing");
      expect(output).not.toMatch(/[-–] +\d+ to delete|\bdelete\b(?! is not done)/);
      const up = await situation.up();
      expect(up.code, up.output).not.toBe(0);
      expect(writes(up.requests)).toEqual([]);
    }
    expect(situation.works(scanner)).toBe(true);
  });

  test("a lifetime that this GitLab does not allow is told an administrator before anything is minted", {
    timeout: 240_000,
  }, async () => {
    situation = await Situation.start(engine, {
      limits: { lifetimeDays: 100 },
      edit: (settings) => settings.setIn(["config", "pat-rotation:accounts", 1, "rotation", "lifetimeDays"], 90),
      environment: ({ environment, gitlab }) => ({ ...environment, GITLAB_TOKEN: gitlab.tokenValue("admin") }),
    });
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    const { code, output, requests } = await situation.npmRunPreview();
    expect(code, output).toBe(1);
    // The token of the 23rd is a week late.
    const fault =
      'its token is to live for 358 days, and this GitLab allows 100 at most: lower "rotation.lifetimeDays"';
    expect(words(output)).toContain("1 of 2 accounts would fail; this run mints 1 token");
    expect(words(output)).toContain(fault);
    expect(writes(requests)).toEqual([]);
    const up = await situation.up();
    expect(up.code).not.toBe(0);
    expect(words(up.output)).toContain(fault);
    expect([situation.live(inventory), situation.live(scanner)].map(({ length }) => length)).toEqual([0, 2]);
  });

  test("without GITLAB_TOKEN nothing is said to be minted", {
    timeout: 240_000,
  }, async () => {
    situation = await Situation.start(engine, {
      environment: ({ environment: { GITLAB_TOKEN, ...others } }) => others,
    });
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    const first = await situation.npmRunPreview();
    expect(first.code, first.output).toBe(1);
    expect(words(first.output)).toContain("Mon 30 Nov 2026: 2 of 2 accounts would fail; nothing is done.");
    expect(words(first.output)).toContain('the environment variable "GITLAB_TOKEN" is not set');
    expect(first.output).not.toContain("· mints");
  });
});
