import { afterEach, describe, expect, test } from "vitest";
import { engines } from "./engines";
import { inventory, Situation, writes } from "./situation";

const account = (index: number, ...path: (string | number)[]) => ["config", "pat-rotation:accounts", index, ...path];

/** `--target` for steps of the first account, by the end of their type and their name. */
function targets(...steps: readonly (readonly [type: string, name: string])[]): string[] {
  const parent = "urn:pulumi:sandbox::pat-rotation::pat-rotation:index:Account";
  return steps.map(([type, name]) => `--target=${parent}$${type}::${name}`);
}

describe.each(engines)("no flag revokes early, on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  test("a run that passes the proof over holds the old token, whatever an earlier proof says", {
    timeout: 120_000,
  }, async () => {
    situation = await Situation.start(engine, { edit: (settings) => settings.deleteIn(account(1)) });
    const { sandbox } = situation;
    expect((await situation.up()).code).toBe(0);
    const [first] = situation.live(inventory);

    sandbox.clock.set("2026-12-14T06:30:00Z");
    const placed = await situation.up(
      targets(
        ["runbook:index:PersonalAccessToken", "inventory-2026-12-14"],
        ["runbook:index:TokenProof", "inventory"],
        ["onepassword:index/itemField:ItemField", `inventory-Security-${inventory.item}-credential`],
        ["gitlab:index/projectVariable:ProjectVariable", `inventory-${inventory.project}-GITLAB_API_TOKEN`],
      ),
    );
    expect(placed.code, placed.output).toBe(0);
    expect(situation.works(inventory)).toBe(true);
    expect(situation.live(inventory)).toHaveLength(2);

    sandbox.clock.set("2026-12-28T06:30:00Z");
    const retirement = await situation.up(targets(["runbook:index:PersonalAccessToken", "inventory-2026-11-23"]));
    expect(writes(retirement.requests), retirement.output).toEqual([]);
    expect(situation.live(inventory)).toContain(first);
  });
});
