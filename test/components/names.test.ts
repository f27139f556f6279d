import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { Account } from "../../components/account";
import { generations } from "../../rotation/calendar/generations";
import { accountNames } from "../../rotation/checks/names";
import { parseSettings } from "../../rotation/declaration/settings";

const registered: string[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource: ({ type, name, inputs, id }) => {
      registered.push(`${type}::${name}`);
      const state: Record<string, Record<string, unknown>> = {
        "gitlab:index/groupServiceAccount:GroupServiceAccount": { serviceAccountId: "301" },
        "runbook:index:Group": { groupId: 52 },
        "runbook:index:Account": { userId: 301, opened: [] },
        "runbook:index:PersonalAccessToken": { tokenId: 7, token: "value", status: "live" },
        "runbook:index:SelfRotatingToken": { tokenId: 8, token: "value", status: "live" },
        "runbook:index:TokenProof": { tokenId: 7, provedAt: "2026-11-23T06:30:00Z" },
        "runbook:index:PipelineProof": { tokenId: 7, provedAt: "2026-11-23T06:31:00Z", runs: [] },
        "runbook:index:TrackingIssue": { iid: 1, url: "url" },
      };
      return { id: id ?? name, state: { ...inputs, ...state[type] } };
    },
  });
});

const whole = {
  token: { name: "Robot", scopes: ["api"] },
  rotation: { startsOn: "2026-11-23", extraDates: [{ date: "2026-12-14" }] },
  adopt: { tokenId: 5, expiresAt: "2027-02-01" },
  issue: { project: "security/tracker" },
  proof: [{ project: "a/b", ref: "main" }],
};
const token = { vault: "Security", item: "Builder", field: "token" };
const accounts = [
  {
    ...whole,
    name: "robot",
    formerly: "android",
    account: {
      group: "security",
      username: "robot",
      own: {
        name: "Robot",
        memberships: [
          { group: "security/scanning", accessLevel: "reporter" },
          { project: "security/portal", accessLevel: "developer" },
        ],
      },
    },
    onePassword: [
      { ...token, section: "A" },
      { ...token, section: "B" },
      { vault: "Security", newItem: "Robot" },
    ],
    variables: [
      { project: "a/b", key: "c", environmentScope: "d/K" },
      { project: "a/b/c-d", key: "K" },
      { group: "a", key: "K", environmentScope: "production" },
      { instance: true, key: "K" },
    ],
  },
  {
    ...whole,
    name: "leaked",
    account: { group: "security", username: "leaked" },
    adopt: { ...whole.adopt, tokenId: 6 },
  },
  {
    ...whole,
    name: "person",
    account: { self: true, username: "person" },
    adopt: { ...whole.adopt, tokenId: 7 },
    onePassword: [{ ...token, item: "Person" }],
    proof: [],
  },
];

test.each(["2026-11-01", "2026-11-23", "2026-12-14", "2027-01-10"])(
  "every resource that accounts register on %s is one that rotation names",
  async (today) => {
    registered.length = 0;
    const leak = { compromised: [{ generation: "adopted", reason: "leaked" }] };
    const all = accounts.map((one) => (one.name === "leaked" ? { ...one, ...leak } : one));
    const settings = parseSettings({ fleet: "fleet", accounts: all });
    const names = settings.accounts.flatMap((declaration) => {
      const opened = generations(declaration, [], today).map(({ name }) => name);
      // The next rotation is announced ahead.
      const named = accountNames(declaration, [...opened, "2026-11-23", "2026-12-14", "2027-11-15"]);
      return named.map(({ type, name }) => `${type}::${name}`);
    });
    for (const declaration of settings.accounts) {
      const { name } = declaration;
      const account = new Account(name, {
        declaration,
        fleet: "fleet",
        freezes: [],
        today,
        declared: pulumi.output(0),
      });
      await new Promise((resolve) => account.state.apply(resolve));
    }
    expect(registered.length).toBeGreaterThan(10);
    expect(registered.filter((one) => !names.includes(one))).toEqual([]);
    expect(registered.length).toBe(new Set(registered).size);
  },
);
