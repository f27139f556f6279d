import type { Engine } from "../../engines/engine";

/** A flag of the Pulumi CLI that makes it print or keep the values of tokens. */
interface Leak {
  /** The flag's long name; `PULUMI_OPTION_<NAME>` stands for it in the environment. */
  readonly name: string;
  readonly short?: string;
  /** Of which commands it is true; all when left out. */
  readonly but?: string;
  /** Whether a value makes it harmless; of a flag without a value when left out. */
  readonly isHarmless?: (value: string) => boolean;
  /** What to do instead. */
  readonly instead: string;
}

const isOff = (value: string) => /^(0|f|false)$/i.test(value);
const trace = "Leave it out; --trace tells the requests of a run, without any value.";

const leaking: readonly Leak[] = [
  { name: "debug", short: "d", instead: trace },
  // Up to 2 the engine tells nothing of a resource.
  { name: "verbose", short: "v", isHarmless: (value) => /^[012]$/.test(value), instead: trace },
  { name: "logflow", instead: trace },
  { name: "tracing", isHarmless: (value) => value === "", instead: trace },
  { name: "otel-traces", isHarmless: (value) => value === "", instead: trace },
  { name: "attach-debugger", isHarmless: (value) => value === "", instead: trace },
  {
    name: "json",
    short: "j",
    but: "preview",
    instead:
      'Leave --json out; for a document, run "npm run preview -- --json", or read the outputs with "pulumi stack output --json".',
  },
  {
    name: "show-secrets",
    instead: "Leave it out: no output of the stack is a secret, and the tokens are in 1Password.",
  },
];

/** Variables that make the CLI write down all that it says to the program and to the providers. */
const leakingVariables = ["PULUMI_DEBUG_GRPC", "PULUMI_LOG_OTLP_ENDPOINT"];

/** Short flags that a value follows, in the same word or in the next one. */
const withValue = new Set(["c", "C", "m", "p", "s", "t", "v", "x"]);

/** The flags of a command line as the CLI reads them, one short flag each out of a cluster such as `-yd`, with their values. */
function given(words: readonly string[]): readonly { readonly name: string; readonly value: string | undefined }[] {
  const end = words.indexOf("--");
  return words.slice(0, end === -1 ? words.length : end).flatMap((word, at) => {
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(word);
    if (long !== null)
      return [{ name: long[1] ?? "", value: long[2] ?? (long[1] === "verbose" ? words[at + 1] : undefined) }];
    return /^-[^-]/.test(word) ? cluster(word.slice(1), words[at + 1]) : [];
  });
}

function cluster(letters: string, next: string | undefined): { name: string; value: string | undefined }[] {
  const [name = "", ...others] = letters;
  const rest = others.join("");
  if (rest.startsWith("=")) return [{ name, value: rest.slice(1) }];
  if (withValue.has(name)) return [{ name, value: rest === "" ? next : rest }];
  return [{ name, value: undefined }, ...(rest === "" ? [] : cluster(rest, next))];
}

/**
 * Refuses what would print the values of tokens, or write them to a file, on the Pulumi CLI: flags, the variables that stand for
 * them, and those of its own debugging.
 *
 * @throws saying what to do instead.
 */
export function refuseLeaks(
  engine: Engine,
  command: string,
  flags: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): void {
  if (engine.embedded) return;
  const words = given(flags);
  for (const { name, short, but, isHarmless = isOff, instead } of leaking) {
    const variable = `PULUMI_OPTION_${name.replaceAll("-", "_").toUpperCase()}`;
    const set = environment[variable];
    const isGiven = words.some((one) => (one.name === name || one.name === short) && !isHarmless(one.value ?? "true"));
    if (command !== but && isGiven) throw refused(`${command} --${name}`, engine, instead);
    if (command !== but && set !== undefined && set !== "" && !isHarmless(set))
      throw refused(variable, engine, `Unset that variable. ${instead}`);
  }
  for (const name of leakingVariables)
    if (environment[name]) throw refused(name, engine, `Unset that variable. ${trace.replace("Leave it out; ", "")}`);
}

function refused(what: string, { name }: Engine, instead: string): Error {
  return new Error(`"${what}" is refused: the ${name} would print the values of tokens. ${instead}`);
}
