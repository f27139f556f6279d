import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LoggedRequest } from "../../../workshop/sandbox/traffic";
import { engines } from "../engines";
import { inventory, Situation } from "../situation";
import { killedUp } from "./kills";

const isMint = ({ method, path }: Pick<LoggedRequest, "method" | "path">) =>
  method === "POST" && path.endsWith("/personal_access_tokens");

describe.each(engines)("the very first mint of an account, on the $name", (engine) => {
  let situation: Situation;

  beforeEach(async () => {
    situation = await Situation.start(engine, {
      edit: (settings) => {
        settings.deleteIn(["config", "pat-rotation:accounts", 1]);
        settings.deleteIn(["config", "pat-rotation:accounts", 0, "adopt"]);
      },
    });
  });

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  /** Runs until the overlap is over, which is when what was lost is to die, and not before. */
  async function outlived(lost: readonly number[]): Promise<void> {
    const { sandbox } = situation;
    const carriedOn = await situation.up();
    expect(carriedOn.code, carriedOn.output).toBe(0);
    expect(situation.works(inventory)).toBe(true);
    expect(situation.live(inventory)).toEqual([...lost, expect.any(Number)]);
    expect((await situation.up(["--expect-no-changes"])).requests).toEqual([]);

    sandbox.clock.set("2026-11-30T07:30:00Z");
    const foreseen = await situation.preview();
    expect(foreseen.output).toMatch(/~ +runbook:index:PipelineProof/);
    expect(situation.live(inventory)).toHaveLength(lost.length + 1);
    const later = await situation.up();
    expect(later.code, later.output).toBe(0);
    for (const id of lost) expect(later.output).toContain(`token ${id} was revoked`);
    expect(situation.live(inventory)).toHaveLength(1);
    expect(situation.works(inventory)).toBe(true);

    expect((await situation.up(["--expect-no-changes"])).requests).toEqual([]);
  }

  test("killed twice after GitLab made the token: both are found again, and revoked when the overlap is over", {
    timeout: 240_000,
  }, async () => {
    for (const times of [1, 2]) {
      const killed = await killedUp(situation, { nth: 1, counts: isMint });
      expect(killed.isReached).toBe(true);
      expect(situation.live(inventory)).toHaveLength(times);
    }
    await outlived(situation.live(inventory));
  });

  test("its answer lost: the token is found, and revoked when the overlap is over", { timeout: 240_000 }, async () => {
    situation.sandbox.traffic.inject({
      fault: { kind: "lost-answer" },
      service: "gitlab",
      method: "POST",
      path: /access_tokens$/,
    });
    const run = await situation.up();
    expect(run.code, run.output).toBe(0);
    expect(situation.live(inventory)).toHaveLength(2);
    await outlived(situation.live(inventory).slice(0, 1));
  });

  test("that nothing went wrong with leaves nothing to be done when the overlap is over", {
    timeout: 240_000,
  }, async () => {
    const run = await situation.up();
    expect(run.code, run.output).toBe(0);
    const lists = run.requests.filter(
      ({ method, path }) => method === "GET" && path.endsWith("/personal_access_tokens"),
    );
    expect(lists).toHaveLength(1);
    situation.sandbox.clock.set("2026-11-30T07:30:00Z");
    expect((await situation.up(["--expect-no-changes"])).requests).toEqual([]);
  });
});
