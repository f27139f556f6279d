import { expect, test } from "vitest";
import { waiting } from "../../../rotation/calendar/queue";
import { type RawSettings, readSettings, SettingsError } from "../../../rotation/declaration/settings";

type Parts = Readonly<Record<string, unknown>>;

const account = (name: string, parts: Parts = {}): Parts => ({
  name,
  account: { group: "security", username: `gl-${name}` },
  token: { name, scopes: ["api"] },
  rotation: { startsOn: "2026-11-23" },
  ...parts,
});

const stack = (accounts: readonly unknown[], parts: Parts = {}): RawSettings => ({
  fleet: "platform",
  accounts,
  ...parts,
});

function read(settings: RawSettings) {
  const { settings: usable, faulty } = readSettings(settings);
  return {
    usable: usable.accounts.map(({ name }) => name),
    faulty: faulty.map(({ name, faults }) => [name, ...faults.map(({ path }) => path)]),
  };
}

const wrong = account("wrong", { rotation: { startsOn: "2026-02-30" }, onRemove: "refuse" });

test("what is wrong with one account leaves the others usable", () => {
  expect(read(stack([account("a"), wrong, account("b")]))).toEqual({
    usable: ["a", "b"],
    faulty: [["wrong", "accounts[1].onRemove", "accounts[1].rotation.startsOn"]],
  });
});

test("the issue of an account is known whatever is wrong beside it", () => {
  const issue = { project: "security/tracker", iid: 7, notify: ["nobody"] };
  const { faulty } = readSettings(stack([account("a"), account("wrong", { issue }), account("none", { issue: {} })]));
  expect(faulty.map((one) => one.issue)).toEqual([{ project: "security/tracker", iid: 7 }, undefined]);
});

test("without a fault nothing is faulty", () => {
  expect(read(stack([account("a"), account("b")]))).toEqual({ usable: ["a", "b"], faulty: [] });
});

test("two accounts that write one place are both at fault, whichever was there first", () => {
  const variables = [{ project: "a/b", key: "TOKEN" }];
  expect(read(stack([account("a", { variables }), account("b"), account("c", { variables })]))).toEqual({
    usable: ["b"],
    faulty: [
      ["a", "accounts[2].variables[0]"],
      ["c", "accounts[2].variables[0]"],
    ],
  });
});

const title = { vault: "Security", item: "Builder" };
const key = { project: "a/b", key: "TOKEN" };

test.each<[string, Parts, Parts, string]>([
  ["a path in another case", { variables: [key] }, { variables: [{ ...key, project: "A/b" }] }, "variables[0]"],
  [
    "blanks around an environment's scope",
    { variables: [{ ...key, environmentScope: "review/*" }] },
    { variables: [{ ...key, environmentScope: " review/* " }] },
    "variables[0]",
  ],
  [
    "an item that is made and the same one as one that exists",
    { onePassword: [{ vault: "Security", newItem: "Builder" }] },
    { onePassword: [title] },
    "onePassword[0]",
  ],
  [
    "items that are made, whatever field stands beside them",
    { onePassword: [{ vault: "Security", newItem: "Builder" }] },
    { onePassword: [{ vault: "Security", newItem: "Builder", field: "token" }] },
    "onePassword[0]",
  ],
  [
    "a hand-made token, however its id is written",
    { adopt: { tokenId: 7, expiresAt: "2027-01-01" } },
    { adopt: { tokenId: "07", expiresAt: "2027-01-02" } },
    "adopt.tokenId",
  ],
  ["a name before", { formerly: "old" }, { formerly: "old" }, "formerly"],
])("accounts that share %s are at fault, alone", (_, one, other, path) => {
  const accounts = [account("a", one), account("b"), account("c", other)];
  expect(read(stack(accounts))).toEqual({
    usable: ["b"],
    faulty: [
      ["a", `accounts[2].${path}`],
      ["c", `accounts[2].${path}`],
    ],
  });
});

