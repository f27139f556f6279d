import { afterEach, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { emergency } from "../../../commands/emergency";
import { health } from "../../../commands/health";
import type { Engine } from "../../../engines/engine";
import type { Token } from "../../../workshop/sandbox/gitlab/tokens";
import type { World } from "../../../workshop/sandbox/world";
import { incident } from "../../../workshop/sandbox/worlds/incident";
import { gitlabOf } from "../../workshop/sandbox/harness";
import { Desk } from "../desk";
import { engines } from "../engines";
import { inventory, Situation, writes } from "../situation";

const owners = {
  group: { owner: { group: "security" }, path: "/api/v4/groups/security/access_tokens" },
  project: { owner: { project: inventory.project }, path: `/api/v4/projects/${inventory.project}/access_tokens` },
} as const;
type Kind = keyof typeof owners;

/** The incident; its job works with whoever's token can read the API. */
function world(): World {
  const whole = incident();
  const projects = whole.projects.map((project) => ({
    ...project,
    jobs: (project.jobs ?? []).map(({ needs, ...job }) =>
      needs === undefined ? job : { ...job, needs: { variable: needs.variable, scope: "read_api" } },
    ),
  }));
  return { ...whole, projects };
}

/** One account, whose tokens are the group's or project's own. */
function declared(kind: Kind, changes: object = {}) {
  return {
    name: "inventory",
    account: { ...owners[kind].owner, accessToken: "developer" },
    token: { name: "Inventory", description: "Reads jobs", scopes: ["read_api"] },
    rotation: { startsOn: "2026-11-23", extraDates: [{ date: "2026-12-14" }] },
    onePassword: [{ vault: "Security", item: inventory.item, field: "credential" }],
    variables: [{ project: inventory.project, key: "GITLAB_API_TOKEN", masked: true, protected: true }],
    proof: [{ project: inventory.project, schedule: "Weekly - Monday mornings", jobs: [inventory.job] }],
    issue: { project: "security/tracker" },
    ...changes,
  };
}

function start(engine: Engine, kind: Kind, changes: object = {}): Promise<Situation> {
  return Situation.start(engine, {
    world: world(),
    edit: (settings) => settings.setIn(["config", "pat-rotation:accounts"], [declared(kind, changes)]),
  });
}

const state = (of: Situation | Desk) => of.sandbox.gitlab.state;

/** The access tokens that live, of all bots. */
function live(of: Situation | Desk): Token[] {
  const { tokens } = state(of);
  return tokens.all().filter((token) => tokens.isActive(token) && state(of).user(token.userId).botOf !== undefined);
}

function works(of: Situation | Desk): boolean {
  const value = of.sandbox.gitlab.variable(inventory.project, "GITLAB_API_TOKEN");
  const held = of.sandbox.onepassword.field("Security", inventory.item, "credential");
  return held === value && live(of).some((token) => token.value === value);
}

describe.each(engines)("access tokens of a group or project on the $name", (engine) => {
  let situation: Situation;

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  test.each(["group", "project"] as const)(
    "of a %s are made beside the old one, tested, stored, proven, kept side by side and retired",
    { timeout: 300_000 },
    async (kind) => {
      const { path } = owners[kind];
      situation = await start(engine, kind);
      const first = await situation.up();
      expect(first.code, first.output).toBe(0);
      expect(writes(first.requests).filter((write) => write.includes("access_tokens"))).toEqual([`POST ${path}`]);
      expect(works(situation)).toBe(true);
      const [old] = live(situation);
      expect(old?.description).toBe("Reads jobs [sandbox/inventory/2026-11-23]");
      expect(situation.sandbox.gitlab.state.user(old?.userId ?? 0).botOf?.kind).toBe(kind);
      const rest = await situation.up(["--expect-no-changes"]);
      expect([rest.code, rest.requests], rest.output).toEqual([0, []]);

      situation.sandbox.clock.set("2026-12-14T06:30:00Z");
      const second = await situation.up();
      expect(second.code, second.output).toBe(0);
      expect(works(situation)).toBe(true);
      expect(live(situation)).toHaveLength(2);

      situation.sandbox.clock.set("2026-12-21T06:31:00Z");
      const third = await situation.up();
      expect(third.code, third.output).toBe(0);
      expect(writes(third.requests).filter((write) => write.includes("access_tokens"))).toEqual([
        `DELETE ${path}/${old?.id}`,
      ]);
      expect(live(situation)).toHaveLength(1);
      expect(works(situation)).toBe(true);
      const after = await situation.up(["--expect-no-changes"]);
      expect([after.code, after.requests], after.output).toEqual([0, []]);
    },
  );

  test("a red pipeline puts the earlier token back, and revokes nothing", { timeout: 300_000 }, async () => {
    situation = await start(engine, "project");
    expect((await situation.up()).code).toBe(0);
    const earlier = situation.variable(inventory);
    situation.stack.configure((settings) => {
      const narrow = { token: { name: "Inventory", description: "Reads jobs", scopes: ["read_repository"] } };
      settings.setIn(["config", "pat-rotation:accounts"], [declared("project", narrow)]);
    });
    situation.sandbox.clock.set("2026-12-14T06:30:00Z");
    const red = await situation.up();
    expect(red.code, red.output).not.toBe(0);
    expect(situation.variable(inventory)).toBe(earlier);
    expect(works(situation)).toBe(true);
    expect(writes(red.requests).filter((write) => write.startsWith("DELETE"))).toEqual([]);
  });

  test("one that was made by hand is taken over, and a kill when its successor is made leaves no dead place and no stray", {
    timeout: 400_000,
  }, async () => {
    situation = await start(engine, "project");
    const { gitlab, onepassword, clock, traffic } = situation.sandbox;
    const { body: hand } = await gitlabOf(situation.sandbox)(
      "POST",
      "/projects/security%2Finventory-builder/access_tokens",
      {
        name: "by hand",
        scopes: ["read_api"],
        access_level: 30,
        expires_at: "2027-01-15",
      },
    );
    const held = gitlab.state.projects.get(inventory.project)?.variables.find(({ key }) => key === "GITLAB_API_TOKEN");
    if (held !== undefined) held.value = hand.token;
    const [item] = onepassword.items("Security", inventory.item);
    const field = item?.fields?.find(({ label }) => label === "credential");
    if (field !== undefined) field.value = hand.token;
    situation.stack.configure((settings) => {
      const adopt = { adopt: { tokenId: hand.id, expiresAt: "2027-01-15" } };
      settings.setIn(["config", "pat-rotation:accounts"], [declared("project", adopt)]);
    });
    const power = new AbortController();
    const unwatch = traffic.watch({
      handled: ({ method, path }) => {
        if (method === "POST" && path.endsWith("/access_tokens")) power.abort();
      },
    });
    const killed = await situation.up([], { kill: power.signal });
    unwatch();
    expect(killed.code).not.toBe(0);
    expect(situation.variable(inventory)).toBe(hand.token);
    await situation.stack.cancel();
    const next = await situation.up();
    expect(next.code, next.output).toBe(0);
    expect(works(situation)).toBe(true);
    expect(live(situation).map(({ id }) => id)).toContain(hand.id);
    clock.set("2026-12-01T06:31:00Z");
    const retiring = await situation.up();
    expect(retiring.code, retiring.output).toBe(0);
    expect(live(situation)).toHaveLength(1);
    expect(works(situation)).toBe(true);
  });

  test("one that is revoked by hand is minted anew, and another account's is nobody's alarm", {
    timeout: 300_000,
  }, async () => {
    situation = await start(engine, "group");
    situation.stack.configure((settings) => {
      settings.setIn(["config", "pat-rotation:health"], true);
      const other = declared("group", { name: "other", onePassword: [], variables: [], proof: [], issue: undefined });
      settings.setIn(["config", "pat-rotation:accounts"], [declared("group"), JSON.parse(JSON.stringify(other))]);
    });
    const first = await situation.up();
    expect(first.code, first.output).toBe(0);
    const preview = await situation.preview();
    expect(preview.output).not.toContain("is not declared");
    const [mine] = live(situation).filter(({ description }) => description?.includes("/inventory/"));
    if (mine === undefined) throw new Error("no token was made");
    mine.revoked = true;
    const up = await situation.up();
    expect(up.code, up.output).toBe(0);
    expect(works(situation)).toBe(true);
    expect(live(situation)).toHaveLength(2);
  });
});

test.each(engines)(
  "an access token that leaked is dead and replaced at once, and health knows it, on the $name",
  {
    timeout: 400_000,
  },
  async (engine) => {
    const desk = await Desk.start(engine);
    try {
      const settings = parseDocument(desk.declared);
      settings.setIn(["config", "pat-rotation:accounts"], [declared("group", { proof: [] })]);
      desk.declared = settings.toString();
      const first = await desk.up();
      expect(first.code, first.output).toBe(0);
      const [leaked] = live(desk);
      desk.sandbox.clock.set("2026-12-01T09:00:00Z");
      let said = "";
      const before = desk.sandbox.traffic.requests.length;
      const code = await emergency(["--stack", "sandbox", "--token-id", String(leaked?.id), "--reason", "in a chat"], {
        folder: desk.folder,
        environment: desk.environment,
        today: "2000-01-01",
        lookEvery: 100,
        print: (text) => {
          said += text;
        },
      });
      expect(code, said).toBe(0);
      expect(said).toContain(
        `This is token ${leaked?.id} of generation "2026-11-23" of account "inventory", a group access token (role developer).`,
      );
      const changed = writes(desk.sandbox.traffic.requests.slice(before)).filter(
        (write) => !/pat-rotation/.test(write),
      );
      expect(changed.filter((write) => write.includes("access_tokens"))).toEqual([
        `POST ${owners.group.path}`,
        `DELETE ${owners.group.path}/${leaked?.id}`,
      ]);
      expect(live(desk)).toHaveLength(1);
      expect(works(desk)).toBe(true);
      const { folder, environment } = desk;
      const morning = await health(["--stack", "sandbox"], { folder, environment, engine });
      expect(morning.code, morning.stdout).toBe(0);
      expect(morning.stdout.replace(/\s+/g, " ")).toContain("Nothing is due, and no consumer is at risk.");
      expect(desk.leaks()).toEqual([]);
    } finally {
      await desk.stop();
    }
  },
);
