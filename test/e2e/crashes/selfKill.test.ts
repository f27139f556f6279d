import { describe, expect, test } from "vitest";
import type { Engine } from "../../../engines/engine";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import { isWrite } from "../../../workshop/sandbox/traffic";
import { engines } from "../engines";
import { declarationOf, kindsWorld, replaceByHand, username } from "../rotation/kinds";
import { Situation } from "../situation";
import { inPairs, killedUp, type Moment, moments } from "./kills";

const user = username("self");

function start(engine: Engine): Promise<Situation> {
  return Situation.start(engine, {
    world: kindsWorld("owner"),
    edit: (settings) => settings.setIn(["config", "pat-rotation:accounts"], [declarationOf("self")]),
  });
}

/** Whether every place holds the one token that lives. */
function works({ gitlab, onepassword }: Sandbox): boolean {
  const [only, ...others] = gitlab.liveTokens(user);
  const held = [gitlab.variable("security/self", "TOKEN"), onepassword.field("Security", "self", "credential")];
  return others.length === 0 && held.every((value) => value === only?.value);
}

/** Kills `up` at a moment, then runs on as a person would. */
async function killedAt(engine: Engine, moment: Moment): Promise<{ lost: boolean; faults: string[] }> {
  const situation = await start(engine);
  try {
    const { sandbox } = situation;
    const killed = await killedUp(situation, moment);
    // Nothing of the killed run can arrive any more.
    sandbox.clock.advance({ minutes: 2 });
    const [left] = sandbox.gitlab.liveTokens(user);
    const next = await situation.up();
    const lost = next.output.includes("A person has to make a new token");
    const faults: string[] = killed.isReached && killed.code === 0 ? ["the run was not killed"] : [];
    if (lost) {
      const isSpared = sandbox.gitlab.liveTokens(user).some(({ id }) => id === left?.id);
      if (next.code === 0) faults.push("the next run was green although the value is lost");
      if (!isSpared) faults.push("a used-up value was sent to be rotated: GitLab revoked what came of it");
      replaceByHand(sandbox);
    }
    const last = lost ? await situation.up() : next;
    if (last.code !== 0) faults.push(`the run that should mend it ended with ${last.code}: ${last.output}`);
    if (!works(sandbox)) faults.push("the places do not hold the one token that lives");
    const rest = await situation.up(["--expect-no-changes"]);
    if (rest.code !== 0) faults.push(`the run after that had something to do: ${rest.output}`);
    faults.push(...situation.leaks().map((place) => `a token stands in plain text in ${place}`));
    return { lost, faults: faults.map((fault) => `killed after request ${moment.nth}: ${fault}`) };
  } finally {
    await situation.stop();
  }
}

describe.each(engines)("a kill of up on the $name", (engine) => {
  test("after any single request of a token that rotates itself: the next run carries on, or says that it is lost", {
    timeout: 1_800_000,
  }, async () => {
    const whole = await start(engine);
    const { code, output, requests } = await whole.up();
    await whole.stop();
    expect(code, output).toBe(0);
    const all = moments(requests);
    const rotation = requests.filter(all[0]?.counts ?? isWrite).findIndex(({ path }) => path.endsWith("/self/rotate"));

    const lost: number[] = [];
    const faults = await inPairs(all, async (moment) => {
      const tried = await killedAt(engine, moment);
      if (tried.lost) lost.push(moment.nth);
      return tried.faults;
    });
    expect(faults).toEqual([]);
    expect(lost).toEqual([rotation + 1]);
  });
});
