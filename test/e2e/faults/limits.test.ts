import { describe, expect, test } from "vitest";
import { engines } from "../engines";
import { inventory, Situation, scanner, writes } from "../situation";

describe.each(engines)("an hourly limit of GitLab that is used up, on the $name", (engine) => {
  test("ends a run with one sentence and the time, and the next run does what is left", {
    timeout: 180_000,
  }, async () => {
    const situation = await Situation.start(engine);
    try {
      const { sandbox } = situation;
      sandbox.clock.set("2026-11-30T07:10:00Z");
      const disarm = sandbox.traffic.inject({
        fault: { kind: "rate-limited", retryAfter: 3000 },
        service: "gitlab",
        times: 1000,
      });
      const stopped = await situation.npmRunUp();
      expect(stopped.code).not.toBe(0);
      // One for each process that asks GitLab, however many accounts there are.
      expect(stopped.requests.filter(({ service }) => service === "gitlab").length).toBeLessThanOrEqual(3);
      expect(writes(stopped.requests)).toEqual([]);
      const summary = stopped.output.replace(/\s+/g, " ");
      expect(summary).toMatch(
        /inventory, scanner: GitLab's limit of requests is used up until \d{4}-\d\d-\d\d \d\d:\d\d UTC; the next run does what is left/,
      );
      disarm();
      const next = await situation.npmRunUp();
      expect(next.code, next.output).toBe(0);
      expect([situation.works(inventory), situation.works(scanner)]).toEqual([true, true]);
    } finally {
      await situation.stop();
    }
  });
});
