import { describe, expect, test } from "vitest";
import type { Engine } from "../../../engines/engine";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import { engines } from "../engines";
import { username } from "../rotation/kinds";
import { declareMinting, mintingWorld } from "../rotation/minting";
import { Situation } from "../situation";
import { inPairs, killedUp, type Moment, moments, resumed, type Saved, saved } from "./kills";

const user = username("self");
const options = { world: mintingWorld(), limits: { version: "19.2" } } as const;

function start(engine: Engine): Promise<Situation> {
  return Situation.start(engine, { ...options, edit: declareMinting() });
}

/** Whether every place holds one token, and that lives. */
function works({ gitlab, onepassword }: Sandbox): boolean {
  const [variable, item] = [
    gitlab.variable("security/self", "TOKEN"),
    onepassword.field("Security", "self", "credential"),
  ];
  return variable === item && gitlab.liveTokens(user).some(({ value }) => value === variable);
}

/** Kills `up` at a moment, runs on, and ends the overlap. */
async function killedFirst(engine: Engine, moment: Moment): Promise<string[]> {
  const situation = await start(engine);
  try {
    const { sandbox } = situation;
    const killed = await killedUp(situation, moment);
    const isSafe = works(sandbox) || sandbox.gitlab.liveTokens(user).some(({ id }) => id === 1205);
    const next = await situation.up();
    const isWhole = works(sandbox);
    sandbox.clock.set("2026-11-30T07:30:00Z");
    const later = await situation.up();
    const faults = [
      killed.isReached && killed.code === 0 ? "the run was not killed" : "",
      isSafe ? "" : "the old token died with the run",
      next.code === 0 ? "" : `the next run ended with ${next.code}: ${next.output}`,
      isWhole ? "" : "the places do not hold a live token",
      later.code === 0 ? "" : `the run after the overlap ended with ${later.code}: ${later.output}`,
      sandbox.gitlab.liveTokens(user).length === 1 ? "" : "more than one token lives after the overlap",
      works(sandbox) ? "" : "the places do not hold a live token after the overlap",
      ...situation.leaks().map((place) => `a token stands in plain text in ${place}`),
    ];
    return faults.filter((fault) => fault !== "").map((fault) => `killed after request ${moment.nth}: ${fault}`);
  } finally {
    await situation.stop();
  }
}

/** Kills the `up` of a situation that was saved, and runs on; at the end so many tokens live. */
async function killedLater(engine: Engine, ready: Saved, lives: number, moment: Moment): Promise<string[]> {
  const situation = await resumed(engine, ready, { limits: options.limits });
  try {
    const { sandbox } = situation;
    const killed = await killedUp(situation, moment);
    const next = await situation.up();
    const faults = [
      killed.isReached && killed.code === 0 ? "the run was not killed" : "",
      next.code === 0 ? "" : `the next run ended with ${next.code}: ${next.output}`,
      sandbox.gitlab.liveTokens(user).length === lives ? "" : `not ${lives} tokens live`,
      lives === 0 || works(sandbox) ? "" : "the places do not hold a live token",
      ...situation.leaks().map((place) => `a token stands in plain text in ${place}`),
    ];
    return faults.filter((fault) => fault !== "").map((fault) => `killed after request ${moment.nth}: ${fault}`);
  } finally {
    await situation.stop();
  }
}

/** The requests of the `up` that a saved situation waits for. */
async function requestsOf(engine: Engine, ready: Saved) {
  const whole = await resumed(engine, ready, { limits: options.limits });
  const { code, output, requests } = await whole.up();
  await whole.stop();
  expect(code, output).toBe(0);
  return requests;
}

describe.each(engines)("a plain user who mints the next token itself, and a kill of up on the $name", (engine) => {
  test("after any single request leaves nothing that the next runs do not mend", { timeout: 1_800_000 }, async () => {
    const whole = await start(engine);
    const { code, output, requests } = await whole.up();
    await whole.stop();
    expect(code, output).toBe(0);
    expect(await inPairs(moments(requests), (moment) => killedFirst(engine, moment))).toEqual([]);
  });

  test("after any single request of the run that revokes the old token, likewise", {
    timeout: 1_800_000,
  }, async () => {
    const overlap = await start(engine);
    expect((await overlap.up()).code).toBe(0);
    overlap.sandbox.clock.set("2026-11-30T07:30:00Z");
    const ready = await saved(overlap);
    const all = moments(await requestsOf(engine, ready));
    expect(await inPairs(all, (moment) => killedLater(engine, ready, 1, moment))).toEqual([]);
  });

  test("after any single request of the run that ends the account, likewise", { timeout: 1_800_000 }, async () => {
    const overlap = await start(engine);
    expect((await overlap.up()).code).toBe(0);
    overlap.stack.configure(declareMinting({ decommission: { reason: "replaced" } }));
    const ready = await saved(overlap);
    const all = moments(await requestsOf(engine, ready));
    expect(await inPairs(all, (moment) => killedLater(engine, ready, 0, moment))).toEqual([]);
  });
});
