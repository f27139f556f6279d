import { afterEach, describe, expect, test } from "vitest";
import type { Engine } from "../../../engines/engine";
import { checkTraffic } from "../../openapi";
import { engines } from "../engines";
import { Situation, writes } from "../situation";
import { declarationOf, type Kind, kindsWorld, username } from "./kinds";

let situation: Situation;

afterEach(async () => {
  expect(situation.leaks()).toEqual([]);
  await situation.stop();
});

async function start(engine: Engine, gitlab: "owner" | "admin", ...kinds: readonly Kind[]): Promise<void> {
  situation = await Situation.start(engine, {
    world: kindsWorld(gitlab),
    edit: (settings) => settings.setIn(["config", "pat-rotation:accounts"], kinds.map(declarationOf)),
  });
}

/** The only live token of an account. */
function only(kind: Kind): string {
  const live = situation.sandbox.gitlab.liveTokens(username(kind));
  expect(live).toHaveLength(1);
  return live[0]?.value ?? "";
}

const fromVault = (kind: Kind) => situation.sandbox.onepassword.field("Security", kind, "credential");

/** Rotates, and retires what was made by hand; every exchange as the servers' descriptions have it. */
async function rotate(): Promise<void> {
  const check = checkTraffic(situation.sandbox.traffic);
  const rotation = await situation.up();
  expect(rotation.code, rotation.output).toBe(0);
  situation.sandbox.clock.set("2026-12-01T06:30:00Z");
  const retirement = await situation.up();
  expect(retirement.code, retirement.output).toBe(0);
  expect(check.faults).toEqual([]);
  const rest = await situation.up(["--expect-no-changes"]);
  expect(rest.code, rest.output).toBe(0);
  expect(rest.requests).toEqual([]);
}

describe.each(engines)("kinds of accounts on the $name", (engine) => {
  test("accounts of a group, of a subgroup and of a project: their variables are taken over, and none is widened", {
    timeout: 240_000,
  }, async () => {
    await start(engine, "owner", "top", "sub", "portal");
    await rotate();
    const { state } = situation.sandbox.gitlab;

    expect(state.groups.get("security")?.variables).toEqual([
      expect.objectContaining({
        key: "TOP_TOKEN",
        value: only("top"),
        masked: true,
        protected: false,
        description: "by hand",
      }),
    ]);
    expect(fromVault("top")).toBe(only("top"));

    expect(state.projects.get("security/scanning/sub")?.variables).toEqual([
      expect.objectContaining({ value: only("sub"), environmentScope: "production", masked: true, protected: true }),
      expect.objectContaining({ value: "of-staging-only", environmentScope: "staging", protected: false }),
    ]);
    expect(fromVault("sub")).toBe(only("sub"));

    const hidden = { value: only("portal"), hidden: true, masked: true, protected: true };
    expect(state.projects.get("security/portal")?.variables).toEqual([
      expect.objectContaining({ ...hidden, key: "TOKEN", variableType: "file", raw: true }),
      expect.objectContaining({ ...hidden, key: "NEW_TOKEN", variableType: "env_var" }),
    ]);
    expect(fromVault("portal")).toBe(only("portal"));
  });

  test("an account of the instance, with a variable of the instance and an administrator's credential", {
    timeout: 180_000,
  }, async () => {
    await start(engine, "admin", "instance");
    await rotate();
    expect(situation.sandbox.gitlab.state.instanceVariables).toEqual([
      expect.objectContaining({ key: "INSTANCE_TOKEN", value: only("instance"), masked: true, protected: true }),
    ]);
    expect(fromVault("instance")).toBe(only("instance"));
  });

  test("without an administrator's credential an account of the instance is refused before anything happens", {
    timeout: 120_000,
  }, async () => {
    await start(engine, "owner", "instance");
    const run = await situation.up();
    expect(run.code).not.toBe(0);
    expect(run.output).toContain("an administrator's token (with the scope admin_mode");
    expect(writes(run.requests)).toEqual([]);
  });
});
