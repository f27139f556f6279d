import type { parseArgs } from "node:util";

/** A flag without a value. */
export const flag = { type: "boolean" } as const;

/** A flag with a value. */
export const word = { type: "string" } as const;

/** Of all commands that run something. */
export const options = {
  "continue-on-error": flag,
  /** Report each difference in full. */
  diff: flag,
  "expect-no-changes": flag,
  json: { ...flag, short: "j" },
  /** How many resources may be worked on at a time. */
  parallel: { ...word, short: "p" },
  "preview-only": flag,
  /** Compare the state with the world first. */
  refresh: { ...flag, short: "r" },
  "skip-preview": { ...flag, short: "f" },
  /** Print no outputs of the stack. */
  "suppress-outputs": flag,
  /** URNs, in which `*` and `**` stand for anything: only these take part. */
  target: { ...word, multiple: true, short: "t" },
  "target-dependents": flag,
  /** URNs: all but these take part. */
  exclude: { ...word, multiple: true, short: "x" },
} as const;

/** Of the commands that run the program. */
export const updating = {
  ...options,
  "exclude-dependents": flag,
  /** URNs: to be replaced, whatever differs. */
  replace: { ...word, multiple: true },
  /** URNs: as `--target` and `--replace`. */
  "target-replace": { ...word, multiple: true },
} as const;

/** What a command line says. */
export type Flags = ReturnType<typeof parseArgs<{ options: typeof updating }>>["values"] &
  Readonly<Record<string, unknown>>;