test.each<[string, Parts, Parts]>([
  ["keys in another case", { variables: [key] }, { variables: [{ ...key, key: "token" }] }],
  ["a group and a project of one path", { variables: [key] }, { variables: [{ group: "a/b", key: "TOKEN" }] }],
  ["titles in another case", { onePassword: [title] }, { onePassword: [{ ...title, item: "builder" }] }],
  ["vaults in another case", { onePassword: [title] }, { onePassword: [{ ...title, vault: "security" }] }],
  ["sections", { onePassword: [{ ...title, section: "A" }] }, { onePassword: [{ ...title, section: "B" }] }],
  ["tokens", { adopt: { tokenId: 7, expiresAt: "2027-01-01" } }, { adopt: { tokenId: 8, expiresAt: "2027-01-01" } }],
])("accounts with different %s share nothing", (_, one, other) => {
  expect(read(stack([account("a", one), account("c", other)])).faulty).toEqual([]);
});

test.each<[string, Parts, string]>([
  ["one place twice", { variables: [key, { ...key, project: "A/B" }] }, "variables[1]"],
  ["its own name as the one before", { formerly: "a" }, "formerly"],
  [
    "one membership twice",
    {
      account: {
        group: "security",
        username: "robot",
        own: {
          name: "Robot",
          memberships: [
            { group: "a/b", accessLevel: "guest" },
            { group: "A/b", accessLevel: "reporter" },
          ],
        },
      },
    },
    "account.own.memberships[1]",
  ],
])("an account with %s is at fault, alone", (_, parts, path) => {
  expect(read(stack([account("a", parts), account("b")]))).toEqual({
    usable: ["b"],
    faulty: [["a", `accounts[0].${path}`]],
  });
});

test("a place that is written in two ways is told in both", () => {
  const variables = [key, { ...key, project: "A/b" }];
  expect(readSettings(stack([account("a", { variables }), account("b")])).faulty[0]?.faults).toEqual([
    {
      path: "accounts[0].variables[1]",
      found: '"A/b, project, TOKEN, *", which accounts[0].variables[0] has as well, as "a/b, project, TOKEN, *"',
      expected: "each one only once",
    },
  ]);
});

test.each<[string, RawSettings]>([
  ["a fault of the whole stack", stack([account("a"), wrong], { freezes: [{ from: "2026-12-19", to: "2026-12-01" }] })],
  ["an unknown key beside the accounts", stack([account("a"), wrong], { freeze: [] })],
  ["an account whose name cannot be read", stack([account("a"), { ...wrong, name: "no name" }])],
  ["something that is no account", stack([account("a"), "wrong"])],
  ["two accounts of one name", stack([account("a"), account("b"), account("a")])],
  ["no account that is left", stack([wrong])],
])("all is lost by %s", (_, settings) => {
  expect(() => readSettings(settings)).toThrow(SettingsError);
});

test("an account that cannot be used keeps its place among those that wait their turn", () => {
  const accounts = ["a", "b", "c"].map((name, at) =>
    account(name, {
      adopt: { tokenId: at + 1, expiresAt: `2027-02-0${at + 1}` },
      ...(name === "a" ? { scopes: [] } : {}),
    }),
  );
  const { settings, faulty } = readSettings(stack(accounts, { maxRotationsPerRun: 1 }));
  const calendars = faulty.flatMap(({ calendar }) => calendar ?? []);
  expect(calendars.map(({ name }) => name)).toEqual(["a"]);
  const all = { ...settings, accounts: [...settings.accounts, ...calendars] };
  expect([...waiting(all, "2026-11-23").keys()]).toEqual(["b", "c"]);
  expect([...waiting(all, "2026-11-24").keys()]).toEqual(["c"]);
});

test("where turns are counted, dates that cannot be read stop all: the turns of the others hang on them", () => {
  expect(() => readSettings(stack([account("a"), wrong], { maxRotationsPerRun: 1 }))).toThrow("accounts[1].rotation");
});
