import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { parse } from "yaml";
import { scenario } from "./fixture/scenario";
import type { World } from "./fixture/world";

function typescript(world: World, source: string): void {
  world.write(
    "Pulumi.yaml",
    world.project.replace("typescript: false", "typescript: true").replace("index.js", "index.ts"),
  );
  world.write(
    "tsconfig.json",
    JSON.stringify({ compilerOptions: { target: "es2022", module: "nodenext", strict: true } }),
  );
  world.write(
    "things.ts",
    `import { CustomResource, type CustomResourceOptions, type Input, type Output } from "@pulumi/pulumi";

export enum Size { Small = 1, Large = 2 }

export class Thing extends CustomResource {
  declare readonly made: Output<number>;

  constructor(name: string, { size }: { readonly size: Input<Size> }, options?: CustomResourceOptions) {
    super("fixture:index:Thing", name, { value: size, made: undefined, token: undefined }, { version: "0.1.0", ...options });
  }
}
`,
  );
  world.write("index.ts", source);
}

const program = (size: string) => `import { Size, Thing } from "./things";

const things: readonly Thing[] = ["a", "b"].map((name) => new Thing(name, { size: Size.${size} }));

export const made = things[0]!.made;
`;

scenario("a program in TypeScript, of several files, is run as it stands", async (world) => {
  typescript(world, program("Small"));
  const preview = await world.preview();
  expect(preview.code, preview.told).toBe(0);
  expect(preview.steps.sort()).toStrictEqual(["create a", "create b"]);
  const up = await world.up();
  expect(up.code, up.told).toBe(0);
  expect((await world.resource("a")).inputs?.value).toBe(1);
  expect(JSON.parse((await world.run("stack", "output", "--json")).stdout)).toStrictEqual({ made: 1 });
  typescript(world, program("Large"));
  const changed = await world.up();
  expect(changed.steps.sort()).toStrictEqual(["update a: value", "update b: value"]);
});

scenario("a program in TypeScript that throws is told with the place in its source", async (world) => {
  typescript(world, `const found: string | undefined = undefined;\n\nthrow new Error(\`no such thing: \${found}\`);\n`);
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("no such thing: undefined");
  expect(run.text).toMatch(/index\.ts:3:\d+/);
  expect(await world.names()).toStrictEqual([]);
});

scenario(
  "compiled code that lies in the shared temporary folder is not run with this project's options",
  async (world) => {
    const shared = join(world.directory, "shared");
    const marker = join(world.directory, "planted code was run");
    mkdirSync(shared);
    world.environment.TMPDIR = shared;
    typescript(world, program("Small"));
    expect((await world.preview()).code).toBe(0);
    // What another user would put there for the next run.
    const planted = readdirSync(shared, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
    expect(planted).toHaveLength(2);
    const code = `require("node:fs").writeFileSync(${JSON.stringify(marker)}, "");\n`;
    for (const name of planted) writeFileSync(join(shared, name), code + readFileSync(join(shared, name), "utf8"));
    expect((await world.preview()).code).toBe(0);
    expect(existsSync(marker)).toBe(true);

    rmSync(marker);
    // The same program, started as this project's is: no compiler of the engine's has a part in it.
    const { nodeargs, typescript: isCompiled } = parse(readFileSync(resolve("Pulumi.yaml"), "utf8")).runtime.options;
    expect(isCompiled).toBe(false);
    const main = { name: "program", folder: world.directory, external: ["@pulumi/pulumi"] };
    world.write(
      "main.cjs",
      `module.exports = require(${JSON.stringify(resolve("start/bundle.cjs"))}).run(${JSON.stringify(join(world.directory, "index.ts"))}, ${JSON.stringify(main)});\n`,
    );
    world.write(
      "Pulumi.yaml",
      world.project
        .replace("--stack-trace-limit=6", nodeargs.replaceAll("./", `${resolve(".")}/`))
        .replace("index.js", "main.cjs"),
    );
    expect((await world.preview()).code).toBe(0);
    expect(existsSync(marker)).toBe(false);
    rmSync(shared, { recursive: true });
    mkdirSync(shared);
    expect((await world.preview()).code).toBe(0);
    expect(readdirSync(shared)).toEqual([]);
  },
);
