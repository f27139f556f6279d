import { UsageError } from "../command";

/**
 * Refuses what is neither a flag nor a flag's value: `pulumi up` takes such a word for a template, fetches it from the network,
 * and would deploy that. It is what a forgotten `--`, or `--stack`, comes down to.
 *
 * @throws saying how the command is written.
 */
export function refuseStrayWords(command: string, flags: readonly string[]): void {
  const stray = flags.find((word, at) => !word.startsWith("-") && !takesNext(flags[at - 1]));
  if (stray === undefined) return;
  throw new UsageError(
    `Reading the command line: "${stray}" is no flag, and nothing was run. Write: npm run ${command} -- --stack <name>, with the "--" of npm. A flag takes its value behind "=", such as --message="a reason".`,
  );
}

/** The flags of `pulumi preview`, `up`, `refresh` and `destroy` that a value may follow as the next word. */
const valued = new Set([
  ...["stack", "config", "config-file", "cwd", "message", "parallel", "color", "exec-kind", "exec-agent"],
  ...["target", "exclude", "replace", "target-replace", "plan", "save-plan", "import-file", "import-pending-creates"],
  ...["policy-pack", "policy-pack-config", "secrets-provider", "override-env", "profiling", "memprofilerate"],
  ...["verbose", "tracing", "otel-traces"],
]);

function takesNext(before: string | undefined): boolean {
  if (before === undefined) return false;
  if (before.startsWith("--")) return valued.has(before.slice(2));
  return /^-[a-zA-Z]*[cCmpstvx]$/.test(before);
}
