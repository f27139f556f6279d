import { afterEach, describe, expect, test } from "vitest";
import type { Document } from "yaml";
import type { Engine } from "../../../engines/engine";
import { checkTraffic } from "../../openapi";
import { engines } from "../engines";
import { Situation, writes } from "../situation";
import { declarationOf, replaceByHand, username } from "./kinds";
import { declareMinting, mintingWorld, permissions } from "./minting";

let situation: Situation;

afterEach(async () => {
  expect(situation.leaks()).toEqual([]);
  await situation.stop();
});

async function start(engine: Engine, version: "18.11" | "19.2" = "19.2", more: object = {}): Promise<void> {
  situation = await Situation.start(engine, { world: mintingWorld(), limits: { version }, edit: declareMinting(more) });
}

const live = () => situation.sandbox.gitlab.liveTokens(username("self"));
const ids = () => live().map(({ id }) => id);
const fromVault = () => situation.sandbox.onepassword.field("Security", "self", "credential");
const variable = () => situation.sandbox.gitlab.variable("security/self", "TOKEN");
const extraDates = [{ date: "2026-12-07", reason: "left the team" }];
const rotation = { startsOn: "2026-11-23", extraDates };

/** Whether every place holds the newest token. */
function works(): boolean {
  const newest = live().at(-1);
  return newest !== undefined && fromVault() === newest.value && variable() === newest.value;
}

