import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ObjectSchema, PackageSchema, PropertySchema } from "../../contract/form/package";
import { schema as runbook } from "../../contract/runbook";

const providers = resolve(__dirname, "../../providers");
const read = (name: string) => JSON.parse(readFileSync(join(providers, name, "schema.json"), "utf8")) as PackageSchema;
const schemas: readonly [string, PackageSchema][] = [
  ["gitlab", read("gitlab")],
  ["onepassword", read("onepassword")],
  ["runbook", runbook],
];

describe.each(schemas)("the package %s, as other people's programs get it", (name, schema) => {
  test("names its publisher, its licence, and its package in each language", () => {
    expect(schema).toMatchObject({ name, publisher: "pat-rotation", license: "UNLICENSED" });
    // A generated package of Go lies in a folder that the end of its import path names.
    expect(schema.language).toMatchObject({
      nodejs: { packageName: `@pulumi/${name}` },
      python: { packageName: `pulumi_${name}` },
      go: { importBasePath: expect.stringMatching(new RegExp(`/${name}$`)) },
    });
  });

  test("has words for each resource, type, function and property", () => {
    const silent: string[] = [];
    const look = (where: string, { description }: { description?: string }, ...properties: (object | undefined)[]) => {
      if (!description) silent.push(where);
      for (const all of properties)
        for (const [property, one] of Object.entries((all ?? {}) as Record<string, PropertySchema>))
          if (!one.description) silent.push(`${where}.${property}`);
    };
    const fields = (object: ObjectSchema | undefined) => object?.properties;
    for (const [token, one] of Object.entries(schema.resources)) look(token, one, one.properties, one.inputProperties);
    for (const [token, one] of Object.entries(schema.types ?? {})) look(token, one, one.properties);
    for (const [token, one] of Object.entries(schema.functions ?? {}))
      look(token, one, fields(one.inputs), fields(one.outputs));
    expect(silent).toEqual([]);
  });

  test("its folder says how the CLI is to run it", () => {
    expect(readFileSync(join(providers, name, "PulumiPlugin.yaml"), "utf8")).toMatch(/^runtime: nodejs$/m);
    expect(existsSync(join(providers, name, "index.js"))).toBe(true);
  });
});

// A folder is run by the language host that comes with the CLI; a smaller one, as of the referees, cannot.
const hasCli = ["pulumi", "pulumi-language-nodejs"].every(
  (command) => spawnSync(command, ["--help"], { encoding: "utf8" }).error === undefined,
);

describe.skipIf(!hasCli)("beside the Pulumi CLI (skipped where it is not on the PATH)", () => {
  let work: string;
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), "folder-"));
  });
  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  test.for(schemas)(
    "%s: get-schema of its folder is what it serves",
    { timeout: 120_000 },
    ([name, schema], { skip }) => {
      const env = { ...process.env, PULUMI_HOME: join(work, "home"), PULUMI_SKIP_UPDATE_CHECK: "true" };
      const asked = spawnSync("pulumi", ["package", "get-schema", join(providers, name)], {
        cwd: work,
        env,
        encoding: "utf8",
      });
      skip(/Unimplemented|unknown method/.test(asked.stderr), "the language host for Node.js cannot run a folder");
      expect(asked.status, asked.stderr).toBe(0);
      const served = JSON.parse(asked.stdout);
      expect(served).toMatchObject({ name, version: schema.version, publisher: schema.publisher });
      expect(Object.keys(served.resources).sort()).toEqual(Object.keys(schema.resources).sort());
    },
  );
});
