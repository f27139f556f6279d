import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { faultText } from "../../../rotation/declaration/faults";
import { readProject as readSettings, type Project as Settings } from "../../../settings/pulumi/project";
import { folderTree } from "../../../settings/tree";
import { Refused } from "../wire";

/** What the engine needs of `Pulumi.yaml`. All paths are absolute. */
export interface Project {
  readonly name: string;
  /** What `Pulumi.yaml` says about the stacks' configuration. */
  readonly settings: Settings;
  /** The folder of `Pulumi.yaml`. */
  readonly directory: string;
  /** Of the runtime, which is `nodejs`. */
  readonly runtimeOptions: Readonly<Record<string, unknown>>;
  /** The program: a folder or a file. */
  readonly program: string;
  /** Those that the project brings along, and the folders of their executables. */
  readonly providers: readonly { readonly name: string; readonly path: string }[];
}

/** The project of a folder, as its `Pulumi.yaml` says. */
export function readProject(folder: string): Project {
  const directory = resolve(folder);
  const file = join(directory, "Pulumi.yaml");
  if (!existsSync(file))
    throw new Error(`no Pulumi.yaml project file found in ${directory}: name its folder with --cwd`);
  const { name, runtime, main, plugins, backend } = parse(readFileSync(file, "utf8")) ?? {};
  const { name: language, options = {} } = typeof runtime === "string" ? { name: runtime } : (runtime ?? {});
  if (!name || !language) throw new Error(`${file}: project is missing a 'name' or 'runtime' attribute`);
  if (language !== "nodejs") throw new Refused(`the runtime "${language}"`);
  // What the CLI would heed and we would not: better no run than another one.
  const unheeded = { backend, "plugins.languages": plugins?.languages };
  for (const [key, found] of Object.entries(unheeded))
    if (found !== undefined) throw new Refused(`'${key}' in ${file}`);
  const settings = readSettings(folderTree(directory));
  const [fault] = settings.faults;
  if (fault !== undefined) throw new Error(`${file}: ${faultText(fault)}`);
  const within = (path = "") => resolve(directory, path);
  const providers: Project["providers"] = plugins?.providers ?? [];
  return {
    ...{ name, settings, directory, runtimeOptions: options, program: within(main) },
    providers: providers.map(({ name, path }) => ({ name, path: within(path) })),
  };
}
