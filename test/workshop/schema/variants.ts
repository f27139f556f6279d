/** An account with every setting that may stand beside the others. */
export const sample = {
  name: "inventory",
  formerly: "builder",
  account: {
    group: "security",
    username: "bot",
    own: {
      name: "Bot",
      memberships: [{ project: "security/builder", accessLevel: "reporter", expiresAt: "2027-01-01" }],
    },
  },
  token: { name: "Inventory", description: "Reads", scopes: ["read_api"], scopeReason: "none", legacyReason: "old" },
  rotation: {
    startsOn: "2026-11-23",
    everyDays: 84,
    weekday: "any",
    overlapDays: 10,
    lifetimeDays: 180,
    marginDays: 20,
    quietHours: 720,
    extraDates: [{ date: "2026-12-01", reason: "left the team" }],
  },
  adopt: { tokenId: 123, expiresAt: "2026-12-01" },
  holdAt: "2026-11-23",
  compromised: [{ generation: "adopted", reason: "in a log", on: "2026-12-01" }],
  retries: [{ generation: "2026-11-23", on: "2026-11-24", reason: "mended" }],
  onePassword: [{ vault: "Security", item: "Inventory", field: "token", section: "API", shown: true }],
  variables: [
    {
      project: "security/builder",
      key: "TOKEN",
      environmentScope: "production",
      protected: true,
      masked: true,
      hidden: true,
      raw: true,
      variableType: "env_var",
    },
  ],
  external: [{ name: "laptop", owner: "@security/architecture", usedEvery: "30d" }],
  proof: [{ project: "security/builder", schedule: "Weekly", jobs: ["build"], waitMinutes: 5 }],
  issue: {
    project: "security/tracker",
    iid: 7,
    noticeDays: 14,
    confidential: false,
    labels: ["token rotation"],
    notify: ["@security/architecture"],
  },
  decommission: { reason: "over" },
  onRemoval: "release",
};

/** What stands in a setting's place. */
const replacements: readonly unknown[] = [
  null,
  "",
  " ",
  "a b",
  "..",
  "a/..",
  "security/x",
  "@me",
  "true",
  "Monday",
  "7",
  "2026-12-32",
  "2026-12-31",
  "granular",
  "x".repeat(256),
  true,
  false,
  0,
  7,
  -1,
  1.5,
  100_000,
  [],
  ["x"],
  [null],
  [{}],
  {},
  { secure: "v1:x" },
];

/** A value with one change. */
export interface Variant {
  readonly change: string;
  readonly value: unknown;
}

/** Each value that comes of one change of another: a part replaced, taken away, or a key or a member more. */
export function variants(value: unknown, path = ""): readonly Variant[] {
  const replaced = replacements.map((one) => ({ change: `${path} = ${JSON.stringify(one).slice(0, 40)}`, value: one }));
  if (Array.isArray(value)) {
    const inner = value.flatMap((member: unknown, at) =>
      variants(member, `${path}[${at}]`).map((one) => ({
        ...one,
        value: value.map((other: unknown, index) => (index === at ? one.value : other)),
      })),
    );
    return [...replaced, ...inner, { change: `${path} twice as long`, value: [...value, ...value] }];
  }
  if (typeof value !== "object" || value === null) return replaced;
  const entries = Object.entries(value);
  return [
    ...replaced,
    { change: `${path} with a key more`, value: { ...value, colour: "red" } },
    ...entries.map(([name]) => ({
      change: `${path} without ${name}`,
      value: Object.fromEntries(entries.filter(([other]) => other !== name)),
    })),
    ...["group", "project", "instance", "self", "newItem", "ref", "observed", "job", "everyMonths", "permissions"]
      .filter((name) => !(name in value))
      .map((name) => ({
        change: `${path} with ${name} too`,
        value: { ...value, [name]: name === "everyMonths" ? 3 : "a/b" },
      })),
    ...entries.flatMap(([name, part]) =>
      variants(part, `${path}.${name}`).map((one) => ({ ...one, value: { ...value, [name]: one.value } })),
    ),
  ];
}
