import { spawnSync } from "node:child_process";
import { delimiter, resolve } from "node:path";

/** A command line that reads like Pulumi's. */
export interface Engine {
  readonly name: "embedded engine" | "Pulumi CLI";
  /** The command and its first arguments. */
  readonly command: readonly [string, ...string[]];
}

const embedded: Engine = {
  name: "embedded engine",
  command: [process.execPath, "--require", resolve("providers/host/typescript.cjs"), resolve("sandbox/engine/main.ts")],
};

/** The path without this project's own commands, so that no npm package can pass for the CLI. */
export const path = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((folder) => !folder.includes("node_modules"))
  .join(delimiter);

const environment = { ...process.env, PATH: path, PULUMI_SKIP_UPDATE_CHECK: "true" };
const hasCli = spawnSync("pulumi", ["version"], { env: environment, stdio: "ignore" }).status === 0;
if (!hasCli) console.warn("No Pulumi CLI on the PATH: the scenarios run on the embedded engine alone.");

const all: Engine[] = [embedded, ...(hasCli ? [{ name: "Pulumi CLI", command: ["pulumi"] } as const] : [])];

/** The engines to compare; `SCENARIOS_ON=cli` or `=embedded` chooses one. */
export const engines: readonly Engine[] = all.filter(({ name }) =>
  name.toLowerCase().includes((process.env.SCENARIOS_ON ?? "").toLowerCase()),
);
