import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { PackageSchema } from "../../contract/form/package";
import { functionPair } from "./function";
import { resourceClass } from "./resource";
import { typesModule } from "./types";

/** The root of the project. */
export const root = join(__dirname, "../../commands", "..");

/** The packages that are generated: each provider's folder, and the name by which a program imports it. */
export const packages = {
  gitlab: "@pulumi/gitlab",
  onepassword: "@pulumi/onepassword",
} as const;

/** A provider that has a generated package. */
export type PackageName = keyof typeof packages;

/** The files of one generated package, by their names. */
export function packageFiles(name: PackageName, schema: PackageSchema): Readonly<Record<string, string>> {
  const notice = `// Generated from providers/${name}/schema.json by \`npm run sdks\`: change that file instead.\n`;
  const types = schema.types ?? {};
  const hasTypes = Object.keys(types).length > 0;
  const index = [
    notice,
    'import * as pulumi from "@pulumi/pulumi";\n',
    hasTypes ? 'import type * as types from "./types";\n\nexport type * as types from "./types";\n' : "",
    "\n/** The provider's version: with it the engine finds the plugin. */\n",
    `const version = "${schema.version}";\n\n`,
    ...Object.entries(schema.resources).map(([token, resource]) => `${resourceClass(token, resource)}\n`),
    ...Object.entries(schema.functions ?? {}).map(([token, call]) => `${functionPair(token, call)}\n`),
  ];
  const manifest = {
    name: packages[name],
    version: schema.version,
    private: true,
    main: "index.ts",
    types: "index.ts",
    peerDependencies: { "@pulumi/pulumi": "^3.0.0" },
    pulumi: { resource: true, name: schema.name, version: schema.version },
  };
  return {
    "package.json": format(join("sdks", name, "package.json"), JSON.stringify(manifest, undefined, 2)),
    "index.ts": format(join("sdks", name, "index.ts"), index.join("")),
    ...(hasTypes
      ? {
          "types.ts": format(
            join("sdks", name, "types.ts"),
            `${notice}import type * as pulumi from "@pulumi/pulumi";\n\n${typesModule(types)}`,
          ),
        }
      : {}),
  };
}

/** A file's content as the project's formatter writes it. */
export function format(path: string, content: string): string {
  const biome = require.resolve("@biomejs/biome/bin/biome");
  const run = spawnSync(process.execPath, [biome, "check", "--write", `--stdin-file-path=${path}`], {
    cwd: root,
    input: content,
    encoding: "utf8",
  });
  if (run.status !== 0) {
    throw new Error(`Formatting "${path}": biome refused the generated code.\n${run.stderr}`);
  }
  return run.stdout;
}
