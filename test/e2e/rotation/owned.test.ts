import { afterEach, describe, expect, test } from "vitest";
import type { Engine } from "../../../engines/engine";
import type { World } from "../../../workshop/sandbox/world";
import { checkTraffic } from "../../openapi";
import { engines } from "../engines";
import { Situation, writes } from "../situation";
import { kindsWorld } from "./kinds";

let situation: Situation;

afterEach(async () => {
  expect(situation.leaks()).toEqual([]);
  await situation.stop();
});

/** A project whose job works with the token of an account that does not exist yet. */
function world(): World {
  const kinds = kindsWorld("owner");
  const needs = { variable: "TOKEN", user: "gl-owned", scope: "read_api" };
  const project = { path: "security/owned", jobs: [{ name: "work", stage: "build", needs }] };
  return { ...kinds, projects: [...kinds.projects, project] };
}

const owned = {
  name: "owned",
  account: {
    group: "security",
    username: "gl-owned",
    own: {
      name: "Inventory robot",
      memberships: [
        { project: "security/owned", accessLevel: "developer", expiresAt: "2027-12-31" },
        { group: "security/scanning", accessLevel: "reporter" },
      ],
    },
  },
  token: { name: "owned", scopes: ["read_api"] },
  rotation: { startsOn: "2026-11-23" },
  onePassword: [{ vault: "Security", newItem: "Owned" }],
  variables: [{ project: "security/owned", key: "TOKEN", masked: true }],
  proof: [{ project: "security/owned", ref: "main", jobs: ["work"], waitMinutes: 2 }],
};

async function start(engine: Engine, account: object): Promise<void> {
  situation = await Situation.start(engine, {
    world: world(),
    edit: (settings) => settings.setIn(["config", "pat-rotation:accounts"], [account]),
  });
}

function declare(account: object): void {
  situation.stack.configure((settings) => settings.setIn(["config", "pat-rotation:accounts"], [account]));
}

/** The account with another name, and no membership but this one. */
function edited(name: string, accessLevel: string): object {
  const memberships = [{ project: "security/owned", accessLevel }];
  return { ...owned, account: { ...owned.account, own: { name, memberships } } };
}

describe.each(engines)("a service account that the stack owns, on the $name", (engine) => {
  test("is made with its memberships before its token, kept as declared, and never deleted", {
    timeout: 300_000,
  }, async () => {
    await start(engine, owned);
    const { gitlab, onepassword, traffic } = situation.sandbox;
    const check = checkTraffic(traffic);

    const preview = await situation.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).not.toContain("would fail");
    expect(writes(preview.requests)).toEqual([]);

    const first = await situation.up();
    expect(first.code, first.output).toBe(0);
    expect(check.faults).toEqual([]);
    const user = gitlab.state.userNamed("gl-owned");
    const id = user?.id ?? 0;
    expect(user).toMatchObject({ name: "Inventory robot", owner: { kind: "group" } });
    const [made, ...rest] = writes(first.requests);
    expect(made).toBe("POST /api/v4/groups/security/service_accounts");
    expect(rest.slice(0, 2).sort()).toEqual([
      expect.stringMatching(/^POST \/api\/v4\/groups\/\d+\/members$/),
      "POST /api/v4/projects/security/owned/members",
    ]);
    expect(rest[2]).toBe(`POST /api/v4/groups/security/service_accounts/${id}/personal_access_tokens`);
    const { groups, projects } = gitlab.state;
    const project = projects.get("security/owned");
    expect([project?.members.get(id), project?.memberExpiry.get(id)]).toEqual([30, "2027-12-31"]);
    expect(groups.get("security/scanning")?.members.get(id)).toBe(20);
    const [token] = gitlab.liveTokens("gl-owned");
    expect(gitlab.variable("security/owned", "TOKEN")).toBe(token?.value);
    expect(onepassword.field("Security", "Owned", "credential")).toBe(token?.value);

    const second = await situation.up(["--expect-no-changes"]);
    expect(second.code, second.output).toBe(0);
    expect(second.requests).toEqual([]);

    declare(edited("Inventory builder", "maintainer"));
    const edit = await situation.up();
    expect(edit.code, edit.output).toBe(0);
    expect(writes(edit.requests).sort()).toEqual([
      `PATCH /api/v4/groups/security/service_accounts/${id}`,
      `PUT /api/v4/projects/security/owned/members/${id}`,
    ]);
    expect(user?.name).toBe("Inventory builder");
    expect([project?.members.get(id), project?.memberExpiry.get(id)]).toEqual([40, undefined]);
    expect(groups.get("security/scanning")?.members.get(id)).toBe(20);

    // What health advises where somebody lowered it by hand.
    project?.members.set(id, 20);
    const again = await situation.up(["--refresh"]);
    expect(again.code, again.output).toBe(0);
    expect(writes(again.requests)).toEqual([`PUT /api/v4/projects/security/owned/members/${id}`]);
    expect(project?.members.get(id)).toBe(40);

    declare({ ...edited("Inventory builder", "maintainer"), onRemoval: "revoke" });
    expect((await situation.up()).code).toBe(0);
    const end = await situation.destroy();
    expect(end.code, end.output).toBe(0);
    expect(gitlab.liveTokens("gl-owned")).toEqual([]);
    expect(gitlab.state.userNamed("gl-owned")?.id).toBe(id);
    expect(project?.members.get(id)).toBe(40);
  });

  test("is taken over when it is there, under its own number", { timeout: 120_000 }, async () => {
    await start(engine, {
      ...owned,
      account: { group: "security", username: "gl-top", own: { name: "Top robot" } },
      adopt: { tokenId: 1201, expiresAt: "2026-12-14" },
      rotation: { startsOn: "2026-11-30" },
      variables: [],
      proof: [],
    });
    const run = await situation.up();
    expect(run.code, run.output).toBe(0);
    expect(writes(run.requests)).toEqual(["PATCH /api/v4/groups/security/service_accounts/201"]);
    expect(situation.sandbox.gitlab.state.userNamed("gl-top")).toMatchObject({ id: 201, name: "Top robot" });
  });
});
