import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { projectFolder } from "./template";

/** A CI/CD variable of the project: its value in every job, or by the scope of the environment that the job has. */
export type Variable = string | { readonly values: Readonly<Record<string, string>> };

/** What starts a pipeline. */
export interface Pipeline {
  /** Predefined variables that differ from those of a push to an unprotected branch. */
  readonly predefined: Readonly<Record<string, string>>;
  /** The variables of the project that such a pipeline gets. */
  readonly variables?: Readonly<Record<string, Variable>>;
  readonly inputs?: Inputs;
  /** Predefined variables that such a pipeline does not have. */
  readonly without?: readonly string[];
}

/** The inputs that a pipeline is run with. */
export type Inputs = Readonly<Record<string, string>>;

/** How a job ended. */
export interface Ended {
  readonly code: number;
  /** Its log. */
  readonly log: string;
}

const folder = join(__dirname, "local");
const program = join(folder, "node_modules/gitlab-ci-local/dist/index.js");

/** What runs it: this Node.js, or the one beside it where this one is older than 22. */
const node =
  Number(process.versions.node.split(".")[0]) >= 22
    ? process.execPath
    : join(folder, "node_modules", `node-${process.platform}-${process.arch}`, "bin/node");

/** Installs gitlab-ci-local, as locked, when it is not there: aside, so that no other test file finds half of it. */
export function installGitlabCiLocal(): void {
  if (existsSync(program)) return;
  const aside = mkdtempSync(join(projectFolder, "node_modules", ".gitlab-ci-local-"));
  for (const name of ["package.json", "package-lock.json"]) cpSync(join(folder, name), join(aside, name));
  const { status, stderr } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: aside,
    encoding: "utf8",
  });
  try {
    if (status !== 0) throw new Error(`Installing gitlab-ci-local failed:\n${stderr}`);
    renameSync(join(aside, "node_modules"), join(folder, "node_modules"));
  } catch (cause) {
    // Another test file was quicker.
    if (!existsSync(program)) throw cause;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** For machines without rsync, which gitlab-ci-local keeps artifacts with: copies those, and does nothing else. */
const standIn = `#!/bin/sh
for word in "$@"; do
  case "$word" in --files-from=*) list="\${word#*=}" ;; esac
  target="$word"
done
[ -n "$list" ] || exit 0
while read -r path; do cp -R --parents "$path" "$target"; done < "$list"
`;

/** Runs the jobs of a clone's `.gitlab-ci.yml` in a shell of this machine. */
export class GitlabCiLocal {
  readonly #home = mkdtempSync(join(tmpdir(), "gitlab-ci-local-"));

  constructor(readonly clone: string) {
    this.lacking("rsync", standIn);
  }

  /** Gives the runner a program that its machine may lack: what is on the PATH goes before it. */
  lacking(name: string, script: string): void {
    writeFileSync(join(this.#home, name), script, { mode: 0o755 });
  }

  /** Deletes what it stored. */
  remove(): void {
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The jobs that a pipeline has, with what starts each: `on_success` or `manual`. */
  async jobs(pipeline: Pipeline, inputs: Inputs = {}): Promise<Record<string, string>> {
    const { code, log } = await this.#run(["--list-json"], { ...pipeline, inputs });
    if (code !== 0) throw new Error(`gitlab-ci-local could not read the pipelines:\n${log}`);
    const listed = JSON.parse(log.slice(log.indexOf("\n[") + 1, log.lastIndexOf("]") + 1));
    return Object.fromEntries(
      (listed as { name: string; when: string }[])
        .filter(({ when }) => when !== "never")
        .map(({ name, when }) => [name, when]),
    );
  }

  /** Every job, with all that was extended and included. */
  async whole(pipeline: Pipeline): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
    const { code, log } = await this.#run(["--preview"], pipeline);
    if (code !== 0) throw new Error(`gitlab-ci-local could not read the pipelines:\n${log}`);
    return parse(log.slice(log.indexOf("---") + 3));
  }

  /** Runs one job. */
  job(name: string, pipeline: Pipeline, onLog?: (log: string, child: ChildProcess) => void): Promise<Ended> {
    return this.#run([name], pipeline, onLog);
  }

  #run(args: readonly string[], pipeline: Pipeline, onLog?: (log: string, child: ChildProcess) => void) {
    const file = join(this.#home, "variables.yml");
    writeFileSync(file, stringify(pipeline.variables ?? {}));
    const predefined = Object.entries(pipeline.predefined);
    const child = spawn(
      node,
      [
        ...[
          program,
          ...args,
          "--force-shell-executor",
          "--home",
          this.#home,
          "--variables-file",
          relative(this.clone, file),
        ],
        ...["--ignore-predefined-vars", [...predefined.map(([key]) => key), ...(pipeline.without ?? [])].join()],
        ...predefined.flatMap(([key, value]) => ["--variable", `${key}=${value}`]),
        ...Object.entries(pipeline.inputs ?? {}).flatMap(([key, value]) => [
          "--input",
          `${key}=${JSON.stringify(value)}`,
        ]),
        ...(pipeline.without ?? []).flatMap((key) => ["--unset-variable", key]),
      ],
      { cwd: this.clone, env: this.#environment(), stdio: ["ignore", "pipe", "pipe"], detached: true },
    );
    let log = "";
    const collect = (chunk: string) => {
      log += chunk;
      onLog?.(log, child);
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    return new Promise<Ended>((fulfil, reject) => {
      child.once("error", reject);
      child.once("close", (code) => fulfil({ code: code ?? 1, log }));
    });
  }

  /** A runner's: nothing of the tests' own surroundings but what programs need. */
  #environment(): NodeJS.ProcessEnv {
    const { PATH, HOME, LANG } = process.env;
    const npm = Object.entries(process.env).filter(([name]) => /^npm_config_(cache|registry|userconfig)$/i.test(name));
    const path = [PATH, this.#home].join(delimiter);
    const known = { PATH: path, HOME, LANG, NO_COLOR: "1", FORCE_COLOR: "0", npm_config_prefer_offline: "true" };
    return Object.fromEntries([...Object.entries(known), ...npm].filter(([, value]) => value !== undefined));
  }
}