describe.each(engines)("a plain user who mints the next token itself, on the $name", (engine) => {
  test("has an overlap: minted by the token in use, proven, and the old one is revoked by the new one", {
    timeout: 240_000,
  }, async () => {
    await start(engine, "19.2", { rotation });
    const check = checkTraffic(situation.sandbox.traffic);
    const preview = await situation.preview();
    expect([preview.code, writes(preview.requests)], preview.output).toEqual([0, []]);
    expect(preview.output).not.toContain("would fail");

    const first = await situation.up();
    expect(first.code, first.output).toBe(0);
    expect(check.faults).toEqual([]);
    const [mint, ...rest] = writes(first.requests);
    expect(mint).toBe("POST /api/v4/user/personal_access_tokens");
    expect(rest.filter((one) => one.includes("personal_access_tokens"))).toEqual([]);
    expect([live()[0]?.id, live().length, works()]).toEqual([1205, 2, true]);
    expect(live()[1]).toMatchObject({ name: "self", expiresAt: "2027-11-23", scopes: ["granular"] });
    const idle = await situation.up(["--expect-no-changes"]);
    expect([idle.code, idle.requests], idle.output).toEqual([0, []]);

    situation.sandbox.clock.set("2026-11-30T07:11:00Z");
    const second = await situation.up();
    expect(second.code, second.output).toBe(0);
    expect(writes(second.requests)).toEqual(["DELETE /api/v4/personal_access_tokens/1205"]);
    expect([live().length, works()]).toEqual([1, true]);

    situation.sandbox.clock.set("2026-12-07T06:30:00Z");
    const [before] = ids();
    const third = await situation.up();
    expect(third.code, third.output).toBe(0);
    expect([live().length, works()]).toEqual([2, true]);
    situation.sandbox.clock.set("2026-12-14T06:31:00Z");
    const fourth = await situation.up();
    expect(fourth.code, fourth.output).toBe(0);
    expect(writes(fourth.requests)).toEqual([`DELETE /api/v4/personal_access_tokens/${before}`]);
    expect([live().length, works()]).toEqual([1, true]);
  });

  test("comes from one whose token rotated itself: released, then adopted, with nothing minted or revoked before its date", {
    timeout: 240_000,
  }, async () => {
    const rotating = (more: object) => (settings: Document) =>
      settings.setIn(["config", "pat-rotation:accounts"], [{ ...declarationOf("self"), ...more }]);
    situation = await Situation.start(engine, {
      world: mintingWorld(),
      limits: { version: "19.2" },
      edit: rotating({}),
    });
    expect((await situation.up()).code).toBe(0);
    const [tokenId] = ids();
    expect(works()).toBe(true);

    situation.stack.configure(rotating({ onRemoval: "release" }));
    const released = await situation.up();
    expect([released.code, writes(released.requests)], released.output).toEqual([0, []]);
    const next = { rotation: { startsOn: "2027-01-11" }, adopt: { tokenId, expiresAt: "2027-11-23" } };
    situation.stack.configure(declareMinting(next));
    const preview = await situation.preview();
    expect([preview.code, preview.output.includes("would fail")], preview.output).toEqual([0, false]);
    const adopted = await situation.up();
    expect([adopted.code, writes(adopted.requests)], adopted.output).toEqual([0, []]);
    expect([ids(), works()]).toEqual([[tokenId], true]);
    const idle = await situation.up(["--expect-no-changes"]);
    expect([idle.code, idle.requests], idle.output).toEqual([0, []]);

    situation.sandbox.clock.set("2027-01-11T06:30:00Z");
    const minted = await situation.up();
    expect(minted.code, minted.output).toBe(0);
    expect([ids()[0], live().length, works()]).toEqual([tokenId, 2, true]);
    situation.sandbox.clock.set("2027-01-18T06:31:00Z");
    const ended = await situation.up();
    expect(ended.code, ended.output).toBe(0);
    expect(writes(ended.requests)).toEqual([`DELETE /api/v4/personal_access_tokens/${tokenId}`]);
    expect([live().length, works()]).toEqual([1, true]);
  });

  test("is refused where it was not released, and comes right with that: nothing is minted or revoked on the way", {
    timeout: 240_000,
  }, async () => {
    situation = await Situation.start(engine, {
      world: mintingWorld(),
      limits: { version: "19.2" },
      edit: (settings) => settings.setIn(["config", "pat-rotation:accounts"], [declarationOf("self")]),
    });
    expect((await situation.up()).code).toBe(0);
    const [tokenId] = ids();
    const next = { rotation: { startsOn: "2027-01-11" }, adopt: { tokenId, expiresAt: "2027-11-23" } };
    situation.stack.configure(declareMinting(next));
    const run = await situation.up();
    expect(run.code).not.toBe(0);
    expect(run.output.replace(/\s+/g, " ")).toContain("is not released yet. Take the edit back");
    expect([ids(), works(), writes(run.requests)]).toEqual([[tokenId], true, []]);

    situation.stack.configure((settings) =>
      settings.setIn(["config", "pat-rotation:accounts"], [{ ...declarationOf("self"), onRemoval: "release" }]),
    );
    const back = await situation.up();
    expect([back.code, writes(back.requests)], back.output).toEqual([0, []]);
    situation.stack.configure(declareMinting(next));
    const released = await situation.up();
    expect([released.code, ids(), works(), writes(released.requests)], released.output).toEqual([
      0,
      [tokenId],
      true,
      [],
    ]);
  });

  test("on a GitLab that does not let users do that: nothing happens, and the error says which release does", {
    timeout: 120_000,
  }, async () => {
    await start(engine, "18.11");
    const run = await situation.up();
    expect(run.code).not.toBe(0);
    expect(run.output).toContain("from 19.2 on");
    expect([ids(), writes(run.requests)]).toEqual([[1205], []]);
  });

  test("too few permissions break no job: the places get the old token back, which the new one does not end", {
    timeout: 240_000,
  }, async () => {
    await start(engine, "19.2", { token: { name: "self", permissions: [permissions[0]] } });
    const run = await situation.up();
    expect(run.code).not.toBe(0);
    const [old] = live();
    expect([old?.id, fromVault() === old?.value, variable() === old?.value]).toEqual([1205, true, true]);
    situation.sandbox.clock.set("2026-12-01T06:31:00Z");
    await situation.up();
    expect(ids()).toContain(1205);
  });

  test("one that leaked is ended by its successor at once; the account's end is that of all its tokens", {
    timeout: 240_000,
  }, async () => {
    await start(engine);
    expect((await situation.up()).code).toBe(0);
    const [, leaked] = ids();
    situation.sandbox.clock.set("2026-11-25T06:30:00Z");
    const compromised = [{ generation: "2026-11-23", reason: "in a log", on: "2026-11-25" }];
    situation.stack.configure(declareMinting({ compromised }));
    const urgent = await situation.up();
    expect(urgent.code, urgent.output).toBe(0);
    expect(ids()).not.toContain(leaked);
    expect(works()).toBe(true);

    situation.stack.configure(declareMinting({ compromised, decommission: { reason: "replaced" } }));
    const ended = await situation.up();
    expect(ended.code, ended.output).toBe(0);
    expect(ids()).toEqual([]);
    const idle = await situation.up(["--expect-no-changes"]);
    expect([idle.code, idle.requests], idle.output).toEqual([0, []]);
  });

  test("where its place holds a dead token, the run says what a person has to do, and goes on from there", {
    timeout: 240_000,
  }, async () => {
    const early = [{ date: "2026-11-25", reason: "left the team" }];
    await start(engine, "19.2", { rotation: { startsOn: "2026-11-23", extraDates: early } });
    expect((await situation.up()).code).toBe(0);
    situation.sandbox.clock.set("2026-11-25T06:30:00Z");
    const { tokens } = situation.sandbox.gitlab.state;
    const id = situation.sandbox.gitlab.state.userNamed(username("self"))?.id ?? 0;
    for (const token of tokens.of(id)) token.revoked = true;
    const red = await situation.up();
    expect(red.code).not.toBe(0);
    expect(red.output.replace(/\s+/g, " ")).toContain("Log in to GitLab as the user, make a token there");
    expect(writes(red.requests)).toEqual([]);

    replaceByHand(situation.sandbox);
    const mended = await situation.up();
    expect(mended.code, mended.output).toBe(0);
    expect(works()).toBe(true);
  });

  test("is listed by a run that asks for health, survives a refresh, and leaves nothing behind when it goes", {
    timeout: 240_000,
  }, async () => {
    situation = await Situation.start(engine, {
      world: mintingWorld(),
      limits: { version: "19.2" },
      edit: declareMinting({ onRemoval: "revoke" }, true, [declarationOf("top")]),
    });
    expect((await situation.up()).code).toBe(0);
    const { state } = situation.sandbox.gitlab;
    const userId = state.userNamed(username("self"))?.id ?? 0;
    const made = { name: "debugging", description: null, scopes: ["api"], expiresAt: "2027-01-01" };
    state.tokens.issue({ ...made, id: 1400, userId });
    expect((await situation.refresh()).code).toBe(0);
    const idle = await situation.up(["--expect-no-changes"]);
    expect([idle.code, writes(idle.requests)], idle.output).toEqual([0, []]);
    expect(idle.output.replace(/\s+/g, " ")).toContain("1400");

    situation.stack.configure((settings) => {
      settings.setIn(["config", "pat-rotation:accounts"], [declarationOf("top")]);
    });
    const gone = await situation.up();
    expect(gone.code, gone.output).toBe(0);
    expect(ids()).toEqual([1400]);
  });
});
