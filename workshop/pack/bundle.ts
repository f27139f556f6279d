import { chmodSync, copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";

const root = resolve(__dirname, "../..");

/** What is packed: the folder of each plugin, by its name. */
export const folders = {
  gitlab: "providers/gitlab",
  onepassword: "providers/onepassword",
  runbook: "providers/runbook",
  "pat-rotation": "packages/pat-rotation",
} as const;

/** The name of a plugin. */
export type PluginName = keyof typeof folders;

/** A package that is part of a bundle. */
export interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * The SDK loads with itself what writes functions down for dynamic providers, and the Automation API, each with a package manager or
 * a compiler of its own. No plugin asks for them.
 */
const unneeded: Plugin = {
  name: "unneeded",
  setup({ onLoad }) {
    onLoad(
      { filter: /@pulumi\/pulumi\/(automation\/index|runtime\/closure\/\w+|provider\/experimental\/index)\.js$/ },
      () => ({
        contents: "module.exports = {};",
        loader: "js",
      }),
    );
  },
};

/**
 * Bundles a plugin into one executable that needs nothing but Node.js, with the files that it reads beside it.
 *
 * @param source - where an engine that lacks a plugin gets it from; none where that is left out.
 * @returns the packages that are in it, and the files.
 */
export async function bundle(name: PluginName, folder: string, source: string | undefined) {
  mkdirSync(folder, { recursive: true });
  const executable = `pulumi-resource-${name}`;
  const { metafile } = await build({
    absWorkingDir: root,
    stdin: { contents: starts(name), resolveDir: root, sourcefile: `${executable}.ts` },
    outfile: join(folder, executable),
    bundle: true,
    platform: "node",
    target: "node22",
    keepNames: true,
    legalComments: "inline",
    metafile: true,
    banner: { js: "#!/usr/bin/env node" },
    define: { "process.env.PAT_ROTATION_PLUGINS": JSON.stringify(source ?? "") },
    plugins: [unneeded],
    logLevel: "error",
  });
  chmodSync(join(folder, executable), 0o755);
  const read = Object.keys(metafile.inputs);
  const core = read.find((file) => file.endsWith("@1password/sdk-core/nodejs/core.js"));
  const wasm = "core_bg.wasm";
  if (core !== undefined) copyFileSync(resolve(root, dirname(core), wasm), join(folder, wasm));
  return { files: [executable, ...(core === undefined ? [] : [wasm])], packages: packagesOf(read) };
}

/** The SDK would tell all properties in messages for debugging, values of tokens too. */
function starts(name: PluginName): string {
  const quiet = name === "pat-rotation" ? 'import "./start/quiet.cjs";\n' : "";
  return `import "./start/loopback.cjs";\n${quiet}import "./${folders[name]}/main.ts";\n`;
}

function packagesOf(read: readonly string[]): readonly Bundled[] {
  const found = new Map<string, Bundled>();
  for (const file of read) {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? [];
    if (folder === undefined || found.has(folder)) continue;
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    found.set(folder, { name, version, license: typeof license === "string" ? license : "" });
  }
  const all = [...new Map([...found.values()].map((one) => [`${one.name}@${one.version}`, one])).entries()];
  return all.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
