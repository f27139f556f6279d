import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { schema as runbook } from "../../../contract/runbook";
import { type PackageName, packageFiles, packages, root } from "../../../workshop/sdks/package";
import { type Declarations, declarationsOf } from "./declarations";

const names = Object.keys(packages) as PackageName[];
const schemaOf = (name: PackageName) => JSON.parse(readFileSync(join(root, "providers", name, "schema.json"), "utf8"));

describe.each(names)("sdks/%s", (name) => {
  const folder = join(root, "sdks", name);

  test("is what `npm run sdks` makes of the provider's schema", () => {
    const files = packageFiles(name, schemaOf(name));
    expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
    for (const [file, content] of Object.entries(files)) {
      expect(readFileSync(join(folder, file), "utf8"), `sdks/${name}/${file}: run \`npm run sdks\``).toBe(content);
    }
  });

  test("has a docstring for every property", () => {
    const undocumented = Object.values(declarations(folder)).flatMap(({ undocumented }) => undocumented);
    expect(undocumented).toEqual([]);
  });
});

const cli = spawnSync("pulumi", ["version"], { encoding: "utf8" });
const hasCli = cli.status === 0;

describe.skipIf(!hasCli)("beside the Pulumi CLI (skipped where it is not on the PATH)", () => {
  let work: string;
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), "sdks-"));
  });
  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  const pulumi = (...args: string[]) => {
    const env = {
      PATH: process.env.PATH,
      HOME: work,
      PULUMI_HOME: join(work, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const run = spawnSync("pulumi", args, { cwd: work, env, encoding: "utf8" });
    if (run.status !== 0) {
      throw new Error(`pulumi ${args.join(" ")} failed:\n${run.stderr}`);
    }
    return run.stdout;
  };

  // The CLI runs a program given by its path; of a folder it would ask for a PulumiPlugin.yaml.
  const executableOf = (name: PackageName) => join(root, "providers", name, `pulumi-resource-${name}`);

  test.each(names)("%s: the plugin's schema is accepted", (name) => {
    const schema = JSON.parse(pulumi("package", "get-schema", executableOf(name)));
    expect(schema).toMatchObject({ name, version: schemaOf(name).version });
    expect(Object.keys(schema.resources).sort()).toEqual(Object.keys(schemaOf(name).resources).sort());
  });

  test("runbook: the schema that its provider serves is the contract's, and the CLI's package has what the program's classes have", () => {
    const executable = join(root, "providers", "runbook", "pulumi-resource-runbook");
    const served = JSON.parse(pulumi("package", "get-schema", executable));
    expect(served).toMatchObject(
      JSON.parse(JSON.stringify(runbook), (_key, value) => (isEmpty(value) ? undefined : value)),
    );
    const out = join(work, "runbook");
    pulumi("package", "gen-sdk", executable, "--language", "nodejs", "--out", out);
    const theirs = declarations(join(out, "nodejs"));
    for (const [token, { properties, inputProperties, requiredInputs = [] }] of Object.entries(runbook.resources)) {
      const name = token.split(":").at(-1) ?? "";
      const args = Object.keys(inputProperties).map((input) => (requiredInputs.includes(input) ? input : `${input}?`));
      expect(Object.keys(theirs[name]?.properties ?? {}).sort(), name).toEqual(Object.keys(properties).sort());
      expect(Object.keys(theirs[`${name}Args`]?.properties ?? {}).sort(), name).toEqual(args.sort());
    }
  });

  test.each(names)("%s: its own package has the same classes, properties and types", (name) => {
    const out = join(work, name);
    pulumi("package", "gen-sdk", executableOf(name), "--language", "nodejs", "--out", out);
    const theirs = declarations(join(out, "nodejs"));
    // A provider that takes no configuration needs no class of its own.
    const { Provider, ProviderArgs, ...rest } = theirs;
    const ours = declarations(join(root, "sdks", name));
    expect(properties(ours, Object.keys(rest))).toEqual(properties(rest, Object.keys(rest)));
    // Theirs has each object type in the forms that occur; ours in both, so that a program can name either.
    const types = Object.keys(schemaOf(name).types ?? {}).map((token) => token.split(":").at(-1)?.toLowerCase());
    const more = Object.keys(ours).filter((declared) => !(declared in rest));
    expect(more.filter((declared) => !types.includes(declared.toLowerCase().replace(/args$/, "")))).toEqual([]);
  });
});

/** The CLI leaves out an empty list. */
function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function properties(all: Declarations, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, all[name]?.properties]));
}

/** What a package declares, from all its modules. */
function declarations(folder: string): Declarations {
  const modules = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith("utilities.ts"))
    .map((file) => join(folder, file))
    .filter((file) => existsSync(file) && !file.includes("node_modules"));
  return Object.assign({}, ...modules.map((file) => declarationsOf(readFileSync(file, "utf8"))));
}
