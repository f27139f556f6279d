import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { inventory as writeInventory } from "../../../commands/inventory";
import { plan } from "../../../commands/plan";
import { engines } from "../engines";
import { inventory, Situation, type Subject, scanner, writes } from "../situation";

describe.each(engines)("adoption by inventory on the $name", (engine) => {
  let situation: Situation;
  let folder: string;

  beforeEach(async () => {
    situation = await Situation.start(engine);
    folder = mkdtempSync(join(tmpdir(), "adoption-"));
  });

  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  /** Lets the weekly schedule run when a run begins to look for jobs that ran by themselves. */
  function weekly({ project }: Subject, schedule: string): () => void {
    const stop = situation.sandbox.traffic.watch({
      handled: ({ method, path }) => {
        if (method !== "GET" || !path.endsWith(`/projects/${encodeURIComponent(project)}/jobs`)) return;
        stop();
        situation.sandbox.gitlab.runSchedule(project, schedule);
      },
    });
    return stop;
  }

  test("what inventory wrote passes the plan, takes the tokens over and rotates them without an outage", {
    timeout: 300_000,
  }, async () => {
    const { sandbox, stack } = situation;
    const { stdout, code } = await writeInventory(["--group", "security", "--vault", "Security"], {
      folder: writtenStack(folder),
      environment: { ...process.env, ...sandbox.environment },
    });
    expect(code).toBe(0);
    writeFileSync(join(folder, "accounts.yaml"), stdout);
    expect(plan([], { folder, environment: {}, today: "2026-11-23" })).toMatchObject({ code: 0, stderr: "" });
    stack.configure((settings) => settings.setIn(["config", "pat-rotation:accounts"], parse(stdout)));

    const hand = situation.variable(scanner);
    weekly(inventory, "Weekly - Monday mornings");
    const rescue = await situation.up();
    expect(rescue.code, rescue.output).toBe(0);
    expect(situation.works(inventory)).toBe(true);
    expect(situation.variable(scanner)).toBe(hand);
    expect(situation.works(scanner)).toBe(true);

    const rest = await situation.up(["--expect-no-changes"]);
    expect(rest.code, rest.output).toBe(0);
    expect(rest.requests).toEqual([]);

    sandbox.clock.set("2026-11-30T06:30:00Z");
    weekly(scanner, "Weekly - Monday noon");
    const rotation = await situation.up();
    expect(rotation.code, rotation.output).toBe(0);
    expect(situation.works(scanner)).toBe(true);
    expect(situation.variable(scanner)).not.toBe(hand);
    expect(situation.live(scanner)).toHaveLength(2);

    sandbox.clock.set("2026-12-07T06:30:00Z");
    const retirement = await situation.up();
    expect(retirement.code, retirement.output).toBe(0);
    expect(writes(retirement.requests)).toEqual([
      "DELETE /api/v4/groups/security/service_accounts/202/personal_access_tokens/1202",
    ]);
    expect(situation.works(scanner)).toBe(true);
  });
});

describe.each(engines)("a first run that comes late, on the $name", (engine) => {
  test.each([
    ["nine days after the first date", "2026-11-23"],
    ["in the middle of a calendar that began a year before", "2025-12-15"],
  ])(
    "%s, puts the hand-made token back when a pipeline fails, and retires it when one passed",
    {
      timeout: 180_000,
    },
    async (_, startsOn) => {
      const account = ["config", "pat-rotation:accounts", 0];
      const situation = await Situation.start(engine, {
        edit: (settings) => {
          settings.deleteIn(account);
          settings.setIn([...account, "rotation", "startsOn"], startsOn);
          // The hand-made token lives for twelve more days: enough to be put back.
          settings.setIn([...account, "rotation", "marginDays"], 7);
        },
      });
      const { sandbox } = situation;
      sandbox.clock.set("2026-12-02T06:30:00Z");
      sandbox.gitlab.armJob(scanner.project, scanner.job, { does: "fail" }, 1);
      const hand = situation.variable(scanner);
      const red = await situation.up();
      expect(red.code).not.toBe(0);
      expect(red.output).toContain('Put back: the token of generation "adopted"');
      expect([situation.variable(scanner), situation.item(scanner)]).toEqual([hand, hand]);
      const mended = await situation.up();
      expect(mended.code, mended.output).toBe(0);
      expect(situation.variable(scanner)).not.toBe(hand);
      expect(situation.works(scanner)).toBe(true);
      expect(situation.live(scanner)).toHaveLength(2);
      const rest = await situation.up(["--expect-no-changes"]);
      expect(rest.code, rest.output).toBe(0);
      sandbox.clock.set("2026-12-10T06:30:00Z");
      expect((await situation.up()).code).toBe(0);
      expect(situation.live(scanner)).toHaveLength(1);
      expect(situation.works(scanner)).toBe(true);
      expect(situation.leaks()).toEqual([]);
      await situation.stop();
    },
  );
});

function writtenStack(folder: string): string {
  const config = "config:\n  pat-rotation:fleet: security-platform\n  pat-rotation:accountFiles: [accounts.yaml]\n";
  writeFileSync(join(folder, "Pulumi.prod.yaml"), config);
  return folder;
}
