import { afterEach, describe, expect, test } from "vitest";
import type { Engine } from "../../../engines/engine";
import type { World } from "../../../workshop/sandbox/world";
import { incident } from "../../../workshop/sandbox/worlds/incident";
import { engines } from "../engines";
import { inventory, Situation, writes } from "../situation";

const permissions = [
  { user: true, allow: ["read_personal_access_token"] },
  { project: inventory.project, allow: ["read_job"] },
];
const tokens = "/api/v4/groups/security/service_accounts/201/personal_access_tokens";
const request = `GET /projects/${encodeURIComponent(inventory.project)}/jobs`;

/** The incident; the account is a member of its project, whose job reads that project's jobs with the token. */
function world(): World {
  const whole = incident();
  return {
    ...whole,
    projects: whole.projects.map((project) =>
      project.path === inventory.project
        ? {
            ...project,
            members: { [inventory.username]: "developer" as const },
            jobs: (project.jobs ?? []).map((job) => (job.needs ? { ...job, needs: { ...job.needs, request } } : job)),
          }
        : project,
    ),
  };
}

/** A stack with the first account alone, whose tokens are fine-grained. */
function start(engine: Engine, version: "18.11" | "19.2" | "19.6"): Promise<Situation> {
  return Situation.start(engine, {
    world: world(),
    limits: { version },
    edit: (settings) => {
      settings.deleteIn(["config", "pat-rotation:accounts", 1]);
      settings.deleteIn(["config", "pat-rotation:accounts", 0, "issue"]);
      settings.deleteIn(["config", "pat-rotation:accounts", 0, "token", "scopes"]);
      settings.setIn(["config", "pat-rotation:accounts", 0, "token", "permissions"], settings.createNode(permissions));
    },
  });
}

const helpers = ({ sandbox }: Situation) =>
  sandbox.gitlab.liveTokens(inventory.username).filter(({ scopes }) => !scopes.includes("granular"));

let situation: Situation;

afterEach(async () => {
  expect(situation.leaks()).toEqual([]);
  await situation.stop();
});

describe.each(engines)("fine-grained tokens on the $name", (engine) => {
  test.each(["19.2", "19.6"] as const)(
    "are made, tested, stored, proven, kept side by side and retired on GitLab %s",
    { timeout: 240_000 },
    async (version) => {
      situation = await start(engine, version);
      const first = await situation.up();
      expect(first.code, first.output).toBe(0);
      expect(writes(first.requests).slice(0, 3)).toEqual([
        `POST ${tokens}`,
        "POST /api/v4/user/personal_access_tokens",
        `DELETE ${tokens}/1203`,
      ]);
      expect(situation.works(inventory)).toBe(true);
      expect(helpers(situation)).toEqual([]);
      const [old] = situation.live(inventory);
      const rest = await situation.up(["--expect-no-changes"]);
      expect([rest.code, rest.requests], rest.output).toEqual([0, []]);

      situation.sandbox.clock.set("2026-12-14T06:30:00Z");
      const second = await situation.up();
      expect(second.code, second.output).toBe(0);
      expect(situation.works(inventory)).toBe(true);
      expect(situation.live(inventory)).toHaveLength(2);

      situation.sandbox.clock.set("2026-12-21T06:31:00Z");
      const third = await situation.up();
      expect(third.code, third.output).toBe(0);
      expect(writes(third.requests)).toEqual([`DELETE ${tokens}/${old}`]);
      expect(situation.live(inventory)).toHaveLength(1);
      expect(situation.sandbox.gitlab.liveTokens(inventory.username)[0]?.granularScopes).toHaveLength(2);
    },
  );

  test("too few permissions break no job: what held the earlier token holds it again", {
    timeout: 240_000,
  }, async () => {
    situation = await start(engine, "19.6");
    expect((await situation.up()).code).toBe(0);
    const earlier = situation.variable(inventory);
    situation.stack.configure((settings) => {
      settings.deleteIn(["config", "pat-rotation:accounts", 1]);
      settings.deleteIn(["config", "pat-rotation:accounts", 0, "issue"]);
      settings.deleteIn(["config", "pat-rotation:accounts", 0, "token", "scopes"]);
      const fewer = [permissions[0], { project: inventory.project, allow: ["read_pipeline"] }];
      settings.setIn(["config", "pat-rotation:accounts", 0, "token", "permissions"], settings.createNode(fewer));
    });
    situation.sandbox.clock.set("2026-12-14T06:30:00Z");
    const run = await situation.up();
    expect(run.code).not.toBe(0);
    expect(situation.variable(inventory)).toBe(earlier);
    expect(situation.works(inventory)).toBe(true);
  });

  test("a kill at any moment of the making leaves no helper and no dead place", { timeout: 600_000 }, async () => {
    const moments = {
      "the helper is made": /^POST .*service_accounts\/201\/personal_access_tokens$/,
      "the token is made": /^POST .*\/user\/personal_access_tokens$/,
      "the helper is revoked": /^DELETE .*\/personal_access_tokens\/1203$/,
    };
    for (const [moment, sought] of Object.entries(moments)) {
      situation = await start(engine, "19.2");
      const power = new AbortController();
      const unwatch = situation.sandbox.traffic.watch({
        handled: ({ method, path }) => {
          if (sought.test(`${method} ${path}`)) power.abort();
        },
      });
      const killed = await situation.up([], { kill: power.signal });
      unwatch();
      await situation.stack.cancel();
      const next = await situation.up();
      expect([killed.code === 0, next.code], `killed when ${moment}: ${next.output}`).toEqual([false, 0]);
      expect(helpers(situation), `killed when ${moment}`).toEqual([]);
      expect(situation.works(inventory), `killed when ${moment}`).toBe(true);
      expect(situation.leaks()).toEqual([]);
      if (moment !== "the helper is revoked") await situation.stop();
    }
  });

  test("where GitLab makes none, nothing happens and the error says which release does", {
    timeout: 120_000,
  }, async () => {
    situation = await start(engine, "18.11");
    const run = await situation.up();
    expect(run.code).not.toBe(0);
    expect(run.output).toContain("from 19.2 on");
    expect(writes(run.requests)).toEqual([]);
  });
});
