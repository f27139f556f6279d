import { afterEach, describe, expect, test } from "vitest";
import { health } from "../../../commands/health";
import { Desk } from "../desk";
import { engines } from "../engines";
import { inventory, scanner } from "../situation";

let desk: Desk;

afterEach(async () => {
  expect(desk.leaks()).toEqual([]);
  await desk.stop();
});

describe.each(engines)("the health of the morning after, on the $name", (engine) => {
  async function look(environment: NodeJS.ProcessEnv = {}) {
    const surroundings = { folder: desk.folder, environment: { ...desk.environment, ...environment }, engine };
    const { code, stdout, stderr } = await health(["--stack", "sandbox"], surroundings);
    desk.printed += stdout + stderr;
    const [, headline = ""] = stdout.split("\n");
    return { code, headline, stdout, words: stdout.replace(/\s+/g, " ") };
  }

  test("tells a proof that failed, what was put back, and at the end that no run tries again", {
    timeout: 300_000,
  }, async () => {
    desk = await Desk.start(engine);
    desk.declared = desk.declared.replace('startsOn: "2026-11-30"', "$&\n        marginDays: 7");
    desk.sandbox.clock.set("2026-11-30T06:30:00Z");
    desk.sandbox.gitlab.armJob(scanner.project, scanner.job, { does: "fail" });
    const red = await desk.up();
    expect(red.code, red.output).not.toBe(0);
    desk.sandbox.clock.set("2026-12-01T06:30:00Z");
    const morning = await look();
    expect(morning.code, morning.words).toBe(6);
    expect(morning.headline).toBe("Something is late, failed, or dies with nothing to replace it: see !.");
    // Once, whole, and line by line: how it failed, what was put back, what to do.
    expect(morning.words).toMatch(
      /! scanner: generation 2026-11-30 \(token \d+\) is not proven, 1 of 3 attempts failed\. The last run failed: proving generation "2026-11-30" of account "scanner" by its pipelines, attempt 1 of 3: schedule .* failed: its status is "failed": job "[^"]+" is "failed" \(script_failure\)/,
    );
    expect(morning.words.match(/attempt 1 of 3/g)).toHaveLength(1);
    expect(morning.stdout).toMatch(/^ {4}Put back: the token of generation "adopted" is again in field/m);
    expect(morning.stdout).toMatch(/^ {4}What to do: read the job's log in GitLab\./m);
    expect(morning.words).toContain('The next "pulumi up" sets the new token again');
    expect(morning.stdout).not.toContain("…");
    expect(morning.words).not.toContain("is stale");
    expect(morning.words).toContain("holds token 1202 again, and not ");
    for (const _ of [2, 3]) await desk.up();
    const given = await look();
    expect([given.code, given.words]).toEqual([6, expect.stringContaining("3 of 3 attempts failed")]);
    expect(given.words.match(/nothing is rerun until the pipelines or the generation change/g)).toHaveLength(1);
    desk.sandbox.gitlab.disarmJob(scanner.project, scanner.job);
  });

  test("is not fine where places could not be read, and says so first: 3", { timeout: 300_000 }, async () => {
    desk = await Desk.start(engine);
    desk.sandbox.clock.set("2026-11-30T06:30:00Z");
    const run = await desk.up();
    expect(run.code, run.output).toBe(0);
    const fine = await look();
    expect([fine.code, fine.headline]).toEqual([0, "Nothing is due, and no consumer is at risk."]);
    const blind = await look({ OP_CONNECT_TOKEN: "no longer good" });
    expect([blind.code, blind.headline]).toEqual([3, "Not all could be looked at."]);
    expect(blind.words).toContain(
      `- inventory: field "credential" of 1Password item "${inventory.item}" in vault "Security" was not checked:`,
    );
    desk.sandbox.clock.set("2026-12-16T06:30:00Z");
    const late = await look({ OP_CONNECT_TOKEN: "no longer good" });
    expect(late.headline).toMatch(/^Something is late.* Not all could be looked at\.$/);
    expect(late.code).toBe(3);
  });
});
