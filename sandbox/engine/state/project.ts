import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/** What the engine needs of `Pulumi.yaml`. All paths are absolute. */
export interface Project {
  readonly name: string;
  /** The folder of `Pulumi.yaml`. */
  readonly directory: string;
  readonly runtime: string;
  readonly runtimeOptions: Readonly<Record<string, unknown>>;
  /** The program: a folder or a file. */
  readonly program: string;
  /** Those that the project brings along. */
  readonly providers: readonly ProviderPlugin[];
  /** Where `Pulumi.<stack>.yaml` lies. */
  readonly stackConfigDirectory: string;
}

/** A provider, and the folder of its executable. */
export interface ProviderPlugin {
  readonly name: string;
  readonly path: string;
}

/** The project of a folder: `Pulumi.yaml` there or in the nearest folder above. */
export function readProject(start: string): Project {
  let directory = resolve(start);
  while (!existsSync(join(directory, "Pulumi.yaml"))) {
    if (directory === dirname(directory))
      throw new Error(`no Pulumi.yaml project file found (searching upwards from ${resolve(start)})`);
    directory = dirname(directory);
  }
  const file = join(directory, "Pulumi.yaml");
  const { name, runtime, main, stackConfigDir, plugins, config, backend } = parse(readFileSync(file, "utf8")) ?? {};
  const { name: language, options = {} } = typeof runtime === "string" ? { name: runtime } : (runtime ?? {});
  if (!name) throw new Error(`${file}: project is missing a 'name' attribute`);
  if (!language) throw new Error(`${file}: project is missing a 'runtime' attribute`);
  // A default that the CLI would merge into the configuration and we would not: better no run than another one.
  for (const [key, found] of Object.entries({ config, backend, "plugins.languages": plugins?.languages }))
    if (found !== undefined)
      throw new Error(`${file}: the embedded engine does not support '${key}'; use the Pulumi CLI`);
  const within = (path = "") => resolve(directory, path);
  return {
    name,
    directory,
    runtime: language,
    runtimeOptions: options,
    program: within(main),
    providers: (plugins?.providers ?? []).map(({ name, path }: Partial<ProviderPlugin>, index: number) => {
      if (!name || !path) throw new Error(`${file}: plugins.providers[${index}] needs a name and a path`);
      return { name, path: within(path) };
    }),
    stackConfigDirectory: within(stackConfigDir),
  };
}
