import { describe, expect, test } from "vitest";
import type { Engine } from "../../scripts/engine";
import { engines } from "./engines";
import { inventory, Situation } from "./situation";

/** Only the account that rotates at once, without its issue: each try is then as short as it can be. */
function start(engine: Engine): Promise<Situation> {
  return Situation.start(engine, {
    edit: (settings) => {
      settings.deleteIn(["config", "pat-rotation:accounts", 1]);
      settings.deleteIn(["config", "pat-rotation:accounts", 0, "issue"]);
    },
  });
}

/** Kills `up` once the servers have carried out its n-th request, before the answer leaves; then runs on as a person would. */
async function killedAfter(engine: Engine, nth: number): Promise<string[]> {
  const situation = await start(engine);
  try {
    const { sandbox, stack } = situation;
    const power = new AbortController();
    const unwatch = sandbox.traffic.watch({
      handled: ({ number }) => {
        if (number === nth) power.abort();
      },
    });
    const killed = await situation.up([], { kill: power.signal });
    unwatch();
    await stack.cancel();
    const next = await situation.up();
    const works = situation.works(inventory);
    // With one live token, the one in use, there is nothing that retiring could sweep.
    const isSwept = situation.live(inventory).length === 1;
    sandbox.clock.set("2026-11-30T06:30:00Z");
    const later = isSwept ? next : await situation.up();
    const live = situation.live(inventory);
    const faults = [
      killed.code === 0 ? "the run was not killed" : "",
      next.code === 0 ? "" : `the next run ended with ${next.code}: ${next.output}`,
      works ? "" : "the consumers do not hold a live token",
      later.code === 0 ? "" : `the run after the overlap ended with ${later.code}: ${later.output}`,
      live.length === 1 ? "" : `${live.length} tokens live after the overlap`,
      situation.works(inventory) ? "" : "the consumers do not hold a live token after the overlap",
      ...situation.leaks().map((place) => `a token stands in plain text in ${place}`),
    ];
    return faults.filter((fault) => fault !== "").map((fault) => `killed after request ${nth}: ${fault}`);
  } finally {
    await situation.stop();
  }
}

describe.each(engines)("a kill of up on the $name", (engine) => {
  test("after any single request leaves nothing that the next runs do not mend", { timeout: 900_000 }, async () => {
    const whole = await start(engine);
    const { code, output, requests } = await whole.up();
    await whole.stop();
    expect(code, output).toBe(0);

    const faults: string[] = [];
    const queue = requests.map((_, index) => index + 1);
    const worker = async () => {
      for (let nth = queue.shift(); nth !== undefined; nth = queue.shift()) {
        faults.push(...(await killedAfter(engine, nth)));
      }
    };
    await Promise.all([worker(), worker()]);
    expect(faults).toEqual([]);
  });

  test("after any single request of the run that retires the old token, likewise", { timeout: 900_000 }, async () => {
    const ready = async () => {
      const situation = await start(engine);
      expect((await situation.up()).code).toBe(0);
      situation.sandbox.clock.set("2026-12-14T06:30:00Z");
      expect((await situation.up()).code).toBe(0);
      situation.sandbox.clock.set("2026-12-21T06:31:00Z");
      return situation;
    };
    const whole = await ready();
    const { code, output, requests } = await whole.up();
    expect(code, output).toBe(0);
    expect(whole.live(inventory)).toHaveLength(1);
    await whole.stop();

    for (let nth = 1; nth <= requests.length; nth++) {
      const situation = await ready();
      const power = new AbortController();
      const before = situation.sandbox.traffic.requests.length;
      const unwatch = situation.sandbox.traffic.watch({
        handled: ({ number }) => {
          if (number === before + nth) power.abort();
        },
      });
      const killed = await situation.up([], { kill: power.signal });
      unwatch();
      await situation.stack.cancel();
      const next = await situation.up();
      expect([killed.code === 0, next.code], `killed after request ${nth}: ${next.output}`).toEqual([false, 0]);
      expect(situation.live(inventory), `killed after request ${nth}`).toHaveLength(1);
      expect(situation.works(inventory), `killed after request ${nth}`).toBe(true);
      expect(situation.leaks()).toEqual([]);
      await situation.stop();
    }
  });
});
