import { describe, expect, test } from "vitest";
import type { Engine } from "../../../engines/engine";
import { engines } from "../engines";
import { inventory, Situation } from "../situation";
import { inPairs, killedUp, type Moment, moments, resumed, type Saved, saved } from "./kills";

/** Only the account that rotates at once, without its issue: each try is then as short as it can be. */
function start(engine: Engine): Promise<Situation> {
  return Situation.start(engine, {
    edit: (settings) => {
      settings.deleteIn(["config", "pat-rotation:accounts", 1]);
      settings.deleteIn(["config", "pat-rotation:accounts", 0, "issue"]);
    },
  });
}

/** Kills `up` at a moment, then runs on as a person would. */
async function killedFirst(engine: Engine, moment: Moment): Promise<string[]> {
  const situation = await start(engine);
  try {
    const { sandbox } = situation;
    const killed = await killedUp(situation, moment);
    const next = await situation.up();
    const works = situation.works(inventory);
    // With one live token, the one in use, there is nothing that retiring could sweep.
    const isSwept = situation.live(inventory).length === 1;
    sandbox.clock.set("2026-11-30T06:30:00Z");
    const later = isSwept ? next : await situation.up();
    const live = situation.live(inventory);
    const faults = [
      killed.isReached && killed.code === 0 ? "the run was not killed" : "",
      next.code === 0 ? "" : `the next run ended with ${next.code}: ${next.output}`,
      works ? "" : "the consumers do not hold a live token",
      later.code === 0 ? "" : `the run after the overlap ended with ${later.code}: ${later.output}`,
      live.length === 1 ? "" : `${live.length} tokens live after the overlap`,
      situation.works(inventory) ? "" : "the consumers do not hold a live token after the overlap",
      ...situation.leaks().map((place) => `a token stands in plain text in ${place}`),
    ];
    return faults.filter((fault) => fault !== "").map((fault) => `killed after request ${moment.nth}: ${fault}`);
  } finally {
    await situation.stop();
  }
}

/** Kills the `up` that retires the old token at a moment, likewise. */
async function killedAtRetirement(engine: Engine, ready: Saved, moment: Moment): Promise<string[]> {
  const situation = await resumed(engine, ready);
  try {
    const killed = await killedUp(situation, moment);
    const next = await situation.up();
    const live = situation.live(inventory);
    const faults = [
      killed.isReached && killed.code === 0 ? "the run was not killed" : "",
      next.code === 0 ? "" : `the next run ended with ${next.code}: ${next.output}`,
      live.length === 1 ? "" : `${live.length} tokens live`,
      situation.works(inventory) ? "" : "the consumers do not hold a live token",
      ...situation.leaks().map((place) => `a token stands in plain text in ${place}`),
    ];
    return faults.filter((fault) => fault !== "").map((fault) => `killed after request ${moment.nth}: ${fault}`);
  } finally {
    await situation.stop();
  }
}

describe.each(engines)("a kill of up on the $name", (engine) => {
  test("after any single request leaves nothing that the next runs do not mend", { timeout: 1_800_000 }, async () => {
    const whole = await start(engine);
    const { code, output, requests } = await whole.up();
    await whole.stop();
    expect(code, output).toBe(0);
    expect(await inPairs(moments(requests), (moment) => killedFirst(engine, moment))).toEqual([]);
  });

  test("after any single request of the run that retires the old token, likewise", { timeout: 1_800_000 }, async () => {
    const overlap = await start(engine);
    expect((await overlap.up()).code).toBe(0);
    overlap.sandbox.clock.set("2026-12-14T06:30:00Z");
    expect((await overlap.up()).code).toBe(0);
    overlap.sandbox.clock.set("2026-12-21T06:31:00Z");
    const ready = await saved(overlap);

    const whole = await resumed(engine, ready);
    const { code, output, requests } = await whole.up();
    expect(code, output).toBe(0);
    expect(whole.live(inventory)).toHaveLength(1);
    await whole.stop();
    expect(await inPairs(moments(requests), (moment) => killedAtRetirement(engine, ready, moment))).toEqual([]);
  });
});
