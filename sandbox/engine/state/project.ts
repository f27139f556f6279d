import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/** A provider that the project brings along. */
export interface ProviderPlugin {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** What the engine needs of `Pulumi.yaml`. All paths are absolute. */
export interface Project {
  readonly name: string;
  /** The folder of `Pulumi.yaml`. */
  readonly directory: string;
  /** `Pulumi.yaml`. */
  readonly file: string;
  readonly runtime: string;
  readonly runtimeOptions: Readonly<Record<string, unknown>>;
  /** The program: a folder or a file. */
  readonly program: string;
  readonly providers: readonly ProviderPlugin[];
  /** Where `Pulumi.<stack>.yaml` lies. */
  readonly stackConfigDirectory: string;
}

/** The project of a folder: `Pulumi.yaml` there or in the nearest folder above. */
export function readProject(start: string): Project {
  const file = projectFile(resolve(start), start);
  const directory = dirname(file);
  const refuse = (what: string) => new Error(`${file}: ${what}`);
  const raw = (parse(readFileSync(file, "utf8")) ?? {}) as RawProject;
  const { name, main = "", stackConfigDir = "", plugins: { providers = [], languages } = {}, config, backend } = raw;
  if (!name) throw refuse("project is missing a 'name' attribute");
  const runtime = typeof raw.runtime === "string" ? { name: raw.runtime } : raw.runtime;
  if (!runtime?.name) throw refuse("project is missing a 'runtime' attribute");
  // A default that the CLI would merge into the configuration and we would not: better no run than another one.
  for (const [key, found] of Object.entries({ config, backend, "plugins.languages": languages }))
    if (found !== undefined) throw refuse(`the embedded engine does not support '${key}'; use the Pulumi CLI`);
  return {
    name,
    directory,
    file,
    runtime: runtime.name,
    runtimeOptions: runtime.options ?? {},
    program: resolve(directory, main),
    providers: providers.map(({ name, path }, index) => {
      if (!name || !path) throw refuse(`plugins.providers[${index}] needs a name and a path`);
      return { name, path: resolve(directory, path) };
    }),
    stackConfigDirectory: resolve(directory, stackConfigDir),
  };
}

interface RawProject {
  readonly name?: string;
  readonly runtime?: string | { readonly name?: string; readonly options?: Readonly<Record<string, unknown>> };
  readonly main?: string;
  readonly stackConfigDir?: string;
  readonly plugins?: { readonly providers?: readonly Partial<ProviderPlugin>[]; readonly languages?: unknown };
  readonly config?: unknown;
  readonly backend?: unknown;
}

function projectFile(folder: string, start: string): string {
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file !== undefined) return file;
  if (folder === dirname(folder))
    throw new Error(`no Pulumi.yaml project file found (searching upwards from ${start})`);
  return projectFile(dirname(folder), start);
}
