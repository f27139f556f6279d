import { afterEach, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { gitlabOf } from "../../workshop/sandbox/harness";
import { engines } from "../engines";
import { inventory, Situation, scanner } from "../situation";

describe.each(engines)("how things stand, on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  /** What the status says, and its exit code; it asks no server. */
  async function status(...words: string[]): Promise<readonly [code: number, said: string]> {
    const before = situation.sandbox.traffic.requests.length;
    const { code, output } = await situation.stack.status(words);
    if (!words.includes("--live")) expect(situation.sandbox.traffic.requests).toHaveLength(before);
    situation.printed += output;
    return [code, output];
  }

  test("before the first run, after it, of one account, for a program, and from the servers", {
    timeout: 240_000,
  }, async () => {
    situation = await Situation.start(engine);
    situation.sandbox.clock.set("2026-11-23T06:30:00Z");
    const [early, before] = await status();
    expect(early).toBe(7);
    expect(before).toContain("inventory: the token in use is dead");
    expect(before).toContain("generation 2026-11-23 is due today, and no run has minted it");

    const up = await situation.npmRunUp();
    expect(up.code, up.output).toBe(0);
    // The outputs are for programs; what the run came to stands last.
    expect(up.output).not.toMatch(/^Outputs:/m);
    expect(up.output.trimEnd().split("\n").slice(-5).join("\n")).toContain("Mon 23 Nov 2026: this run minted 1 token");

    const [fine, all] = await status();
    expect([fine, all]).toEqual([0, expect.stringContaining("2 accounts: 2 fine.")]);
    expect(all).toMatch(/✓ inventory {2}2026-11-23 {4}23 Nov 2027 {2}2 of 2 {2}23 Nov 2026 {5}14 Dec 2026 new token/);
    expect(all).toMatch(/✓ scanner {4}adopted {7}14 Dec 2026 {2}as is {3}none yet/);
    expect(all).toMatch(/inventory {2}http:\S+\/security\/inventory-builder\/-\/pipelines\/20003/);

    const [, one] = await status("inventory");
    for (const line of [
      "in use    generation 2026-11-23",
      "made by hand",
      "minted token",
      "Mon 23 Nov 2026: today",
      "Extra date",
    ])
      expect(one).toContain(line);

    const [, document] = await status("--format", "json");
    const { format, verdict, stacks } = JSON.parse(document);
    expect([format, verdict, stacks[0].accounts[0].inUse.generation]).toEqual([
      "pat-rotation/status",
      "fine",
      "2026-11-23",
    ]);

    const [, page] = await status("--format", "html");
    expect(page).toContain("<h1>Tokens of sandbox</h1>");
    expect(page).toMatch(/<a href="http:[^"]+\/security\/inventory-builder\/-\/pipelines\/20003"/);

    const variable = { project: scanner.project, key: "GITLAB_API_TOKEN" };
    await gitlabOf(situation.sandbox)(
      "PUT",
      `/projects/${encodeURIComponent(variable.project)}/variables/${variable.key}`,
      {
        value: "something-else-of-20-characters",
      },
    );
    const [live, seen] = await status("--live", "scanner");
    expect([live, seen]).toEqual([
      7,
      expect.stringContaining(`✗ CI/CD variable "${variable.key}" of project "${variable.project}"`),
    ]);
  });

  test("a proof that gives up is told with its link, and taken up by one entry", { timeout: 300_000 }, async () => {
    situation = await Situation.start(engine);
    const { sandbox, stack } = situation;
    sandbox.clock.set("2026-11-23T06:30:00Z");
    await situation.npmRunUp();
    sandbox.clock.set("2026-12-14T06:30:00Z");
    sandbox.gitlab.armJob(inventory.project, inventory.job, { does: "fail" });
    for (let attempt = 1; attempt <= 3; attempt++) {
      const red = await situation.npmRunUp();
      expect(red.code, red.output).toBe(1);
      sandbox.clock.advance({ hours: 1 });
    }
    const [due, gaveUp] = await status();
    expect(due).toBe(6);
    expect(gaveUp).toMatch(/! inventory {2}2026-11-23 {4}23 Nov 2027 {2}2 of 2 {2}gave up/);
    const [, one] = await status("inventory");
    expect(one).toMatch(/it gave up; npx pat-rotation retry\s+inventory takes it up/);
    expect(one).toContain("attempt 3 of 3 failed; 2026-11-23 is in the places again");

    // The earlier token is where it is to be: that is no alarm.
    const [, live] = await status("inventory", "--live");
    expect(live).toContain(
      '✓ CI/CD variable "GITLAB_API_TOKEN" of project "security/inventory-builder": holds 2026-11-23',
    );
    expect(live).not.toContain("stale");

    sandbox.gitlab.disarmJob(inventory.project, inventory.job);
    const before = sandbox.gitlab.issuedTokens().length;
    stack.configure((settings) =>
      settings.setIn(
        ["config", "pat-rotation:accounts", 0, "retries"],
        parseDocument('[{ generation: "2026-12-14", on: "2026-12-14", reason: the runner is back }]').contents,
      ),
    );
    const up = await situation.npmRunUp();
    expect(up.code, up.output).toBe(0);
    expect(sandbox.gitlab.issuedTokens()).toHaveLength(before);
    expect(situation.works(inventory)).toBe(true);
    const [fine, all] = await status();
    expect([fine, all]).toEqual([0, expect.stringContaining("✓ inventory  2026-12-14")]);
  });
});
