import { expect, test } from "vitest";
import { waiting } from "../../rotation/queue";
import { type RawSettings, readSettings, SettingsError } from "../../rotation/settings";

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
