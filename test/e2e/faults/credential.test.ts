import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseSettings } from "../../../rotation/declaration/settings";
import { leastPermissions } from "../../../rotation/permissions/least";
import type { TokenPermissions } from "../../../rotation/permissions/permissions";
import type { World } from "../../../workshop/sandbox/world";
import { incident } from "../../../workshop/sandbox/worlds/incident";
import { engines } from "../engines";
import { Situation, writes } from "../situation";

const username = "gl-security-rotation";
const project = "security/pat-rotation";
const schedule = "Nightly rotation";
const tokens = "/api/v4/groups/security/service_accounts/301/personal_access_tokens";

/** The incident's world, where the rotation works as a service account that is an Owner of the group. */
function world(): World {
  const base = incident();
  return {
    ...base,
    users: [...base.users, { id: 301, username, name: "Token Rotation", serviceAccountOf: { group: "security" } }],
    groups: base.groups.map((group) => ({ ...group, members: { ...group.members, [username]: "owner" as const } })),
    projects: [
      ...base.projects,
      {
        path: project,
        variables: [
          {
            key: "GITLAB_TOKEN",
            value: { tokenOf: "own" },
            environmentScope: "rotation",
            masked: true,
            protected: true,
          },
        ],
        jobs: [
          {
            name: "rotation-nightly",
            stage: "deploy",
            environment: "rotation",
            needs: { variable: "GITLAB_TOKEN", user: username, scope: "api" },
          },
        ],
        schedules: [{ description: schedule, cron: "0 5 * * *", owner: "on.call" }],
      },
    ],
    tokens: [
      ...base.tokens,
      {
        id: 1301,
        handle: "own",
        user: username,
        name: "by hand",
        scopes: ["api"],
        createdAt: "2026-02-15T09:00:00Z",
        expiresAt: "2027-02-15",
      },
    ],
    credentials: { ...base.credentials, gitlab: "own" },
  };
}

/** The stack's settings by the example itself; where permissions are given, its tokens are fine-grained. */
function example(permissions?: readonly TokenPermissions[]): Record<string, unknown> {
  const { config } = parse(readFileSync(join(__dirname, "../../../docs/Pulumi.credential.yaml"), "utf8"));
  const [account] = config["pat-rotation:accounts"];
  const { scopes, scopeReason, ...token } = account.token;
  const rights = permissions === undefined ? { scopes, scopeReason } : { permissions };
  // The token by hand that it is to take over.
  const adopt = { tokenId: 1301, expiresAt: "2027-02-15" };
  return { ...config, "pat-rotation:accounts": [{ ...account, token: { ...token, ...rights }, adopt }] };
}

/** The permissions that the stack takes; those too with which it looks up the places that they name. */
function least(): readonly TokenPermissions[] {
  const needs = (permissions?: readonly TokenPermissions[]) => {
    const accounts = example(permissions)["pat-rotation:accounts"];
    return parseSettings({ fleet: "sandbox", accounts }).accounts.flatMap(leastPermissions);
  };
  return needs(needs());
}

/** The same world, where that credential is fine-grained and may do just that. */
function fineWorld(): World {
  const base = world();
  const permissions = least().map(({ project, group, user, instance, allow }) => ({
    ...(project === undefined ? {} : { project }),
    ...(group === undefined ? {} : { group }),
    ...(user === true ? { access: "user" as const } : instance === true ? { access: "instance" as const } : {}),
    allow,
  }));
  const tokens = base.tokens.map((token) =>
    token.handle === "own" ? { ...token, scopes: ["granular"], permissions } : token,
  );
  return { ...base, tokens };
}

const kinds = {
  legacy: {
    world: world(),
    settings: example(),
    made: [`POST ${tokens}`],
    refused: ["GET /api/v4/application/settings"],
  },
  // The account makes it for itself, with the helper that its earlier token makes.
  "fine-grained": {
    world: fineWorld(),
    settings: example(least()),
    refused: [],
    made: [`POST ${tokens}`, "POST /api/v4/user/personal_access_tokens", `DELETE ${tokens}/1302`],
  },
} as const;

