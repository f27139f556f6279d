import fc from "fast-check";
import { expect, test } from "vitest";
import type { DeclaredPlaces } from "../../../places/declared";
import type { ItemDeclaration } from "../../../places/item/declared";
import type { VariableDeclaration } from "../../../places/variable/declared";
import { generations } from "../../../rotation/calendar/generations";
import { accountAliases, accountNames, placeNames, type ResourceName } from "../../../rotation/checks/names";
import {
  type AccountDeclaration,
  parseSettings,
  type RawSettings,
  readSettings,
  SettingsError,
} from "../../../rotation/declaration/settings";
import { account, anyDay, property } from "../declarations";

const item = (parts: Partial<ItemDeclaration> = {}): ItemDeclaration => ({
  vault: "Security",
  item: "Builder",
  field: "token",
  ...parts,
});
const variable = (parts: Partial<VariableDeclaration> = {}): VariableDeclaration => ({
  project: "a/b",
  key: "TOKEN",
  environmentScope: "*",
  ...parts,
});
const namesOf = (places: DeclaredPlaces) => placeNames(account(places)).map(({ name }) => name);
const items = (...onePassword: readonly ItemDeclaration[]) => namesOf({ onePassword, variables: [], openBao: [] });
const variables = (...all: readonly VariableDeclaration[]) => namesOf({ onePassword: [], variables: all, openBao: [] });

test("the names of places that no other place shares are short, whatever section or environment they have", () => {
  const { item: _, ...noItem } = item();
  const instance = { instance: true as const, key: "TOKEN", environmentScope: "*" };
  expect(items(item({ section: "Production" }), item({ item: "Inventory" }), { ...noItem, newItem: "Made" })).toEqual([
    "inventory/Security/Builder/token",
    "inventory/Security/token",
    "inventory/Security/Made",
  ]);
  expect(variables(variable(), variable({ environmentScope: "review/*" }), instance)).toEqual([
    "inventory/a/b/TOKEN",
    "inventory/a/b/TOKEN-review/*",
    "inventory/instance/TOKEN",
  ]);
});

test("fields of one item in two sections have names of their own", () => {
  expect(items(item({ section: "Production" }), item({ section: "a/b" }), item())).toEqual([
    "inventory/vault=Security/item=Builder/field=token/section=Production",
    "inventory/vault=Security/item=Builder/field=token/section=a%2Fb",
    "inventory/vault=Security/item=Builder/field=token",
  ]);
});

test("variables whose path, key and environment are spelt alike together have names of their own", () => {
  expect(
    variables(variable({ key: "c", environmentScope: "d/K" }), variable({ project: "a/b/c-d", key: "K" })),
  ).toEqual(["inventory/project=a%2Fb/key=c/scope=d%2FK", "inventory/project=a%2Fb%2Fc-d/key=K/scope=*"]);
});

// Texts that come to one name as often as can be.
const part = fc.array(fc.constantFrom("A", "b", "/", "-", "%2F", "/vault=A", "/item=b"), {
  minLength: 1,
  maxLength: 3,
});
const text = fc.oneof(
  part.map((parts) => parts.join("")),
  fc.constantFrom("A", "b", "A/b", "Inventory"),
);
const path = fc.constantFrom("a/b", "A/b", "a/b/c-d", "a/b/c", "a");
const anyItem: fc.Arbitrary<ItemDeclaration> = fc.record(
  { vault: text, item: text, field: text, section: text },
  { requiredKeys: ["vault", "item", "field"] },
);
const anyNewItem = fc.record({ vault: text, newItem: text, field: text }, { requiredKeys: ["vault", "newItem"] });
const scope = fc.constantFrom("*", "d/K", "K", "production", " production", "x-y");
const anyVariable = fc.oneof(
  fc.record({ project: path, key: fc.constantFrom("c", "K", "c_d"), environmentScope: scope }),
  fc.record({ group: path, key: fc.constantFrom("c", "K"), environmentScope: scope }),
  fc.record({ instance: fc.constant(true), key: fc.constantFrom("c", "K") }),
);
const anyMembership = fc.oneof(
  fc.record({ project: path, accessLevel: fc.constant("guest") }),
  fc.record({ group: path, accessLevel: fc.constant("guest") }),
);
const anyName = fc.constantFrom(
  "a",
  "b",
  "a-2026-11-23",
  "a-adopted",
  "a-2026-11-23-2026-11-23",
  "A",
  "a-2026-11-23.2",
);
const anyRaw = fc
  .record({
    name: anyName,
    formerly: fc.option(anyName, { nil: null }),
    adopt: fc.option(fc.record({ tokenId: fc.integer({ min: 1, max: 9 }), expiresAt: anyDay }), { nil: null }),
    onePassword: fc.array(fc.oneof(anyItem, anyNewItem), { maxLength: 3 }),
    variables: fc.array(anyVariable, { maxLength: 3 }),
    memberships: fc.array(anyMembership, { maxLength: 2 }),
    startsOn: anyDay,
    extra: fc.array(anyDay, { maxLength: 2 }),
  })
  .map(({ memberships, startsOn, extra, ...rest }) => ({
    ...rest,
    account: { group: "security", username: "robot", own: { name: "Robot", memberships } },
    token: { name: "Inventory", scopes: ["api"] },
    rotation: { startsOn, everyDays: 30, lifetimeDays: 90, extraDates: extra.map((date) => ({ date })) },
  }));

