import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isWrite } from "../../../workshop/sandbox/traffic";
import { killedUp } from "../crashes/kills";
import { engines } from "../engines";
import { Situation, scanner, writes } from "../situation";

const path = "secret/ci/scanner";
const write = "PATCH /v1/secret/data/ci/scanner";

describe.each(engines)("a key of an OpenBao secret on the $name", (engine) => {
  let situation: Situation;

  /** What the secret holds. */
  const held = () => situation.sandbox.openbao?.state.held(path);

  beforeEach(async () => {
    situation = await Situation.start(engine, {
      openBao: { secrets: { [path]: { token: "by hand", owner: "ops", limits: { rate: 3 } } } },
      edit: (settings) => {
        // The scanner alone: the hand-made token of the other account is dead.
        settings.deleteIn(["config", "pat-rotation:accounts", 0]);
        settings.setIn(["config", "pat-rotation:accounts", 0, "rotation", "marginDays"], 7);
        settings.setIn(["config", "pat-rotation:accounts", 0, "openBao"], [{ path: "ci/scanner" }]);
      },
    });
  });

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  test("a rotation to the end: stored beside what is there, proven, the old token revoked, nothing to do", {
    timeout: 180_000,
  }, async () => {
    const { clock } = situation.sandbox;
    const taken = await situation.up();
    expect(taken.code, taken.output).toBe(0);
    expect(held()?.token).toBe("by hand");

    clock.set("2026-11-30T06:30:00Z");
    const preview = await situation.preview();
    expect(preview.output.replace(/\s+/g, " ")).toContain('key "token" of OpenBao secret "secret/ci/scanner"');
    expect(writes(preview.requests)).toEqual([]);
    const rotated = await situation.up();
    expect(rotated.code, rotated.output).toBe(0);
    expect(situation.works(scanner)).toBe(true);
    expect(held()).toEqual({ token: situation.variable(scanner), owner: "ops", limits: { rate: 3 } });
    expect(writes(rotated.requests).filter((one) => one.includes("/v1/secret/"))).toEqual([write]);

    // A place that holds the old token again keeps that alive.
    const [hand] = situation.sandbox.gitlab.state.tokens.all().filter(({ id }) => id === 1202);
    const secret = situation.sandbox.openbao?.state.made(JSON.stringify(["", "secret", "ci/scanner"]));
    if (secret === undefined || hand === undefined) throw new Error("there is no secret");
    const fresh = held() ?? {};
    situation.sandbox.openbao?.state.put(secret, { ...fresh, token: hand.value });
    clock.set("2026-12-07T06:30:00Z");
    const kept = await situation.up();
    expect(kept.output.replace(/\s+/g, " ")).toContain(
      'key "token" of OpenBao secret "secret/ci/scanner" holds another',
    );
    expect(situation.live(scanner)).toContain(1202);

    situation.sandbox.openbao?.state.put(secret, fresh);
    const retired = await situation.up();
    expect(retired.code, retired.output).toBe(0);
    expect(situation.live(scanner)).toHaveLength(1);
    const rest = await situation.up(["--expect-no-changes"]);
    expect(rest.code, rest.output).toBe(0);
    expect(rest.requests).toEqual([]);
  });

  test("a pipeline that fails: the earlier token is put back there too, and the next run sets the new one again", {
    timeout: 180_000,
  }, async () => {
    const { clock, gitlab } = situation.sandbox;
    const hand = situation.variable(scanner);
    clock.set("2026-11-30T06:30:00Z");
    gitlab.armJob(scanner.project, scanner.job, { does: "fail" });
    const red = await situation.up();
    expect(red.code).not.toBe(0);
    expect(held()).toEqual({ token: hand, owner: "ops", limits: { rate: 3 } });
    gitlab.disarmJob(scanner.project, scanner.job);
    const green = await situation.up();
    expect(green.code, green.output).toBe(0);
    expect(held()?.token).toBe(situation.variable(scanner));
    expect(held()?.token).not.toBe(hand);
  });

  test("killed between the write and the state: the next run goes on, with one token and every key", {
    timeout: 180_000,
  }, async () => {
    situation.sandbox.clock.set("2026-11-30T06:30:00Z");
    const killed = await killedUp(situation, {
      nth: 1,
      counts: (request) => isWrite(request) && request.path.startsWith("/v1/secret/data/"),
    });
    expect(killed.isReached).toBe(true);
    const next = await situation.up();
    expect(next.code, next.output).toBe(0);
    expect(situation.works(scanner)).toBe(true);
    expect(held()).toEqual({ token: situation.variable(scanner), owner: "ops", limits: { rate: 3 } });
    // The hand-made token, and one that was minted.
    expect(situation.live(scanner)).toHaveLength(2);
  });
});
