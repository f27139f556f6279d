import { describe, expect, test } from "vitest";
import { engines } from "../engines";
import { inventory, Situation } from "../situation";

describe.each(engines)("a kill of up on the $name", (engine) => {
  test("while a pipeline runs: the next run follows that one, and starts no other", { timeout: 180_000 }, async () => {
    const situation = await Situation.start(engine, {
      jobMilliseconds: 3000,
      edit: (settings) => settings.deleteIn(["config", "pat-rotation:accounts", 1]),
    });
    try {
      const { sandbox, stack } = situation;
      const power = new AbortController();
      const isPlay = ({ method, path }: { method: string; path: string }) =>
        method === "POST" && path.endsWith("/play");
      // The first look at the new pipeline, whose job runs by then.
      const unwatch = sandbox.traffic.watch({
        answered: ({ method, path }) => {
          if (method === "GET" && /\/pipelines\/\d+$/.test(path)) power.abort();
        },
      });
      const killed = await situation.up([], { kill: power.signal });
      unwatch();
      expect(killed.code).not.toBe(0);
      expect(killed.requests.filter(isPlay)).toHaveLength(1);
      await stack.cancel();
      const next = await situation.up();
      expect(next.code, next.output).toBe(0);
      expect(next.requests.filter(isPlay)).toEqual([]);
      expect(situation.works(inventory)).toBe(true);
      const runs = sandbox.gitlab.state.pipelinesOf(301).filter(({ source }) => source === "schedule");
      expect(runs).toHaveLength(2);
    } finally {
      await situation.stop();
    }
  });
});