function usable(raw: RawSettings): readonly AccountDeclaration[] {
  try {
    return readSettings(raw).settings.accounts;
  } catch (error) {
    if (error instanceof SettingsError) return [];
    throw error;
  }
}

const urn = ({ type, name }: ResourceName) => `${type}::${name}`;

test("settings that parse, as a whole or with accounts at fault, have distinct names, former ones included", () => {
  let parsed = 0;
  fc.assert(
    fc.property(fc.array(anyRaw, { minLength: 1, maxLength: 3 }), anyDay, (accounts, day) => {
      const all = usable({ fleet: "platform", accounts });
      parsed += all.length;
      const named = all.flatMap((one) => {
        const opened = generations(one, [], day).map(({ name }) => name);
        return [...accountNames(one, opened), ...accountAliases(one, opened)].map(urn);
      });
      expect(named.length).toBe(new Set(named).size);
    }),
    { ...property, numRuns: 5 * property.numRuns },
  );
  expect(parsed).toBeGreaterThan(2 * property.numRuns);
});

function neverMoves<T>(any: fc.Arbitrary<T>, named: (...all: readonly T[]) => readonly string[]): void {
  const declared = fc.uniqueArray(any, { selector: (one) => JSON.stringify(one), maxLength: 4 });
  fc.assert(
    fc.property(declared, any, (old, more) => {
      const before = named(...old);
      fc.pre(new Set(before).size === before.length);
      for (let at = 0; at <= old.length; at++) {
        const after = named(...old.slice(0, at), more, ...old.slice(at));
        const added = after[at] ?? "";
        // Where two have one name both are at fault.
        if (after.filter((name) => name === added).length === 1) expect(before).not.toContain(added);
      }
    }),
    { ...property, numRuns: 10 * property.numRuns },
  );
}

test("no name goes from one item to another by adding a line", () => {
  neverMoves(anyItem, items);
});

test("no name goes from one variable to another by adding a line", () => {
  neverMoves(
    fc.record({
      project: path,
      key: fc.constantFrom("c", "K", "c_d"),
      environmentScope: scope,
    }) as fc.Arbitrary<VariableDeclaration>,
    variables,
  );
});

test("accounts whose name begins as another's, or is that of another's generation, share nothing", () => {
  const names = ["a", "a-2026-11-23", "a-adopted", "a-2026-11-23.2", "a-2026-11-23-2026-11-23"];
  const opened = ["adopted", "2026-11-23", "2026-11-23.2"];
  const all = names.flatMap((name) => accountNames(account({ name }), opened).map(urn));
  expect(all.length).toBe(new Set(all).size);
});

test("a renamed account's resources were all called after its name before", () => {
  const [first, ...rest] = accountAliases(account({ name: "new", formerly: "old", onePassword: [item()] }), [
    "adopted",
  ]);
  expect(first).toEqual({ type: "pat-rotation:index:Account", name: "old" });
  expect(rest).toContainEqual({ type: "runbook:index:PersonalAccessToken", name: "old-adopted" });
  expect(rest).toContainEqual({ type: "onepassword:index/itemField:ItemField", name: "old/Security/Builder/token" });
});

test("names that are spelt to be one are a fault of their account", () => {
  const section = { vault: "Security", item: "Builder", field: "token" };
  const spelt = { vault: "vault=Security", item: "item=Builder", field: "field=token" };
  const raw = {
    name: "inventory",
    account: { group: "security", username: "robot" },
    token: { name: "Inventory", scopes: ["api"] },
    rotation: { startsOn: "2026-11-23" },
    onePassword: [spelt, section, { ...section, section: "Production" }],
  };
  expect(() => parseSettings({ fleet: "platform", accounts: [raw] })).toThrow(
    'accounts[0].onePassword[1]: found "inventory/vault=Security/item=Builder/field=token", which accounts[0].onePassword[0] has as well.',
  );
});
