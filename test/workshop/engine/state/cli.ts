import { execFileSync, spawnSync } from "node:child_process";

/** Whether a real Pulumi CLI is on the PATH. */
export const hasCli =
  spawnSync("pulumi", ["version"], { stdio: "ignore", env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } })
    .status === 0;

/** Runs the real CLI, without a question, and gives its standard output. */
export function cli(directory: string, environment: Record<string, string>, ...args: string[]): string {
  return execFileSync("pulumi", [...args, "--non-interactive"], {
    cwd: directory,
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", ...environment },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}
