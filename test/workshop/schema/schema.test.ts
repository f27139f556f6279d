import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseSettings, SettingsError } from "../../../rotation/declaration/settings";
import { readStack } from "../../../settings/stackFile";
import { schemaFiles } from "../../../workshop/schema/files";
import { table } from "../../settings/pulumi/table";
import { accountYaml, soundYaml, stackYaml, tree } from "../../settings/trees";
import { sample, variants } from "./variants";

const root = join(__dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const ajv = new Ajv({ strict: true, allErrors: true });
const [isStack, isAccounts] = ["stack", "accounts"].map((name) =>
  ajv.compile(JSON.parse(read(`settings/schema/${name}.json`))),
);

/** What the schema objects to in a stack's file. */
function objections(value: unknown): readonly string[] {
  return isStack?.(value) === true ? [] : (isStack?.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}

/** What a plan objects to. */
function faults(accounts: unknown): readonly string[] {
  try {
    parseSettings({ fleet: "platform", accounts });
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.faults.map(({ path, expected }) => `${path}: ${expected}`);
  }
}

test.each(Object.entries(schemaFiles()))("%s is what `npm run schema` makes of the declaration", (path, text) => {
  expect(read(path), `${path}: run \`npm run schema\``).toBe(text);
});

test.each(["Pulumi.prod.yaml", "Pulumi.sandbox.yaml", "docs/Pulumi.credential.yaml"])(
  "%s is one that it takes",
  (path) => {
    expect(objections(parse(read(path)))).toEqual([]);
  },
);

test("each setting says what it is", () => {
  const untold: string[] = [];
  const look = (schema: unknown, path: string) => {
    if (typeof schema !== "object" || schema === null) return;
    for (const [name, one] of Object.entries((schema as { properties?: object }).properties ?? {}))
      if (!("$ref" in one || "not" in one) && (one.description ?? "") === "") untold.push(`${path}.${name}`);
    for (const [name, one] of Object.entries(schema)) look(one, `${path}.${name}`);
  };
  look(JSON.parse(read("settings/schema/stack.json")), "");
  expect(untold).toEqual([]);
});

describe("it refuses nothing that a plan takes", () => {
  test.each(table.map((one) => [one.name, one] as const))("%s", (_name, { files, stack = "prod" }) => {
    const found = readStack(tree(files), stack);
    if (found === undefined || found.settings === undefined) return;
    expect(objections(parse(files[found.file] ?? "", { merge: true, logLevel: "error" }))).toEqual([]);
  });

  test.each([
    ["the stack of the tests", stackYaml()],
    ["one that no policy objects to", soundYaml],
    [
      "accounts as a text",
      `config:\n  pat-rotation:fleet: a\n  accounts: '${JSON.stringify([parse(accountYaml("x"))])}'\n`,
    ],
    ["keys in their older form", stackYaml().replaceAll("pat-rotation:", "pat-rotation:config:")],
    ["a fleet that is a number", stackYaml().replace("platform", "2026")],
    [
      "keys left empty",
      stackYaml("  pat-rotation:freezes:\n  pat-rotation:policies:\n  pat-rotation:health:\n  maxRotationsPerRun: ''"),
    ],
    ["keys of others", stackYaml("  aws:region: eu")],
    [
      "an empty list beside files",
      `config:\n  pat-rotation:fleet: a\n  pat-rotation:accounts: []\n  pat-rotation:accountFiles: [accounts/*.yaml]\n`,
    ],
  ])("%s", (_name, text) => {
    const found = readStack(
      tree({ "Pulumi.yaml": "name: pat-rotation\n", "Pulumi.prod.yaml": text, "accounts/a.yaml": accountYaml("b") }),
      "prod",
    );
    expect(found?.faults).toEqual([]);
    expect(objections(parse(text))).toEqual([]);
  });
});

test.each([
  [
    "an unknown key of ours",
    stackYaml("  pat-rotation:acounts: []"),
    "/config/pat-rotation:acounts boolean schema is false",
  ],
  ["one without the namespace", stackYaml("  acounts: []"), "/config/acounts boolean schema is false"],
  ["accounts in a block", "config:\n  pat-rotation:accounts: {}\n", "/config/pat-rotation:accounts must be array,null"],
  [
    "an encrypted value",
    "config:\n  pat-rotation:policies: { secure: v1:x }\n",
    "/config/pat-rotation:policies must NOT have additional properties",
  ],
])("it refuses %s", (_name, text, objection) => {
  expect(
    readStack(tree({ "Pulumi.yaml": "name: pat-rotation\n", "Pulumi.prod.yaml": text }), "prod")?.faults,
  ).not.toEqual([]);
  expect(objections(parse(text))).toContain(objection);
});

test("a file of accounts is one account, a list of them, or all comments", () => {
  const one: unknown = parse(accountYaml("a"));
  for (const value of [one, [one], [], null]) expect([value, isAccounts?.(value)]).toEqual([value, true]);
  for (const value of [{}, "a", [null], 7, { accounts: [one] }])
    expect([value, isAccounts?.(value)]).toEqual([value, false]);
});

/** What no schema can say: dates that do not exist, names of GitLab's, sums and comparisons, what is there only once. */
const beyond = [
  /a day that exists|of the years|on or after|name of a generation|a generation's name/,
  /a (scope|permission) of GitLab|at least one of permissions/,
  /at most -?\d+|at least 720|a whole number|each one only once/,
  /the names of the jobs to wait for|GitLab masks|variables of the instance/,
  /rotates itself|in the moment|plain user|the token in use|among them|only service accounts/,
];

describe("for an account with every setting, changed in one spot, it says what a plan says", () => {
  const all = variants(sample);

  test("there are many", () => {
    expect(all.length).toBeGreaterThan(500);
  });

  test("it takes what a plan takes", () => {
    const wrong = all.filter(({ value }) => faults([value]).length === 0 && isAccounts?.([value]) !== true);
    expect(wrong.map(({ change }) => change)).toEqual([]);
  });

  test("and refuses what a plan refuses, as far as a schema can say it", () => {
    const wrong = all.filter(
      ({ value }) =>
        isAccounts?.([value]) === true && faults([value]).some((one) => !beyond.some((known) => known.test(one))),
    );
    expect(wrong.map(({ change, value }) => [change, faults([value])])).toEqual([]);
  });
});
