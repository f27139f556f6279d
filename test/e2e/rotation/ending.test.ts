import { afterEach, describe, expect, test } from "vitest";
import type { Document } from "yaml";
import { lookAlikes } from "../../../workshop/sandbox/worlds/fleet";
import { engines } from "../engines";
import { inventory, Situation, scanner, writes } from "../situation";

const account = (index: number, ...path: (string | number)[]) => ["config", "pat-rotation:accounts", index, ...path];

describe.each(engines)("on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  /** The scanner alone, after its first rotation and before the hand-made token is retired. */
  async function rotated(edit: (settings: Document) => void = () => {}): Promise<void> {
    situation = await Situation.start(engine, { edit: only(edit) });
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    const run = await situation.up();
    expect(run.code, run.output).toBe(0);
  }

  function only(edit: (settings: Document) => void): (settings: Document) => void {
    return (settings) => {
      settings.deleteIn(account(0));
      edit(settings);
    };
  }

  /** What a run changed, in order. */
  const kinds = (requests: Parameters<typeof writes>[0]) =>
    writes(requests).map((write) => {
      if (/^POST .*access_tokens$/.test(write)) return "mint";
      if (/^DELETE .*access_tokens/.test(write)) return "revoke";
      return /^POST/.test(write) ? "run" : "place";
    });

  test("a leaked token dies as soon as its successor is in place, before the pipelines run", {
    timeout: 180_000,
  }, async () => {
    await rotated();
    const [hand, leaked] = situation.live(scanner);
    situation.stack.configure(
      only((settings) => {
        const leak = { generation: "2026-11-30", reason: "pasted into a chat", on: "2026-12-01" };
        settings.setIn(account(0, "compromised"), [leak]);
      }),
    );
    situation.sandbox.clock.set("2026-12-01T09:00:00Z");
    situation.sandbox.gitlab.armJob(scanner.project, scanner.job, { does: "fail" }, 1);
    const red = await situation.up();
    expect(red.code).not.toBe(0);
    const order = kinds(red.requests);
    expect(order).toEqual(["mint", "place", "place", "revoke", "run", ...order.slice(5)]);
    // Its pipelines are red, yet it is dead, and what was put back is not its value.
    expect(situation.live(scanner)).not.toContain(leaked);
    expect(situation.live(scanner)).toContain(hand);
    const mended = await situation.up();
    expect(mended.code, mended.output).toBe(0);
    expect(situation.works(scanner)).toBe(true);
  });

  test("a hand-made token that leaked dies in the run that takes it over", { timeout: 120_000 }, async () => {
    situation = await Situation.start(engine, {
      edit: only((settings) => {
        const leak = { generation: "adopted", reason: "in a public repository", on: "2026-11-24" };
        settings.setIn(account(0, "compromised"), [leak]);
      }),
    });
    situation.sandbox.clock.set("2026-11-24T09:00:00Z");
    const run = await situation.up();
    expect(run.code, run.output).toBe(0);
    expect(kinds(run.requests)).toEqual(["mint", "place", "place", "revoke", "run"]);
    expect(situation.live(scanner)).toHaveLength(1);
    expect(situation.works(scanner)).toBe(true);
  });

  test("holdAt goes back to a token that lives, and on again, without minting", { timeout: 240_000 }, async () => {
    await rotated();
    const first = situation.variable(scanner);
    const second = (settings: Document) =>
      settings.setIn(account(0, "rotation", "extraDates"), [{ date: "2026-12-01", reason: "somebody left" }]);
    situation.stack.configure(only(second));
    situation.sandbox.clock.set("2026-12-01T09:00:00Z");
    expect((await situation.up()).code).toBe(0);
    const later = situation.variable(scanner);
    expect(later).not.toBe(first);
    const issued = situation.sandbox.gitlab.issuedTokens().length;
    situation.stack.configure(
      only((settings) => {
        second(settings);
        settings.setIn(account(0, "holdAt"), "2026-11-30");
      }),
    );
    const back = await situation.up();
    expect(back.code, back.output).toBe(0);
    expect(situation.variable(scanner)).toBe(first);
    expect(situation.works(scanner)).toBe(true);
    situation.stack.configure(only(second));
    const on = await situation.up();
    expect(on.code, on.output).toBe(0);
    expect(situation.variable(scanner)).toBe(later);
    expect(situation.works(scanner)).toBe(true);
    expect(situation.sandbox.gitlab.issuedTokens()).toHaveLength(issued);
    expect(situation.live(scanner)).toHaveLength(3);
  });

  test("holdAt goes back to the token made by hand, whatever its scopes", { timeout: 180_000 }, async () => {
    await rotated((settings) => settings.setIn(account(0, "rotation", "marginDays"), 5));
    situation.stack.configure(
      only((settings) => {
        settings.setIn(account(0, "rotation", "marginDays"), 5);
        settings.setIn(account(0, "holdAt"), "adopted");
      }),
    );
    const back = await situation.up();
    expect(back.code, back.output).toBe(0);
    expect(situation.variable(scanner) === situation.sandbox.gitlab.tokenValue("scanner-hand-made")).toBe(true);
    expect(situation.works(scanner)).toBe(true);
  });

  test("a decommissioned account has every token revoked, whoever uses it, and may then be dropped", {
    timeout: 180_000,
  }, async () => {
    situation = await Situation.start(engine);
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    expect((await situation.up()).code).toBe(0);
    const placed = situation.variable(scanner);
    situation.stack.configure((settings) =>
      settings.setIn(account(1, "decommission"), { reason: "the scanner is gone" }),
    );
    const run = await situation.up();
    expect(run.code, run.output).toBe(0);
    expect(new Set(kinds(run.requests))).toEqual(new Set(["revoke"]));
    expect(situation.live(scanner)).toEqual([]);
    expect(situation.variable(scanner)).toBe(placed);
    expect((await situation.up(["--expect-no-changes"])).requests).toEqual([]);
    situation.stack.configure((settings) => settings.deleteIn(account(1)));
    const dropped = await situation.up();
    expect(dropped.code, dropped.output).toBe(0);
    // That they are dead is looked at before they are forgotten.
    expect(dropped.requests.length).toBeGreaterThan(0);
    expect(writes(dropped.requests)).toEqual([]);
    expect(situation.works(inventory)).toBe(true);
  });

  test("a limit of rotations makes the account wait whose token lives longest, and says so", {
    timeout: 180_000,
  }, async () => {
    situation = await Situation.start(engine, {
      edit: (settings) => {
        settings.setIn(["config", "pat-rotation:maxRotationsPerRun"], 1);
        settings.setIn(account(1, "rotation", "startsOn"), "2026-11-23");
      },
    });
    const hand = situation.variable(scanner);
    const first = await situation.up();
    expect(first.code, first.output).toBe(0);
    expect(situation.works(inventory)).toBe(true);
    expect(situation.variable(scanner)).toBe(hand);
    expect((await situation.stack.outputs()).waitingRotations).toEqual({
      scanner: expect.stringContaining("Waits its turn: at most 1 account rotates in a run"),
    });
    situation.sandbox.clock.set("2026-11-24T06:30:00Z");
    const second = await situation.up();
    expect(second.code, second.output).toBe(0);
    expect(situation.variable(scanner)).not.toBe(hand);
    expect(situation.works(scanner)).toBe(true);
    expect((await situation.stack.outputs()).waitingRotations).toEqual({});
  });

  const robots = 100;

  /** A hundred accounts whose hand-made tokens died, one of which has no item in the vault. */
  function declareRobots(settings: Document): void {
    const accounts = Array.from({ length: robots }, (_, at) => {
      const number = String(at + 1).padStart(4, "0");
      const name = `GitLab Security Service - Robot ${number}`;
      const project = `security/robot-${number}`;
      return {
        name: `robot-${number}`,
        account: { group: "security", username: `gl-security-robot-${number}` },
        token: { name, scopes: ["read_api"] },
        rotation: { startsOn: "2026-11-23" },
        adopt: { tokenId: 1201 + at, expiresAt: "2026-11-24" },
        onePassword: [{ vault: "Security", item: number === "0042" ? "no such item" : name, field: "credential" }],
        variables: [{ project, key: "GITLAB_API_TOKEN" }],
        proof: [{ project, schedule: "Weekly - Monday mornings", jobs: ["work"] }],
      };
    });
    settings.setIn(["config", "pat-rotation:accounts"], accounts);
  }

  test("a hundred dead tokens in one run: one that cannot be brought back holds up none of the others", {
    timeout: 900_000,
  }, async () => {
    situation = await Situation.start(engine, { world: lookAlikes(robots), edit: (all) => declareRobots(all) });
    const { clock, gitlab } = situation.sandbox;
    clock.set("2026-11-25T08:00:00Z");
    const begin = performance.now();
    const run = await situation.up();
    const seconds = (performance.now() - begin) / 1000;
    expect(run.code).not.toBe(0);
    expect(run.output).toContain("no such item");
    const back = Array.from({ length: robots }, (_, at) => {
      const number = String(at + 1).padStart(4, "0");
      const value = gitlab.variable(`security/robot-${number}`, "GITLAB_API_TOKEN");
      return gitlab.liveTokens(`gl-security-robot-${number}`).some((token) => token.value === value);
    }).filter(Boolean).length;
    expect(back).toBe(robots - 1);
    const each = run.requests.length / robots;
    console.log(`${back} of ${robots} brought back in ${seconds.toFixed(0)} s, ${each.toFixed(1)} requests each`);
    expect(each).toBeLessThan(30);
  });
});
