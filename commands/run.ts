// `npm run preview | up | refresh | destroy -- [flags of pulumi]`: runs the project on the Pulumi CLI where there is one, with
// the flags that this program needs; on the embedded engine only for the sandbox, or when asked to in so many words.

import { parseArgs } from "node:util";
import { pulumiCli } from "../engines/engine";
import { removeEmptyAttributes } from "../engines/folderState";
import { folderTree } from "../settings/tree";
import { choice, UsageError } from "./command";
import { exitCodes } from "./exitCodes";
import { called, chooseEngine, embeddedFlag } from "./run/choice";
import { quietFlags } from "./run/flags";
import { refuseLeaks } from "./run/leaks";
import { aloneFlag, clearLock, tellOfLock } from "./run/lock";
import { pendingIn, tellWhatIsPending } from "./run/pending";
import { type Ending, runOn } from "./run/process";
import { makeSandboxStack } from "./run/sandboxStack";
import { refuseStrayWords } from "./run/strayWords";
import { isTraceFlag } from "./run/trace";
import { misspeltStack, unmadeStack } from "./stacks";
import { warnLine } from "./terminal";

const pendingFlag = "--only-if-pending";
const fullFlag = "--full";

/** Runs the project; answers the exit code. */
export async function runProject(command: string, words: readonly string[]): Promise<number> {
  try {
    return await run(command, words);
  } catch (cause) {
    warnLine(cause instanceof Error ? cause.message : String(cause));
    return cause instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

async function run(command: string, given: readonly string[]): Promise<number> {
  // "--engine embedded" in two words is the same.
  const words = given.flatMap((word, at) => {
    if (word === "--engine" && given[at + 1] === "embedded") return [embeddedFlag];
    return word === "embedded" && given[at - 1] === "--engine" ? [] : [word];
  });
  const flags = words.filter(
    (flag) => ![embeddedFlag, aloneFlag, pendingFlag, fullFlag].includes(flag) && !isTraceFlag(flag),
  );
  const { values } = parseArgs({
    args: [...flags],
    options: { stack: { type: "string", short: "s" } },
    strict: false,
    allowPositionals: true,
  });
  const stack = typeof values.stack === "string" ? values.stack : process.env.PULUMI_STACK;
  refuseOtherEngines(flags);
  refuseStrayWords(command, flags);
  const misspelt =
    typeof values.stack === "string" ? misspeltStack(folderTree(process.cwd()), values.stack) : undefined;
  if (misspelt !== undefined) throw new UsageError(misspelt);
  const engine = chooseEngine(stack, words.includes(embeddedFlag), pulumiCli());
  warnLine(`Engine: ${engine.name}`);
  refuseLeaks(engine, command, flags);
  removeEmptyAttributes(process.env);
  if (stack === "sandbox") makeSandboxStack(engine);
  if (words.includes(pendingFlag) && pendingIn(engine, stack).length === 0) {
    warnLine("Nothing is pending from a run that was stopped.");
    return exitCodes.fine;
  }
  const shown = words.includes(fullFlag) ? [] : quietFlags(flags);
  let ending = await runOn(engine, command, [...flags, ...shown], words);
  if (ending.locked && words.includes(aloneFlag)) {
    // Only now: where no lock is, some backends take the order to clear it for a fault. A locked run did nothing yet.
    clearLock(engine, stack);
    ending = await runOn(engine, command, [...flags, ...shown], words);
  }
  if (ending.locked) tellOfLock(command, words);
  else if (ending.unknown) warnLine(unmadeStack(folderTree(process.cwd()), stack, called(engine)));
  else if (ending.code !== 0) tellWhatIsPending(engine, stack);
  return exitCodeOf(ending);
}

/** The one engine that can be named: otherwise the Pulumi CLI is taken where there is one. */
function refuseOtherEngines(flags: readonly string[]): void {
  for (const [at, flag] of flags.entries()) {
    if (flag === "--engine") choice("--engine", flags[at + 1] ?? "", ["embedded"]);
    else if (flag.startsWith("--engine=")) choice("--engine", flag.slice("--engine=".length), ["embedded"]);
  }
}

/** An engine's own codes mean as many things as there are engines. Above 128 a signal ended it. */
function exitCodeOf({ code, locked }: Ending): number {
  if (locked) return exitCodes.busy;
  return code === 0 || (code > 128 && code < 255) ? code : exitCodes.failed;
}
