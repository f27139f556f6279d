import { afterEach, describe, expect, test } from "vitest";
import { engines } from "../engines";
import { inventory, Situation } from "../situation";

describe.each(engines)("what a run says at its end, on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  /** How often a text stands in what a run sums up, however its lines are broken and framed. */
  const times = (output: string, text: string) =>
    output.slice(output.indexOf("Diagnostics:")).replace(/\s+/g, " ").split(text).length - 1;

  /** The columns of the closing paragraph's first lines. */
  const longest = (output: string) => {
    const lines = output.slice(output.indexOf("Diagnostics:")).split("\n");
    const first = lines.findIndex((line) => line.includes(": this run "));
    return Math.max(...lines.slice(first, first + 4).map(({ length }) => length));
  };

  test("it tells once what was minted, stored, proven, held, revoked, and what is next", {
    timeout: 400_000,
  }, async () => {
    situation = await Situation.start(engine);
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    const { code, output } = await situation.plainUp();
    expect(code, output).toBe(0);
    const first = "Mon 30 Nov 2026: this run minted 2 tokens, took over 1 token, proved 2 tokens, stored 2 tokens";
    expect(times(output, first), output).toBe(1);
    expect(times(output, "Next: Mon 7 Dec 2026, scanner: revoke old.")).toBe(1);
    expect(longest(output)).toBeLessThanOrEqual(100);
    expect(output.replace(/\s+/g, " ")).toMatch(
      /inventory: minted token \d+ \(2026-11-23\); proved token \d+ \(2026-11-23\); stored in 2 places/,
    );
    situation.sandbox.clock.set("2026-12-08T06:30:00Z");
    const later = await situation.plainUp();
    expect(later.code, later.output).toBe(0);
    expect(later.output).toMatch(/retiring token 1202, generation "adopted" of account "scanner": revoked/);
    expect(later.output).toContain("Tue 8 Dec 2026: this run revoked 1 token");
    expect(later.output).toContain("scanner: revoked token 1202");
    const idle = await situation.plainUp(["--expect-no-changes"]);
    expect(idle.code, idle.output).toBe(0);
    expect(times(idle.output, "Tue 8 Dec 2026: this run minted, stored and revoked nothing. Next: ")).toBe(1);
  });

  test("an account that failed is told with why, once, whoever runs it", { timeout: 400_000 }, async () => {
    situation = await Situation.start(engine);
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    situation.sandbox.gitlab.armJob(inventory.project, inventory.job, { does: "fail" });
    const { code, output } = await situation.npmRunUp();
    expect(code, output).not.toBe(0);
    expect(times(output, "1 account failed, which held up no other: inventory: runbook:PipelineProof failed:")).toBe(1);
    expect(times(output, "this run minted 2 tokens, took over 1 token, proved 1 token, stored 1 token")).toBe(1);
    // Its overlap has not begun: the date of the retirement is none yet.
    expect(times(output, "Next: the next run takes up what failed; Mon 7 Dec 2026, scanner: revoke old.")).toBe(1);
  });
});
