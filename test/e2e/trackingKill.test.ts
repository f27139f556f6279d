import { expect, test } from "vitest";
import { recordIn } from "../../providers/runbook/tracking/record";
import { embeddedEngine } from "../../scripts/engine";
import { Situation } from "./situation";

const project = "security/tracker";

/** Kills `up` once the tracker has carried out the n-th request that it is sent; then runs on as a person would. */
async function killedAfter(nth: number): Promise<string[]> {
  const situation = await Situation.start(embeddedEngine, {
    edit: (settings) => settings.deleteIn(["config", "pat-rotation:accounts", 1]),
  });
  try {
    const { sandbox, stack } = situation;
    const power = new AbortController();
    let seen = 0;
    const unwatch = sandbox.traffic.watch({
      handled: ({ path }) => {
        if (path.includes("tracker") && ++seen === nth) power.abort();
      },
    });
    const killed = await situation.up([], { kill: power.signal });
    unwatch();
    await stack.cancel();
    const next = await situation.up();
    const issues = sandbox.gitlab.state.projects.get(project)?.issues ?? [];
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

test("a kill after any request to the tracker: one issue for each rotation, one record, closed", {
  timeout: 600_000,
}, async () => {
  const faults: string[] = [];
  const queue = [1, 2, 3, 4, 5, 6, 7];
  const worker = async () => {
    for (let nth = queue.shift(); nth !== undefined; nth = queue.shift()) faults.push(...(await killedAfter(nth)));
  };
  await Promise.all([worker(), worker()]);
  expect(faults).toEqual([]);
});
