import { afterEach, describe, expect, test } from "vitest";
import type { AccountDeclaration } from "../../../rotation/declaration/settings";
import { parseSettings } from "../../../rotation/declaration/settings";
import { leastPermissions } from "../../../rotation/permissions/least";
import type { World } from "../../../workshop/sandbox/world";
import { incident } from "../../../workshop/sandbox/worlds/incident";
import { engines } from "../engines";
import { declarationOf, type Kind, kindsWorld } from "../rotation/kinds";
import { inventory, Situation } from "../situation";

/** A world whose own credential is a fine-grained one of the same user, permitted just so much. */
function narrowed(whole: World, user: string, accounts: readonly AccountDeclaration[], without?: string): World {
  const permissions = accounts.flatMap(leastPermissions).map(({ project, group, user, instance, allow }) => ({
    ...(project === undefined ? {} : { project }),
    ...(group === undefined ? {} : { group }),
    ...(user === true ? { access: "user" as const } : instance === true ? { access: "instance" as const } : {}),
    allow: allow.filter((name) => name !== without),
  }));
  const made = { id: 1900, handle: "narrow", name: "narrow", scopes: ["granular"], createdAt: "2026-11-01T00:00:00Z" };
  return {
    ...whole,
    tokens: [...whole.tokens, { ...made, user, permissions, expiresAt: "2027-10-01" }],
    credentials: { ...whole.credentials, gitlab: "narrow" },
  };
}

const parsed = (accounts: readonly object[]) => parseSettings({ fleet: "sandbox", accounts }).accounts;
const fine = [
  { user: true, allow: ["read_personal_access_token"] },
  { project: inventory.project, allow: ["read_job"] },
];

const ofInventory = {
  name: "inventory",
  account: { group: "security", username: inventory.username },
  token: { name: inventory.item, permissions: fine },
  rotation: { startsOn: "2026-11-23" },
  adopt: { tokenId: 1201, expiresAt: "2026-11-23" },
  onePassword: [{ vault: "Security", item: inventory.item }],
  variables: [{ project: inventory.project, key: "GITLAB_API_TOKEN", masked: true, protected: true }],
  proof: [{ project: inventory.project, schedule: "Weekly - Monday mornings", jobs: [inventory.job] }],
  issue: { project: "security/tracker", iid: 1 },
};

function world(): World {
  const whole = incident();
  const projects = whole.projects.map((project) =>
    project.path === inventory.project
      ? { ...project, members: { [inventory.username]: "developer" as const } }
      : project,
  );
  return { ...whole, projects };
}

let situation: Situation | undefined;

afterEach(async () => {
  await situation?.stop();
});

/** Rotates, retires, and is refused nothing for a permission. */
async function rotate(): Promise<void> {
  const { sandbox, up } = { sandbox: situation?.sandbox, up: () => situation?.up() };
  const refused: string[] = [];
  sandbox?.traffic.watch({
    handled: ({ method, path, status, responseBody }) => {
      const text = JSON.stringify(responseBody ?? "");
      if (status === 403 && text.includes("insufficient_granular_scope"))
        refused.push(`${method} ${decodeURIComponent(path)} ${text}`);
    },
  });
  const first = await up();
  expect(first?.code, first?.output).toBe(0);
  sandbox?.clock.set("2026-12-02T06:30:00Z");
  const second = await up();
  expect(second?.code, second?.output).toBe(0);
  expect(refused).toEqual([]);
}

describe.each(engines)("a fine-grained credential of our own on the $name", (engine) => {
  test("with the least permissions of an account of a group rotates fine-grained tokens", {
    timeout: 240_000,
  }, async () => {
    situation = await Situation.start(engine, {
      world: narrowed(world(), "security-rotation", parsed([ofInventory])),
      limits: { version: "19.6" },
      edit: (settings) => settings.setIn(["config", "pat-rotation:accounts"], [ofInventory]),
    });
    await rotate();
    expect(situation.works(inventory)).toBe(true);
  });

  test("with the least permissions of access tokens of a group rotates these", { timeout: 240_000 }, async () => {
    const { adopt: _adopt, proof: _proof, ...rest } = ofInventory;
    const declared = {
      ...rest,
      account: { group: "security", accessToken: "developer" },
      token: { name: inventory.item, scopes: ["read_api"] },
    };
    situation = await Situation.start(engine, {
      world: narrowed(world(), "security-rotation", parsed([declared])),
      limits: { version: "19.6" },
      edit: (settings) => settings.setIn(["config", "pat-rotation:accounts"], [declared]),
    });
    await rotate();
  });

  test.each([
    ["owner", "security-rotation", ["top", "sub", "portal"]],
    ["admin", "root", ["instance"]],
  ] as const)(
    "with the least permissions of the kinds that an %s rotates",
    { timeout: 240_000 },
    async (gitlab, user, kinds) => {
      const declared = (kinds as readonly Kind[]).map(declarationOf);
      situation = await Situation.start(engine, {
        world: narrowed(kindsWorld(gitlab), user, parsed(declared)),
        limits: { version: "19.6" },
        edit: (settings) => settings.setIn(["config", "pat-rotation:accounts"], declared),
      });
      await rotate();
    },
  );
});
