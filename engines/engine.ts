import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { removeEmptyAttributes } from "./folderState";
import { projectRoot, typescript } from "./root";

/** What runs the project: the Pulumi CLI, or the embedded engine that stands in for it. */
export interface Engine {
  /** For people, such as `Pulumi CLI v3.260.0`. */
  readonly name: string;
  readonly embedded: boolean;
  /** The command and its first arguments; the rest is the same for both engines. */
  readonly command: readonly [string, ...string[]];
}

/** How a command of an engine ended. */
export interface Run {
  readonly code: number;
  /** Everything printed, standard output and standard error in the order of arrival. */
  readonly output: string;
  /** Standard output alone. */
  readonly stdout: string;
}

/** Where and how to run a command. */
export interface RunOptions {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Called with each piece of output as it arrives. */
  readonly onOutput?: (text: string) => void;
  /** Kills the command (SIGKILL, with all that it started) when aborted. */
  readonly kill?: AbortSignal;
}

/** The engine built into the project's sandbox. */
export const embeddedEngine: Engine = {
  name: "embedded engine",
  embedded: true,
  command: [process.execPath, ...typescript, join(projectRoot, "workshop/engine/main.ts")],
};

/**
 * The Pulumi CLI on the PATH, if there is one. Folders of `node_modules` do not count: the npm package of that name is a
 * shim that downloads.
 */
export function pulumiCli(environment: NodeJS.ProcessEnv = process.env): Engine | undefined {
  const folders = (environment.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.split(sep).includes("node_modules"));
  const executable = folders.map((folder) => join(folder, "pulumi")).find(isExecutable);
  if (executable === undefined) {
    return undefined;
  }
  const version = spawnSync(executable, ["version"], {
    encoding: "utf8",
    env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return version.status === 0
    ? { name: `Pulumi CLI ${version.stdout.trim()}`, embedded: false, command: [executable] }
    : undefined;
}

/** What can read a state without running anything: the Pulumi CLI; for the sandbox, the embedded engine as well. */
export function readerOf(args: readonly string[], environment: NodeJS.ProcessEnv): Engine | undefined {
  const isEmbedded = args.some(
    (word, at) => word === "--engine=embedded" || (word === "--engine" && args[at + 1] === "embedded"),
  );
  if (isEmbedded) return embeddedEngine;
  return pulumiCli(environment) ?? (args.some((word) => /(^|=)sandbox$/.test(word)) ? embeddedEngine : undefined);
}

/** The state of a stack as the engine exports it, secrets encrypted; undefined when there is none, or it cannot be read. */
export function exportedState(
  { command: [executable, ...first] }: Engine,
  stack: string | undefined,
  { cwd, environment }: { readonly cwd: string; readonly environment: NodeJS.ProcessEnv },
): string | undefined {
  removeEmptyAttributes(environment, cwd);
  const { status, stdout } = spawnSync(
    executable,
    [...first, "stack", "export", ...(stack === undefined ? [] : ["--stack", stack])],
    { cwd, env: environment, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 30 },
  );
  return status === 0 ? stdout : undefined;
}

/** Runs a command of an engine, such as `["up", "--yes"]`, and waits for its end. */
export function run(engine: Engine, args: readonly string[], options: RunOptions): Promise<Run> {
  const [command, ...first] = engine.command;
  const child = spawn(command, [...first, ...args], {
    cwd: options.cwd,
    env: options.environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let stdout = "";
  const collect = (chunk: string) => {
    output += chunk;
    options.onOutput?.(chunk);
  };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    collect(chunk);
  });
  child.stderr.setEncoding("utf8").on("data", collect);
  const kill = () => {
    if (child.pid !== undefined) {
      killTree(child.pid);
    }
  };
  options.kill?.addEventListener("abort", kill, { once: true });
  return new Promise((fulfil, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      options.kill?.removeEventListener("abort", kill);
      fulfil({ code: code ?? (signal === null ? 1 : 128), output, stdout });
    });
  });
}

/** Kills as a machine that goes down does it: the process and all that it started, plugins in their own groups included. */
export function killTree(root: number): void {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const processes = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const doomed = new Set([root]);
  let size = 0;
  while (size !== doomed.size) {
    size = doomed.size;
    for (const [pid, parent] of processes) {
      if (pid !== undefined && parent !== undefined && doomed.has(parent)) {
        doomed.add(pid);
      }
    }
  }
  for (const pid of doomed) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
