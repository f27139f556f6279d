import { afterEach, describe, expect, test } from "vitest";
import type { Document } from "yaml";
import type { Engine } from "../../../engines/engine";
import { checkTraffic } from "../../openapi";
import { engines } from "../engines";
import { Situation, writes } from "../situation";
import { declarationOf, kindsWorld, replaceByHand, username } from "./kinds";

let situation: Situation;

afterEach(async () => {
  expect(situation.leaks()).toEqual([]);
  await situation.stop();
});

const declare = (more: object, health: boolean) => (settings: Document) => {
  settings.setIn(["config", "pat-rotation:accounts"], [{ ...declarationOf("self"), ...more }]);
  settings.setIn(["config", "pat-rotation:health"], health);
};

async function start(engine: Engine, more: object = {}): Promise<void> {
  situation = await Situation.start(engine, { world: kindsWorld("owner"), edit: declare(more, false) });
}

const live = () => situation.sandbox.gitlab.liveTokens(username("self"));
const fromVault = () => situation.sandbox.onepassword.field("Security", "self", "credential");
const noteInVault = () => situation.sandbox.onepassword.field("Security", "self", "rotation of self");
const variable = () => situation.sandbox.gitlab.variable("security/self", "TOKEN");

/** Whether every place holds the one token that lives. */
function works(): boolean {
  const [only, ...others] = live();
  return others.length === 0 && only !== undefined && fromVault() === only.value && variable() === only.value;
}

describe.each(engines)("a plain user's token on the $name", (engine) => {
  test("rotates itself: in 1Password first, then in its variables, then proven", { timeout: 240_000 }, async () => {
    const extraDates = [{ date: "2026-12-14", reason: "left the team" }];
    await start(engine, { rotation: { startsOn: "2026-11-23", extraDates } });
    const { sandbox } = situation;
    const check = checkTraffic(sandbox.traffic);

    const preview = await situation.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(writes(preview.requests)).toEqual([]);

    const first = await situation.up();
    expect(first.code, first.output).toBe(0);
    expect(check.faults).toEqual([]);
    const item = expect.stringMatching(/^PATCH \/v1\/vaults\/\w+\/items\/\w+$/);
    expect(writes(first.requests)).toEqual([
      item,
      "POST /api/v4/personal_access_tokens/self/rotate",
      item,
      ...writes(first.requests).slice(3, -1),
      expect.stringMatching(/^POST .*\/pipeline_schedules\/\d+\/play$/),
    ]);
    expect(writes(first.requests).slice(3, -1).sort()).toEqual([
      item,
      "PUT /api/v4/projects/security/self/variables/TOKEN",
    ]);
    expect(works()).toBe(true);
    expect(live()[0]).toMatchObject({ rotatedFrom: 1205, expiresAt: "2027-11-23", name: "self" });
    expect(noteInVault()).toMatch(/^stored \S+, token \d+ \[sandbox\/self\/2026-11-23\]$/);
    expect((await situation.stack.outputs()).rotations).toMatchObject({
      self: { generation: "2026-11-23", expiresAt: "2027-11-23", held: [] },
    });

    const rest = await situation.up(["--expect-no-changes"]);
    expect(rest.code, rest.output).toBe(0);
    expect(rest.requests).toEqual([]);

    const before = live()[0];
    sandbox.clock.set("2026-12-14T06:30:00Z");
    const second = await situation.up();
    expect(second.code, second.output).toBe(0);
    expect(works()).toBe(true);
    expect(live()[0]).toMatchObject({ rotatedFrom: before?.id, expiresAt: "2027-12-14" });

    situation.stack.configure(declare({ rotation: { startsOn: "2026-11-23", extraDates } }, true));
    const shown = await situation.preview();
    expect(shown.output.replace(/\s+/g, " ")).toContain("self: nobody may list a plain user's tokens.");
    expect((await situation.up()).output).not.toContain("may list");
  });

  test("is told as lost where GitLab's answer is: red, on its issue, until a person put in another one", {
    timeout: 240_000,
  }, async () => {
    await start(engine, { issue: { project: "security/self" } });
    const { gitlab } = situation.sandbox;
    gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST", path: "/self/rotate" });
    const red = await situation.up();
    expect(red.code).not.toBe(0);
    expect(red.output).toContain("A person has to make a new token");
    const [lost] = live();
    expect(lost).toMatchObject({ rotatedFrom: 1205 });

    const again = await situation.up();
    expect(again.code).not.toBe(0);
    expect(live()).toEqual([lost]);
    const [issue] = gitlab.state.projects.get("security/self")?.issues ?? [];
    expect(issue?.state).toBe("opened");
    const told = issue?.notes.filter(({ body }) => body.includes("A person has to make a new token")) ?? [];
    expect(told).toHaveLength(1);
    expect(told[0]?.body).not.toContain("No token was revoked");

    replaceByHand(situation.sandbox);
    const mended = await situation.up();
    expect(mended.code, mended.output).toBe(0);
    expect(works()).toBe(true);
    expect(live()[0]).toMatchObject({ rotatedFrom: 1300, expiresAt: "2027-11-23" });
    expect(issue?.state).toBe("closed");
  });
});
