import { describe, expect, test } from "vitest";
import { generations } from "../../../rotation/calendar/generations";
import {
  type Fault,
  parseSettings,
  type RawSettings,
  readSettings,
  SettingsError,
} from "../../../rotation/declaration/settings";
import { policies } from "../declarations";

const inventory = {
  name: "inventory",
  account: { group: "security", username: "gl-security-inventory" },
  token: { name: "Inventory", scopes: ["api"] },
  rotation: { startsOn: "2026-11-23" },
};

function raw(parts: object = {}, rest: object = {}): RawSettings {
  return { fleet: "platform", accounts: [{ ...inventory, ...parts }], ...rest };
}

function faults(settings: RawSettings): readonly Fault[] {
  try {
    parseSettings(settings);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

test("the least declaration is completed with every default", () => {
  expect(parseSettings(raw())).toEqual({
    fleet: "platform",
    freezes: [],
    policies: policies(),
    health: false,
    accounts: [
      {
        name: "inventory",
        account: { group: "security", username: "gl-security-inventory" },
        token: { name: "Inventory", description: "", scopes: ["api"] },
        rotation: {
          startsOn: "2026-11-23",
          everyDays: 336,
          weekday: "monday",
          overlapDays: 7,
          lifetimeDays: 365,
          marginDays: 14,
          quietHours: 168,
          extraDates: [],
        },
        compromised: [],
        retries: [],
        onePassword: [],
        variables: [],
        openBao: [],
        external: [],
        proof: [],
        onRemoval: "refuse",
      },
    ],
  });
});

test("everything that can be declared is kept", () => {
  const parts = {
    formerly: "builder",
    account: { project: "security/inventory-builder", username: "bot" },
    token: {
      name: "Inventory",
      description: "Reads the API",
      scopes: ["api", "read_user"],
      scopeReason: "starts pipelines",
    },
    rotation: {
      startsOn: "2026-11-23",
      everyMonths: 3,
      weekday: "any",
      overlapDays: 10,
      lifetimeDays: 180,
      marginDays: 20,
      quietHours: 720,
      extraDates: [{ date: "2026-12-01", reason: "left the team" }],
    },
    adopt: { tokenId: 123, expiresAt: "2026-12-01" },
    holdAt: "2026-11-23",
    onePassword: [
      { vault: "Security", item: "Inventory", field: "token", section: "API" },
      { vault: "Security", newItem: "Inventory, new", field: "credential" },
    ],
    variables: [
      {
        project: "security/inventory-builder",
        key: "GITLAB_API_TOKEN",
        environmentScope: "production",
        protected: true,
        masked: true,
        hidden: true,
        raw: true,
        variableType: "env_var",
      },
    ],
    openBao: [{ mount: "ci", path: "inventory/gitlab", field: "token" }],
    external: [{ name: "laptop", owner: "@security/architecture", usedEvery: "30d" }],
    proof: [
      { project: "security/inventory-builder", schedule: "Weekly", jobs: ["build-inventory"], waitMinutes: 5 },
      { project: "security/inventory-builder", observed: true, jobs: ["build-inventory"], waitMinutes: 30 },
      { project: "security/inventory-builder", observed: true, ref: "release", jobs: ["deploy"], waitMinutes: 1 },
    ],
    issue: {
      project: "security/tracker",
      iid: 7,
      noticeDays: 14,
      confidential: false,
      labels: ["token rotation"],
      notify: ["@security/architecture"],
    },
    onRemoval: "release",
  };
  const freezes = [{ from: "2026-12-19", to: "2027-01-04", reason: "holidays" }];
  const rules = {
    longestLifetimeDays: 90,
    leastOverlapDays: 3,
    wideScopes: ["api"],
    allowedTargets: [
      { group: "security", targets: ["platform/ci"], vaults: ["Security"] },
      { instance: true, targets: ["platform"] },
    ],
    exceptions: [{ account: "inventory", policy: "scope-reason", reason: "under review", until: "2026-12-31" }],
  };
  const { accounts, ...rest } = parseSettings(raw(parts, { freezes, policies: rules }));
  expect(rest).toEqual({ fleet: "platform", freezes, policies: rules, health: false });
  expect(accounts).toEqual([{ name: "inventory", compromised: [], retries: [], ...parts }]);
});

test("an unquoted day, as the CLI hands it on, is a day", () => {
  for (const written of ["2026-11-23 00:00:00 +0000 UTC", "2026-11-23T00:00:00Z"]) {
    const adopt = { tokenId: 1, expiresAt: written };
    const [account] = parseSettings(raw({ rotation: { startsOn: written }, adopt, holdAt: written })).accounts;
    expect([account?.rotation.startsOn, account?.adopt?.expiresAt, account?.holdAt]).toEqual(
      Array(3).fill("2026-11-23"),
    );
  }
});

test("numbers and booleans that were set as texts are read", () => {
  const [account] = parseSettings(
    raw({
      account: { instance: "true", username: "bot" },
      rotation: { startsOn: "2026-11-23", everyDays: "28", overlapDays: "3" },
      variables: [{ project: "a/b", key: "K", masked: "true", protected: "false" }],
    }),
  ).accounts;
  expect(account?.account).toEqual({ instance: true, username: "bot" });
  expect(account?.rotation).toMatchObject({ everyDays: 28, overlapDays: 3 });
  expect(account?.variables).toEqual([
    { project: "a/b", key: "K", environmentScope: "*", masked: true, protected: false },
  ]);
});

test("keys that are left empty count as left out", () => {
  const rotation = { startsOn: "2026-11-23", extraDates: null };
  expect(parseSettings(raw({ rotation, adopt: null }, { freezes: null }))).toEqual(parseSettings(raw()));
});

test("the quiet time is as long as the overlap, whoever else uses the token", () => {
  expect(
    parseSettings(raw({ rotation: { startsOn: "2026-11-23", overlapDays: 3 } })).accounts[0]?.rotation,
  ).toMatchObject({
    overlapDays: 3,
    quietHours: 72,
  });
});

test("overlap and quiet time are as long as an external consumer goes without using the token", () => {
  const external = ["12h", "30d", undefined].map((usedEvery) => ({ name: "laptop", owner: "@me", usedEvery }));
  expect(parseSettings(raw({ external })).accounts[0]?.rotation).toMatchObject({ overlapDays: 30, quietHours: 720 });
  const rotation = { startsOn: "2026-11-23", overlapDays: 10 };
  expect(parseSettings(raw({ external, rotation })).accounts[0]?.rotation).toMatchObject({
    overlapDays: 10,
    quietHours: 720,
  });
  expect(parseSettings(raw({ external: external.slice(0, 1) })).accounts[0]?.rotation).toMatchObject({
    overlapDays: 7,
    quietHours: 168,
  });
});

test("a quiet time that would not wait for an external consumer is a fault", () => {
  const external = [{ name: "laptop", owner: "@me", usedEvery: "3d" }];
  const rotation = (quietHours: number) => ({ startsOn: "2026-11-23", quietHours });
  expect(faults(raw({ external, rotation: rotation(72) }))).toEqual([]);
  expect(faults(raw({ external, rotation: rotation(71) }))).toEqual([
    {
      path: "accounts[0].rotation.quietHours",
      found: "the number 71",
      expected: "at least 72, the longest usedEvery of external, or leave it out",
    },
  ]);
});

test("a tracking issue is opened 30 days ahead, confidential, without labels and mentions", () => {
  expect(parseSettings(raw({ issue: { project: "a/b" } })).accounts[0]?.issue).toEqual({
    project: "a/b",
    noticeDays: 30,
    confidential: true,
    labels: [],
    notify: [],
  });
  expect(() => parseSettings(raw({ issue: { project: "a/b", labels: ["a,b", " "] } }))).toThrow("labels[0]");
});

test("short tokens get a margin of a quarter of their lifetime", () => {
  const rotation = { startsOn: "2026-11-23", lifetimeDays: 30 };
  expect(parseSettings(raw({ rotation })).accounts[0]?.rotation.marginDays).toBe(7);
});

test("a leak with a day opens a generation on that day", () => {
  const compromised = [{ generation: "2026-11-23", reason: "in a log", on: "2027-02-03" }];
  expect(parseSettings(raw({ compromised })).accounts[0]?.rotation.extraDates).toEqual([
    { date: "2027-02-03", reason: "2026-11-23 is compromised: in a log" },
  ]);
});

test("all faults are told at once, each with its path, what was found and what to write", () => {
  const account = {
    name: "a b",
    account: { group: "security", project: "security/x" },
    token: { name: "Inventory", scopes: [] },
    rotation: { startsOn: "2027-02-29", everyDays: 0, everyMonths: 1, week_day: "monday" },
    variables: [{ key: "NO-HYPHENS" }],
    proof: [{ project: "https://gitlab.com/a/b", observed: true }],
  };
  expect(() => parseSettings({ accounts: [account], freezes: [{ from: "2027-01-04", to: "2026-12-19" }] })).toThrow(
    [
      "Reading the settings of pat-rotation: 14 faults, so nothing was done.",
      "  accounts[0].account: found group and project. Write exactly one of group, project, instance, self.",
      "  accounts[0].account.username: found nothing. Write a GitLab username, without @.",
      '  accounts[0].name: found "a b". Write 1 to 60 letters, digits, dots, underscores or hyphens, the first a letter or digit.',
      "  accounts[0].proof[0].jobs: found nothing. Write the names of the jobs to wait for.",
      '  accounts[0].proof[0].project: found "https://gitlab.com/a/b". Write the full path of a project, such as "security/inventory-builder".',
      "  accounts[0].rotation.everyDays: found the number 0. Write a whole number from 1 to 3650 days.",
      "  accounts[0].rotation.everyMonths: found everyDays as well. Write one of them only.",
      '  accounts[0].rotation.startsOn: found "2027-02-29". Write a day that exists, in quotes, such as "2026-11-23".',
      '  accounts[0].rotation.week_day: found an unknown key. Write "weekday", if that is what you mean.',
      "  accounts[0].token.scopes: found an empty list. Write at least one of scopes.",
      "  accounts[0].variables[0]: found none of them. Write exactly one of project, group, instance.",
      '  accounts[0].variables[0].key: found "NO-HYPHENS". Write 1 to 255 letters, digits or underscores.',
      "  fleet: found nothing. Write 1 to 60 letters, digits, dots, underscores or hyphens, the first a letter or digit.",
      '  freezes[0].to: found "2026-12-19". Write a day on or after from, 2027-01-04.',
    ].join("\n"),
  );
});

test("a path leads nowhere else: no part of dots, and no number, which GitLab takes for an id", () => {
  const group = (path: string) => faults(raw({ account: { group: path, username: "bot" } }));
  const project = (path: string) => faults(raw({ variables: [{ project: path, key: "K", masked: true }] }));
  for (const path of ["..", ".", "security/..", "security/../finance", "./security", "42", "security/", "/security"])
    expect(group(path), path).toMatchObject([{ path: "accounts[0].account.group", found: `"${path}"` }]);
  for (const path of ["security/..", "security/../app", "../app", "..", "42", "a//b", "a%2fb", "a/b c"])
    expect(project(path), path).toMatchObject([{ path: "accounts[0].variables[0].project", found: `"${path}"` }]);
  for (const path of ["security", "a/..b", "a.b/c-d", "2024/x", "_x"]) expect(group(path), path).toEqual([]);
});

test("dates are of this time, and no more than can be reckoned with", () => {
  const rotation = { startsOn: "2026-11-23" };
  const far = (day: string) => [
    faults(raw({ rotation: { startsOn: day } })),
    faults(raw({ rotation: { ...rotation, extraDates: [{ date: day }] } })),
    faults(raw({ compromised: [{ generation: "2026-11-23", reason: "x", on: day }] })),
    faults(raw({ holdAt: day })),
    faults({ ...raw({}), freezes: [{ from: day, to: day }] }).slice(0, 1),
  ];
  for (const day of ["0001-01-01", "1999-12-31", "2200-01-01", "9999-12-31"])
    expect(far(day).map(([first]) => first?.found)).toEqual(Array(5).fill(`"${day}"`));
  for (const day of ["2000-01-01", "2199-12-31"]) expect(far(day).slice(0, 2)).toEqual([[], []]);
  // A token that never dies.
  expect(faults(raw({ adopt: { tokenId: 1, expiresAt: "9999-12-31" } }))).toEqual([]);
  const extraDates = Array(1_001).fill({ date: "2026-12-01" });
  expect(faults(raw({ rotation: { ...rotation, extraDates } }))).toMatchObject([
    { path: "accounts[0].rotation.extraDates", expected: "at most 1000 of blocks with date and reason" },
  ]);
});

test("a block that is empty lacks what one of its keys must say", () => {
  expect(faults(raw({ account: {} })).map(({ path }) => path)).toEqual([
    "accounts[0].account",
    "accounts[0].account.username",
  ]);
  expect(faults(raw({}, { policies: { allowedTargets: [{}] } })).map(({ path }) => path)).toEqual([
    "policies.allowedTargets[0]",
  ]);
  expect(faults(raw({ variables: [{}, "x"] })).map(({ path }) => path)).toEqual([
    "accounts[0].variables[0]",
    "accounts[0].variables[0].key",
    "accounts[0].variables[1]",
  ]);
});

test("an unknown key is told with the one that was probably meant, or with those that are known", () => {
  expect(faults(raw({ rotation: { startsOn: "2026-11-23", startOn: "2026-11-23" }, colour: "red" }))).toEqual([
    {
      path: "accounts[0].colour",
      found: "an unknown key",
      expected:
        "one of name, formerly, account, token, rotation, adopt, holdAt, compromised, retries, onePassword, variables, openBao, external, proof, issue, decommission, onRemoval",
    },
    { path: "accounts[0].rotation.startOn", found: "an unknown key", expected: '"startsOn", if that is what you mean' },
  ]);
});

test("two accounts of one name, and two that write one place, are faults", () => {
  const places = {
    variables: [{ project: "a/b", key: "K" }],
    onePassword: [{ vault: "Security", item: "Inventory" }],
  };
  const accounts = [
    { ...inventory, ...places },
    { ...inventory, ...places },
  ];
  expect(faults({ fleet: "platform", accounts }).map(({ path, found }) => [path, found])).toEqual([
    ["accounts[1].name", '"inventory", which accounts[0].name has as well'],
    ["accounts[1].onePassword[0]", '"Security, Inventory, credential", which accounts[0].onePassword[0] has as well'],
    ["accounts[1].variables[0]", '"a/b, project, K, *", which accounts[0].variables[0] has as well'],
  ]);
});

test("two accounts of one name are told as that, and not of the names of their resources too", () => {
  const at = (item: string) => ({ ...inventory, onePassword: [{ vault: "Security", item }] });
  const named = { ...inventory.token, name: "one" };
  const accounts = [
    { ...at("one"), token: named },
    { ...at("two"), token: { ...named, name: "two" } },
  ];
  expect(faults({ fleet: "platform", accounts }).map(({ path }) => path)).toEqual(["accounts[1].name"]);
});

test("one key in two environments is two places", () => {
  const variables = ["staging", "production"].map((environmentScope) => ({
    project: "a/b",
    key: "K",
    environmentScope,
  }));
  expect(faults(raw({ variables }))).toEqual([]);
});

describe("a plain user, whose token rotates itself", () => {
  const self = {
    account: { self: true, username: "gl-inventory" },
    token: { name: "Inventory", scopes: ["self_rotate", "read_api"] },
    adopt: { tokenId: 7, expiresAt: "2026-12-01" },
    onePassword: [{ vault: "Security", item: "Inventory" }],
  };

  test("has no overlap, and waits for nobody", () => {
    const [account] = parseSettings(raw(self)).accounts;
    expect(account?.account).toEqual({ self: true, username: "gl-inventory" });
    expect(account?.rotation).toMatchObject({ overlapDays: 0, quietHours: 0 });
  });

  test("must say which token is in use and where, and nothing of what GitLab keeps or does by itself", () => {
    const { adopt: _adopt, ...rest } = self;
    const told = faults(
      raw({
        ...rest,
        token: { name: "Inventory", description: "of ours", scopes: ["read_api"] },
        rotation: { startsOn: "2026-11-23", overlapDays: 7, quietHours: 24 },
        onePassword: [{ vault: "Security", newItem: "Inventory" }],
      }),
    );
    expect(told.map(({ path, found }) => `${path}: ${found}`)).toEqual([
      "accounts[0].adopt: nothing",
      "accounts[0].onePassword[0].item: nothing",
      "accounts[0].rotation.overlapDays: the number 7",
      "accounts[0].rotation.quietHours: the number 24",
      'accounts[0].token.description: "of ours"',
      "accounts[0].token.scopes: read_api",
    ]);
  });

  test("lives alone: no older token is asked for beside it", () => {
    const [account] = parseSettings(raw(self)).accounts;
    const names = (day: string) => (account === undefined ? [] : generations(account, [], day)).map(({ name }) => name);
    expect(names("2026-11-22")).toEqual(["adopted"]);
    expect(names("2026-11-23")).toEqual(["2026-11-23"]);
  });
});

describe("a plain user who mints the next token itself", () => {
  const allow = ["create_personal_access_token", "read_personal_access_token", "revoke_personal_access_token"];
  const self = {
    account: { self: true, mints: true, username: "gl-inventory" },
    token: { name: "Inventory", permissions: [{ user: true, allow }] },
    onePassword: [{ vault: "Security", item: "Inventory" }],
  };
  const told = (account: object) => faults(raw(account)).map(({ path, found }) => `${path}: ${found}`);

  test("has an overlap, and generations beside each other, like a service account", () => {
    const [account] = parseSettings(raw(self)).accounts;
    if (account === undefined) throw new Error("there is no account");
    expect(account.rotation).toMatchObject({ overlapDays: 7, quietHours: 168 });
    const adopting = { ...account, adopt: { tokenId: 7, expiresAt: "2026-12-01" } };
    expect(generations(adopting, [], "2026-11-23").map(({ name }) => name)).toEqual(["adopted", "2026-11-23"]);
  });

  test("must say what the tokens may do, among it to make, list and revoke tokens, and which item holds the one in use", () => {
    const legacy = { ...self, token: { name: "Inventory", scopes: ["api"] }, onePassword: [] };
    expect(told(legacy)).toEqual([
      "accounts[0].onePassword[0].item: nothing",
      "accounts[0].token.permissions: nothing",
    ]);
    const few = { ...self, token: { name: "Inventory", permissions: [{ user: true, allow: allow.slice(1) }] } };
    expect(told(few)).toEqual(["accounts[0].token.permissions: no create_personal_access_token for user"]);
    const made = { ...self, onePassword: [{ vault: "Security", newItem: "Inventory" }] };
    expect(told(made)).toEqual(["accounts[0].onePassword[0].item: nothing"]);
  });

  test("is a plain user: for all others it means nothing", () => {
    expect(told({ account: { ...inventory.account, mints: true } })).toEqual([
      "accounts[0].account.mints: the boolean true",
    ]);
  });
});

describe("a service account that the stack owns", () => {
  const own = { name: "Robot", memberships: [{ group: "security", accessLevel: "Developer" }] };

  test("has memberships with GitLab's access levels", () => {
    const [account] = parseSettings(raw({ account: { ...inventory.account, own } })).accounts;
    expect(account?.account.own).toEqual({
      name: "Robot",
      memberships: [{ group: "security", accessLevel: "developer" }],
    });
  });

  test("is no plain user, and a membership is of one group or project", () => {
    const memberships = [{ group: "security", project: "security/portal", accessLevel: "boss" }];
    const told = faults(raw({ account: { ...inventory.account, own: { name: "Robot", memberships } } }));
    expect(told.map(({ path }) => path)).toEqual([
      "accounts[0].account.own.memberships[0]",
      "accounts[0].account.own.memberships[0].accessLevel",
    ]);
    const self = faults(raw({ account: { self: true, username: "gl-inventory", own } }));
    expect(self.map(({ path }) => path)).toContain("accounts[0].account.own");
  });
});

test("a description fits with its mark in GitLab's 255 characters", () => {
  const room = 255 - " [platform/inventory/2026-11-23.99]".length;
  const token = (length: number) => ({ token: { ...inventory.token, description: "é".repeat(length) } });
  expect(faults(raw(token(room)))).toEqual([]);
  expect(faults(raw(token(room + 1)))).toEqual([
    {
      path: "accounts[0].token.description",
      found: `${room + 1} characters`,
      expected: `at most ${room}: GitLab takes 255, and our mark goes at the end`,
    },
  ]);
});

test("an overlap that leaves nothing of the lifetime is a fault", () => {
  expect(faults(raw({ rotation: { startsOn: "2026-11-23", lifetimeDays: 30, overlapDays: 23 } }))).toEqual([
    {
      path: "accounts[0].rotation.overlapDays",
      found: "23, which with 7 of marginDays leaves nothing of 30 lifetimeDays",
      expected: "at most 22, or shorten marginDays",
    },
  ]);
});

test("a cadence longer than the lifetime, and an unknown scope, are no faults of the settings", () => {
  const rotation = { startsOn: "2026-11-23", everyDays: 3650 };
  expect(faults(raw({ rotation, token: { name: "Inventory", scopes: ["read_everything"] } }))).toEqual([]);
});

test("a generation that is named must be one that opens", () => {
  const compromised = [
    { generation: "2026-11-24", reason: "in a log" },
    { generation: "adopted", reason: "in a log" },
    { generation: "2027-10-25", reason: "in a log", on: "2027-01-01" },
  ];
  expect(faults(raw({ holdAt: "2027-10-25", compromised })).map(({ path, found }) => [path, found])).toEqual([
    ["accounts[0].compromised[0].generation", '"2026-11-24", a day on which none opens'],
    ["accounts[0].compromised[1].generation", '"adopted"'],
    ["accounts[0].compromised[2].on", '"2027-01-01"'],
    ["accounts[0].holdAt", '"2027-10-25", which is compromised'],
  ]);
});

const pasted = ["gl", "pat-", "a1".repeat(10)].join("");

test("a credential that was put into the settings is a fault, wherever it stands, and is never shown", () => {
  const places: readonly (readonly [string, object])[] = [
    ["accounts[0].token.description", { token: { name: "a", description: `it is ${pasted}`, scopes: ["api"] } }],
    ["accounts[0].token.scopeReason", { token: { name: "a", scopes: ["api"], scopeReason: pasted } }],
    ["accounts[0].adopt.tokenId", { adopt: { tokenId: pasted, expiresAt: "2026-12-01" } }],
    ["accounts[0].onePassword[0].item", { onePassword: [{ vault: "Security", item: pasted, field: "credential" }] }],
    ["accounts[0].external[0].name", { external: [{ name: `laptop ${pasted}`, owner: "@security" }] }],
    ["accounts[0].decommission.reason", { decommission: { reason: `leaked ${pasted}` } }],
  ];
  for (const [path, edit] of places) {
    const [fault, ...others] = faults(raw(edit));
    expect([fault?.path, fault?.found, others]).toEqual([path, "what looks like a credential, not shown here", []]);
    expect(fault?.expected).toMatch(/^nothing secret: .* have it revoked/);
  }
  expect(JSON.stringify(faults(raw({ [pasted]: 1, name: pasted, formerly: pasted })))).not.toContain(pasted);
  expect(faults({ ...raw({}), freezes: [{ from: "2026-12-19", to: "2027-01-04", reason: pasted }] })).toEqual([
    expect.objectContaining({ path: "freezes[0].reason", found: "what looks like a credential, not shown here" }),
  ]);
});

test("an account with a credential in its block leaves the others usable; one in its name names nobody", () => {
  const two = (edit: object) => ({
    fleet: "platform",
    accounts: [
      { ...inventory, ...edit },
      { ...inventory, name: "other", account: { group: "security", username: "gl-other" } },
    ],
  });
  const { settings, faulty } = readSettings(two({ token: { name: "a", description: pasted, scopes: ["api"] } }));
  expect(settings.accounts.map(({ name }) => name)).toEqual(["other"]);
  expect(faulty.map(({ name, faults: own }) => [name, own.map(({ path }) => path)])).toEqual([
    ["inventory", ["accounts[0].token.description"]],
  ]);
  expect(JSON.stringify(faulty)).not.toContain(pasted);
  expect(() => readSettings(two({ name: pasted }))).toThrow(/what looks like a credential, not shown here/);
});

test("settings of another shape altogether are told as such", () => {
  expect(faults({ fleet: 7, accounts: "none" }).map(({ path, found }) => [path, found])).toEqual([
    ["accounts", '"none"'],
    ["fleet", "the number 7"],
  ]);
  expect(faults({ fleet: "platform", accounts: [] })[0]?.expected).toBe("at least one of accounts");
  expect(faults({ fleet: "platform", accounts: ["inventory"] })[0]?.path).toBe("accounts[0]");
});
