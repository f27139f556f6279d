import { describe, expect, test } from "vitest";
import type { Engine, Run } from "../../../engines/engine";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import { engines } from "../engines";
import { kindsWorld } from "../rotation/kinds";
import { Situation } from "../situation";
import { inPairs, killedUp, type Moment, moments, resumed, type Saved, saved } from "./kills";

const username = "gl-owned";
const project = "security/owned";

/** An account that the stack makes itself, with everything that it is made of. */
const account = {
  name: "owned",
  account: {
    group: "security",
    username,
    own: { name: "Robot", memberships: [{ project, accessLevel: "developer" }] },
  },
  token: { name: "owned", scopes: ["read_api"] },
  rotation: { startsOn: "2026-11-23", everyDays: 28 },
  onePassword: [{ vault: "Security", newItem: "Owned" }],
  variables: [{ project, key: "TOKEN", masked: true }],
  proof: [{ project, ref: "main", jobs: ["work"], waitMinutes: 2 }],
};

function start(engine: Engine): Promise<Situation> {
  const world = kindsWorld("owner");
  const needs = { variable: "TOKEN", user: username, scope: "read_api" };
  const projects = [...world.projects, { path: project, jobs: [{ name: "work", stage: "build", needs }] }];
  return Situation.start(engine, {
    world: { ...world, projects },
    edit: (settings) => settings.setIn(["config", "pat-rotation:accounts"], [account]),
  });
}

/** What each of the account's parts may not be made with: a first run leaves that part unmade, and all after it. */
const refusals = {
  user: /\/groups\/security\/service_accounts$/,
  membership: /\/members$/,
  token: /\/personal_access_tokens$/,
} as const;
type Part = keyof typeof refusals;

/** Has GitLab refuse to make a part. Answers a function that ends it. */
function refuse({ traffic }: Sandbox, part: Part): () => void {
  const fault = { kind: "server-error", status: 403 } as const;
  return traffic.inject({ fault, service: "gitlab", method: "POST", path: refusals[part], times: 100 });
}

/** After a red run that left a part unmade. */
async function without(engine: Engine, part: Part): Promise<Saved> {
  const situation = await start(engine);
  const calm = refuse(situation.sandbox, part);
  const red = await situation.up();
  calm();
  expect(red.code, red.output).not.toBe(0);
  return saved(situation);
}

/** Runs on as a person would; answers what is not mended by that. */
async function unmended(situation: Situation): Promise<string[]> {
  const { clock, gitlab, onepassword } = situation.sandbox;
  const holds = () => {
    const held = [gitlab.variable(project, "TOKEN"), onepassword.field("Security", "Owned", "credential")];
    return gitlab.liveTokens(username).some(({ value }) => held.every((one) => one === value));
  };
  const next = await situation.up();
  const works = holds();
  // What was lost at an account's very first mint is swept when the overlap is over.
  const later: Run[] = [];
  if (gitlab.liveTokens(username).length > 1) {
    clock.set("2026-12-01T06:30:00Z");
    later.push(await situation.up());
  }
  const rest = await situation.up(["--expect-no-changes"]);
  const live = gitlab.liveTokens(username).length;
  const users = [...gitlab.state.users.values()].filter((user) => user.username.startsWith(username));
  const items = onepassword.items("Security", "Owned");
  return [
    next.code === 0 ? "" : `the next run ended with ${next.code}: ${next.output}`,
    works ? "" : "the places do not hold a live token",
    ...later.map(({ code, output }) => (code === 0 ? "" : `a run after the overlap ended with ${code}: ${output}`)),
    rest.code === 0 ? "" : `the run after that had something to do: ${rest.output}`,
    live === 1 && holds() ? "" : `${live} tokens live, and the places ${holds() ? "" : "do not "}hold one of them`,
    users.length === 1 ? "" : `there are ${users.length} users`,
    items.length === 1 ? "" : `there are ${items.length} items`,
    ...situation.leaks().map((place) => `a token stands in plain text in ${place}`),
  ].filter((fault) => fault !== "");
}

/** Kills `up` at a moment, and answers what the runs after it do not mend. */
async function killedAt(situation: Situation, moment: Moment, calm = () => {}): Promise<string[]> {
  try {
    const killed = await killedUp(situation, moment);
    calm();
    const faults = await unmended(situation);
    if (killed.isReached && killed.code === 0) faults.push("the run was not killed");
    return faults.map((fault) => `killed after request ${moment.nth}: ${fault}`);
  } finally {
    await situation.stop();
  }
}

describe.each(engines)("a kill of up on the $name", (engine) => {
  const parts = Object.keys(refusals) as Part[];

  test.each(parts)(
    "after any single request of the run that makes what was left for want of a %s",
    {
      timeout: 1_800_000,
    },
    async (part) => {
      const ready = await without(engine, part);
      const whole = await resumed(engine, ready);
      const { code, output, requests } = await whole.up();
      await whole.stop();
      expect(code, output).toBe(0);
      const attempt = async (moment: Moment) => killedAt(await resumed(engine, ready), moment);
      expect(await inPairs(moments(requests), attempt)).toEqual([]);
    },
  );

  test("after any single request of the run that leaves a part unmade", { timeout: 1_800_000 }, async () => {
    const whole = await start(engine);
    refuse(whole.sandbox, "membership");
    const { code, output, requests } = await whole.up();
    await whole.stop();
    expect(code, output).not.toBe(0);
    const attempt = async (moment: Moment) => {
      const situation = await start(engine);
      return killedAt(situation, moment, refuse(situation.sandbox, "membership"));
    };
    expect(await inPairs(moments(requests), attempt)).toEqual([]);
  });
});
