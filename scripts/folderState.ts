import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Deletes what a kill of the Pulumi CLI may leave beside a state in a folder: an empty file of attributes, on which every later
 * command fails ("failed to load checkpoint: EOF"). The state itself is whole, since the CLI replaces it in one step, and
 * nobody misses the attributes: this is harmless while another run is at work.
 */
export function removeEmptyAttributes({ PULUMI_BACKEND_URL: url = "" }: NodeJS.ProcessEnv): void {
  const [, path] = /^file:\/\/([^?]+)/.exec(url) ?? [];
  if (path === undefined) return;
  const stacks = join(path.replace(/^~(?=\/|$)/, homedir()), ".pulumi/stacks");
  if (!existsSync(stacks)) return;
  for (const name of readdirSync(stacks, { recursive: true, encoding: "utf8" })) {
    const file = join(stacks, name);
    if (name.endsWith(".attrs") && statSync(file, { throwIfNoEntry: false })?.size === 0) rmSync(file, { force: true });
  }
}
