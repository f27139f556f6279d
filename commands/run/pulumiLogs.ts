import { readdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Deletes the logs that the Pulumi CLI wrote of the runs of a project: since 3.249 it keeps one of each for a week, encrypted with
 * the stack's key, in which the inputs of each new resource stand, a token's value among them. No setting turns that off.
 */
export function removePulumiLogs(project: string, environment: NodeJS.ProcessEnv): void {
  const folder = join(environment.PULUMI_HOME || join(homedir(), ".pulumi"), "logs");
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // There are none.
  }
  // `<organization>+<project>+<stack>-<time>.log`.
  for (const name of names.filter((one) => one.split("+")[1] === project && one.endsWith(".log")))
    rmSync(join(folder, name), { force: true });
}
