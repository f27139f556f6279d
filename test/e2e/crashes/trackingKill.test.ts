import { describe, expect, test } from "vitest";
import type { Engine } from "../../../engines/engine";
import { recordIn } from "../../../providers/runbook/tracking/record";
import { engines } from "../engines";
import { Situation } from "../situation";
import { inPairs, killedUp, type Moment } from "./kills";

const project = "security/tracker";
const counts: Moment["counts"] = ({ path }) => path.includes("tracker");

/** Kills `up` once the tracker has carried out the n-th request that it is sent; then runs on as a person would. */
async function killedAfter(engine: Engine, nth: number): Promise<string[]> {
  const situation = await Situation.start(engine, {
    edit: (settings) => settings.deleteIn(["config", "pat-rotation:accounts", 1]),
  });
  try {
    const killed = await killedUp(situation, { nth, counts });
    const next = await situation.up();
    const issues = situation.sandbox.gitlab.state.projects.get(project)?.issues ?? [];
    const [persons, ours] = issues;
    const records = persons?.notes.filter(({ body }) => recordIn(body) !== undefined).length;
    return [
      killed.code === 0 ? "the run was not killed" : "",
      next.code === 0 ? "" : `the next run ended with ${next.code}: ${next.output}`,
      issues.length === 2 ? "" : `there are ${issues.length} issues`,
      persons?.state === "closed" ? "" : "the person's issue is open",
      records === 1 ? "" : `there are ${records} records`,
      ours?.state === "opened" ? "" : "the next rotation's issue is not open",
    ]
      .filter((fault) => fault !== "")
      .map((fault) => `killed after request ${nth} to the tracker: ${fault}`);
  } finally {
    await situation.stop();
  }
}

describe.each(engines)("a kill of up on the $name", (engine) => {
  test("after any request to the tracker: one issue for each rotation, one record, closed", {
    timeout: 1_200_000,
  }, async () => {
    expect(await inPairs([1, 2, 3, 4, 5, 6, 7], (nth) => killedAfter(engine, nth))).toEqual([]);
  });
});
