import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Outcome } from "./command";
import type { At } from "./table/command";

/** Tells how a command ended: what it has to say goes to standard output, or into the file that was asked for. */
export function said({ code, stdout, stderr, output }: Outcome, { folder, print, warn }: At): number {
  if (output === undefined) {
    print(stdout);
    warn(stderr);
    return code;
  }
  const path = resolve(folder, output);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, stdout);
  warn(`${stderr}Wrote ${output}.\n`);
  return code;
}
