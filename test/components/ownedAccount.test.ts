import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { Account } from "../../components/account";
import { parseSettings } from "../../rotation/declaration/settings";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource: ({ type, name, inputs, id }) => {
      registered.push({ type, name, inputs });
      const state: Record<string, Record<string, unknown>> = {
        "gitlab:index/groupServiceAccount:GroupServiceAccount": { serviceAccountId: "301" },
        "runbook:index:Group": { groupId: 52 },
        "runbook:index:Account": { userId: 301, opened: [] },
        "runbook:index:PersonalAccessToken": { tokenId: 7, token: "value", status: "live" },
      };
      return { id: id ?? name, state: { ...inputs, ...state[type] } };
    },
  });
});

test("a service account that the stack owns comes with its memberships, before it is looked up and gets a token", async () => {
  const settings = parseSettings({
    fleet: "fleet",
    accounts: [
      {
        name: "robot",
        account: {
          group: "security",
          username: "gl-robot",
          own: {
            name: "Robot",
            memberships: [
              { group: "security/scanning", accessLevel: "reporter" },
              { project: "security/portal", accessLevel: "developer", expiresAt: "2027-12-31" },
            ],
          },
        },
        token: { name: "Robot", scopes: ["read_api"] },
        rotation: { startsOn: "2026-11-23" },
      },
    ],
  });
  for (const declaration of settings.accounts) {
    const declared = pulumi.output(1);
    const account = new Account("robot", { declaration, fleet: "fleet", freezes: [], today: "2026-11-23", declared });
    await new Promise((resolve) => account.state.apply(resolve));
  }
  const made = registered.map(({ type, name, inputs }) => [type.split(":").at(-1), name, inputs]);
  expect(made).toContainEqual([
    "GroupServiceAccount",
    "robot",
    { group: "security", username: "gl-robot", name: "Robot" },
  ]);
  expect(made).toContainEqual(["Group", "robot/security/scanning", { group: "security/scanning" }]);
  expect(made).toContainEqual([
    "GroupMembership",
    "robot/security/scanning",
    { groupId: 52, userId: 301, accessLevel: "reporter" },
  ]);
  expect(made).toContainEqual([
    "ProjectMembership",
    "robot/security/portal",
    { project: "security/portal", userId: 301, accessLevel: "developer", expiresAt: "2027-12-31" },
  ]);
  const order = registered.map(({ type }) => type.split(":").at(-1));
  for (const earlier of ["GroupServiceAccount", "GroupMembership", "ProjectMembership"])
    expect(order.indexOf(earlier)).toBeLessThan(order.lastIndexOf("PersonalAccessToken"));
  expect(registered.find(({ type }) => type === "runbook:index:Account")?.inputs).toMatchObject({
    serviceAccountId: "301",
  });
});
