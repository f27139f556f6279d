import { join } from "node:path";
import { projectRoot } from "../engines/root";

/** Runs a file of the project that is a program of its own, in this process; it sets the exit code itself. */
export function runFile(file: string, args: readonly string[]): number {
  const path = join(projectRoot, file);
  process.argv.splice(1, process.argv.length, path, ...args);
  require(join(projectRoot, "start/typescript.cjs"));
  require(path);
  return 0;
}
