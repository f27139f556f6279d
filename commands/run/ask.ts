import { spawnSync } from "node:child_process";
import type { Engine } from "../../engines/engine";

/** What an engine answers to a short command. */
export function ask({ command: [executable, ...first] }: Engine, args: readonly string[], stack?: string) {
  return spawnSync(executable, [...first, ...args, ...(stack === undefined ? [] : ["--stack", stack])], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 30,
  });
}
