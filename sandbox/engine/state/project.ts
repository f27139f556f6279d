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
  const raw = record(parse(readFileSync(file, "utf8")), file);
  const name = raw.name;
  if (typeof name !== "string" || name === "") throw new Error(`${file}: project is missing a 'name' attribute`);
  const [runtime, runtimeOptions] = readRuntime(raw.runtime, file);
  // A default that the CLI would merge into the configuration and we would not: better no run than another one.
  for (const key of ["config", "backend", "plugins.languages"]) {
    if (at(raw, key) !== undefined)
      throw new Error(`${file}: the embedded engine does not support '${key}'; use the Pulumi CLI`);
  }
  const main = text(raw.main);
  const stackConfigDir = text(raw.stackConfigDir);
  return {
    name,
    directory: root,
    file,
    runtime,
    runtimeOptions,
    program: main === undefined ? root : resolve(root, main),
    providers: readProviders(at(raw, "plugins.providers"), root, file),
    stackConfigDirectory: stackConfigDir === undefined ? root : resolve(root, stackConfigDir),
  };
}

function findProjectFile(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
    if (file !== undefined) return file;
    if (folder === dirname(folder)) {
      throw new Error(`no Pulumi.yaml project file found (searching upwards from ${start})`);
    }
  }
}

function readRuntime(raw: unknown, file: string): [string, Readonly<Record<string, unknown>>] {
  if (typeof raw === "string") return [raw, {}];
  const { name, options } = record(raw ?? {}, `${file}: runtime`);
  if (typeof name !== "string") throw new Error(`${file}: project is missing a 'runtime' attribute`);
  return [name, record(options ?? {}, `${file}: runtime.options`)];
}

function readProviders(raw: unknown, root: string, file: string): ProviderPlugin[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) throw new Error(`${file}: plugins.providers is not a list`);
  return raw.map((entry, index) => {
    const { name, path } = record(entry, `${file}: plugins.providers[${index}]`);
    if (typeof name !== "string" || typeof path !== "string") {
      throw new Error(`${file}: plugins.providers[${index}] needs a name and a path`);
    }
    return { name, path: resolve(root, path) };
  });
}

function record(raw: unknown, where: string): Record<string, unknown> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) throw new Error(`${where} is not a mapping`);
  return raw as Record<string, unknown>;
}

function at(raw: Record<string, unknown>, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      raw,
    );
}

function text(raw: unknown): string | undefined {
  return typeof raw === "string" && raw !== "" ? raw : undefined;
}