describe.each(engines)("our own credential in a stack of its own, on the $name", (engine) => {
  let situation: Situation;
  /** What the run finds in GITLAB_TOKEN: what its CI/CD variable held when the job began. */
  let credential: string | undefined;

  const held = () => situation.sandbox.gitlab.variable(project, "GITLAB_TOKEN", "rotation");
  const live = () => situation.sandbox.gitlab.liveTokens(username).map(({ id }) => id);

  async function start({ world, settings }: (typeof kinds)[keyof typeof kinds]): Promise<void> {
    credential = undefined;
    situation = await Situation.start(engine, {
      world,
      limits: { version: "19.2" },
      environment: ({ environment }) => ({
        ...environment,
        ...(credential === undefined ? {} : { GITLAB_TOKEN: credential }),
      }),
      edit: (document) => {
        for (const [key, value] of Object.entries(settings)) document.setIn(["config", key], value);
      },
    });
  }

  afterEach(async () => {
    expect(situation.leaks()).toEqual([]);
    await situation.stop();
  });

  test.each(["legacy", "fine-grained"] as const)(
    "a run replaces the %s token that it works with; the next works with the new one, which later revokes the old",
    {
      timeout: 300_000,
    },
    async (kind) => {
      await start(kinds[kind]);
      const { sandbox } = situation;
      const refused: string[] = [];
      sandbox.traffic.watch({
        handled: ({ method, path, status }) => {
          if (status === 403) refused.push(`${method} ${path}`);
        },
      });
      const old = held();
      sandbox.clock.set("2027-01-11T05:30:00Z");
      const replacing = await situation.up();
      expect(replacing.code, replacing.output).toBe(0);
      expect(writes(replacing.requests).filter((request) => request.includes("personal_access_tokens"))).toEqual(
        kinds[kind].made,
      );
      expect(held()).not.toBe(old);
      expect(live()).toHaveLength(2);
      expect(replacing.requests.filter(({ status }) => status === 401)).toEqual([]);

      // The next night's job begins with what the variable holds now, and is the proof.
      sandbox.clock.set("2027-01-12T05:00:00Z");
      credential = held();
      sandbox.gitlab.runSchedule(project, schedule);
      await expect
        .poll(() => [...sandbox.gitlab.state.jobs.values()].at(-1)?.status, { timeout: 20_000 })
        .toBe("success");
      const proving = await situation.up();
      expect(proving.code, proving.output).toBe(0);
      expect(writes(proving.requests)).toEqual([]);
      expect(live()).toHaveLength(2);

      // A job that still holds the old one never revokes it under its own feet.
      sandbox.clock.set("2027-01-26T05:30:00Z");
      credential = old;
      const behind = await situation.up();
      expect(behind.code, behind.output).toBe(0);
      expect(writes(behind.requests)).toEqual([]);
      expect(behind.output).toContain('this run itself works with it: set "GITLAB_TOKEN" to the new one');

      // That was a use of the old one: it must be quiet again for as long as the overlap.
      sandbox.clock.set("2027-02-10T06:30:00Z");
      credential = held();
      const retiring = await situation.up();
      expect(retiring.code, retiring.output).toBe(0);
      expect(writes(retiring.requests)).toEqual([`DELETE ${tokens}/1301`]);
      expect(live()).toHaveLength(1);
      expect(sandbox.gitlab.liveTokens(username)[0]?.value).toBe(held());
      const rest = await situation.up(["--expect-no-changes"]);
      expect(rest.code, rest.output).toBe(0);
      expect(rest.requests).toEqual([]);
      // An administrator alone may ask how long a token may live.
      expect([...new Set(refused)]).toEqual(kinds[kind].refused);
    },
  );
});
