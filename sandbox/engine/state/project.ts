import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/** A provider that the project brings along. */
export interface ProviderPlugin {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** What the engine needs of `Pulumi.yaml`. */
export interface Project {
  readonly name: string;
  /** The folder of `Pulumi.yaml`, absolute. */
  readonly directory: string;
  /** The whole path of `Pulumi.yaml`. */
  readonly file: string;
  readonly runtime: string;
  readonly runtimeOptions: Readonly<Record<string, unknown>>;
  /** The program: absolute path of a folder or a file. */
  readonly program: string;
  readonly providers: readonly ProviderPlugin[];
  /** Where `Pulumi.<stack>.yaml` lies, absolute. */
  readonly stackConfigDirectory: string;
}

/** The project of a folder: `Pulumi.yaml` there or in the nearest folder above. */
export function readProject(directory: string): Project {
  const file = findProjectFile(resolve(directory));
  const root = dirname(file);
  const raw = mapping(parse(readFileSync(file, "utf8")), file);
  const { name, main, stackConfigDir } = raw;
  if (typeof name !== "string" || name === "") throw new Error(`${file}: project is missing a 'name' attribute`);
  const runtime = typeof raw.runtime === "string" ? { name: raw.runtime } : mapping(raw.runtime, `${file}: runtime`);
  if (typeof runtime.name !== "string") throw new Error(`${file}: project is missing a 'runtime' attribute`);
  const plugins = mapping(raw.plugins, `${file}: plugins`);
  // A default that the CLI would merge into the configuration and we would not: better no run than another one.
  const strange = Object.entries({ config: raw.config, backend: raw.backend, "plugins.languages": plugins.languages });
  for (const [key, found] of strange)
    if (found !== undefined)
      throw new Error(`${file}: the embedded engine does not support '${key}'; use the Pulumi CLI`);
  const { providers = [] } = plugins;
  if (!Array.isArray(providers)) throw new Error(`${file}: plugins.providers is not a list`);
  const within = (path: unknown) => (typeof path === "string" ? resolve(root, path) : root);
  return {
    name,
    directory: root,
    file,
    runtime: runtime.name,
    runtimeOptions: mapping("options" in runtime ? runtime.options : {}, `${file}: runtime.options`),
    program: within(main),
    providers: providers.map((entry, index) => {
      const { name, path } = mapping(entry, `${file}: plugins.providers[${index}]`);
      if (typeof name !== "string" || typeof path !== "string")
        throw new Error(`${file}: plugins.providers[${index}] needs a name and a path`);
      return { name, path: within(path) };
    }),
    stackConfigDirectory: within(stackConfigDir),
  };
}

function findProjectFile(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
    if (file !== undefined) return file;
    if (folder === dirname(folder))
      throw new Error(`no Pulumi.yaml project file found (searching upwards from ${start})`);
  }
}

function mapping(raw: unknown, where: string): Record<string, unknown> {
  if (typeof (raw ?? {}) !== "object" || Array.isArray(raw)) throw new Error(`${where} is not a mapping`);
  return (raw ?? {}) as Record<string, unknown>;
}
