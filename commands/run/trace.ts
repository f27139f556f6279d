import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const flag = "--trace";

/** Whether a word of the command line asks for a trace: `--trace`, or `--trace=<file>`. */
export function isTraceFlag(word: string): boolean {
  return word === flag || word.startsWith(`${flag}=`);
}

/** The trace of a run. */
export interface Trace {
  /** What the run is to find in its environment; whatever names a file there already goes on to do so. */
  readonly environment: { readonly PAT_ROTATION_TRACE?: string };
  /** What to print when the run is over: its requests, unless they are in a file that somebody named. */
  told(): string;
}

/** The trace that a command line asks for. */
export function traceOf(words: readonly string[], folder: string): Trace {
  const word = words.find(isTraceFlag);
  if (word === undefined) return { environment: {}, told: () => "" };
  const named = word.slice(flag.length + 1);
  const file = named === "" ? join(folder, "trace") : resolve(named);
  return {
    environment: { PAT_ROTATION_TRACE: file },
    told: () =>
      named === "" ? `\nRequests of this run:\n${existsSync(file) ? readFileSync(file, "utf8") : "none\n"}` : "",
  };
}
