// `npm run preview | up | refresh | destroy -- [flags of pulumi]`: runs the project on the Pulumi CLI where there is one, with
// the flags that this program needs; on the embedded engine only for the sandbox, or when asked to in so many words.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { visible } from "../ground/visible";
import { failedAccounts, failedSteps, failureLines } from "../rotation/failedSteps";
import { unfinished } from "../sandbox/engine/state/stateFile";
import { headCommit } from "../settings/git";
import { type Engine, embeddedEngine, exportedState, pulumiCli } from "./engine";
import { removeEmptyAttributes } from "./folderState";

const embeddedFlag = "--engine=embedded";
const aloneFlag = "--no-other-run-is-alive";
const pendingFlag = "--only-if-pending";

/** The flags that a command of this project always runs with, and why: one red account must not stop the others. */
export function neededFlags(command: string, flags: readonly string[]): string[] {
  const given = (name: string) => flags.some((flag) => flag === name || flag.startsWith(`${name}=`));
  const needed: string[] = [];
  if (command !== "preview" && command !== "refresh" && !given("--continue-on-error")) {
    needed.push("--continue-on-error");
  }
  if (!given("--parallel") && !given("-p")) {
    // A waiting proof holds a place; the CLI's default of a few would let waiting accounts stall the rest.
    needed.push("--parallel=64");
  }
  if (command === "up" && (given("--yes") || given("-y")) && !given("--skip-preview")) {
    // What was approved was previewed; another preview would only ask the servers everything twice.
    needed.push("--skip-preview");
  }
  return needed;
}

/** The engine for a stack; throws when only the embedded one is there and nobody asked for it. */
export function chooseEngine(stack: string | undefined, askedForEmbedded: boolean, cli: Engine | undefined): Engine {
  if (askedForEmbedded || (cli === undefined && stack === "sandbox")) {
    return embeddedEngine;
  }
  if (cli !== undefined) {
    return cli;
  }
  throw new Error(
    `No Pulumi CLI was found on the PATH, and stack "${stack ?? "(selected)"}" is not the sandbox. Install the CLI (https://www.pulumi.com/docs/install/), or add ${embeddedFlag} to run it on the embedded engine, which is meant for trials.`,
  );
}

/**
 * Refuses what would print token values: with `--json` the Pulumi CLI writes the SDK's debug messages of a run, which hold
 * every property in plain text. A preview's document has none of them.
 *
 * @throws saying what to do instead.
 */
export function refuseLeaks(engine: Engine, command: string, flags: readonly string[]): void {
  const asksForJson = flags.some((flag) => flag === "-j" || flag === "--json" || flag.startsWith("--json="));
  if (!engine.embedded && command !== "preview" && asksForJson) {
    throw new Error(
      `"${command} --json" is refused: the ${engine.name} would print the values of tokens. Leave --json out; for a document, run "npm run preview -- --json", or read the outputs with "pulumi stack output --json".`,
    );
  }
}

/** What a run that was killed left in flight, such as `creating urn:…`. Empty when nothing is, or when it cannot be known. */
export function pendingOperations(exported: string): string[] {
  const { deployment } = JSON.parse(exported) as {
    deployment?: { pending_operations?: { type: string; resource: { urn: string } }[] };
  };
  return (deployment?.pending_operations ?? []).map(({ type, resource }) => `${type} ${resource.urn}`);
}

/** Whether an engine's message says that another run holds the stack, or was killed before it wrote its whole state. */
export function isLocked(said: string): boolean {
  return (
    /stack is currently locked by|another update is currently in progress/i.test(said) || said.includes(unfinished)
  );
}

/** How wide the terminal is: the program, which has none itself, tells its calendar in as many columns. */
function columns(): { COLUMNS?: string } {
  return process.stdout.isTTY ? { COLUMNS: String(process.stdout.columns) } : {};
}

/** For the records: the declaration may be of another commit than the CI/CD job, as when an approved one is run again. */
function declaredBy(): Record<string, string> {
  const head = headCommit(process.cwd());
  if (head === undefined) return {};
  return {
    PAT_ROTATION_COMMIT: head.isChanged ? `${head.id}, edited` : head.id,
    PAT_ROTATION_COMMIT_AUTHOR: head.author,
    PAT_ROTATION_COMMIT_MESSAGE: head.message.slice(0, 10_000),
  };
}

/** The sandbox's stack is nobody's: it is made when it is not there. */
function makeSandboxStack(engine: Engine): void {
  if (!/no stack named/.test(ask(engine, ["stack", "export"], "sandbox").stderr)) {
    return;
  }
  const { status, stdout, stderr } = ask(engine, ["stack", "init", "sandbox"]);
  if (status !== 0) {
    throw new Error(
      `Making the stack "sandbox" failed:\n${stdout}${stderr}Is the environment that "npm run sandbox" prints set in this terminal?`,
    );
  }
}

function ask({ command: [executable, ...first] }: Engine, args: readonly string[], stack?: string) {
  return spawnSync(executable, [...first, ...args, ...(stack === undefined ? [] : ["--stack", stack])], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 30,
  });
}

/** Nothing as well where there is no stack, or its state cannot be read. */
function pendingIn(engine: Engine, stack: string | undefined): string[] {
  const state = exportedState(engine, stack, { cwd: process.cwd(), environment: process.env });
  return state === undefined ? [] : pendingOperations(state);
}

function tellWhatIsPending(engine: Engine, stack: string | undefined): void {
  const pending = pendingIn(engine, stack);
  if (pending.length > 0) {
    console.error(
      `\nA run was stopped in the middle of:\n${pending.map((operation) => `  ${operation}`).join("\n")}\nThe next "npm run up" carries on: what was minted and lost is found by its mark, and nothing is revoked before its successor is proven. The CLI warns of these steps at each run, also when they have been carried on, until they are cleared once "npm run up" has passed:\n  npm run refresh -- ${stack === undefined ? "" : `--stack ${stack} `}--yes --clear-pending-creates`,
    );
  }
}

function tellOfLock(command: string): void {
  console.error(
    `\nThe stack is locked: another run is alive, or one was killed. When you have made sure that none is alive, clear the lock and run:\n  npm run ${command} -- ${[...process.argv.slice(3), aloneFlag].join(" ")}`,
  );
}

/** The accounts that failed, a line each. The program of an update tells them itself; that of a preview must end well. */
function failuresIn(file: string): readonly string[] {
  return existsSync(file) ? failureLines(failedSteps(readFileSync(file, "utf8"))).map(visible) : [];
}

function clearLock(engine: Engine, stack: string | undefined): void {
  const { status, stdout, stderr } = ask(engine, ["cancel", "--yes"], stack);
  console.error(`${stdout}${stderr}`.trim());
  if (status !== 0) {
    throw new Error(
      `Clearing the lock of stack "${stack ?? "(selected)"}" failed: see the lines above. Nothing was run.`,
    );
  }
  // What a killed run of the embedded engine left beside a large state, that engine alone can add to it.
  if (!engine.embedded && ask(engine, ["stack", "export"], stack).stderr.includes(unfinished)) {
    clearLock(embeddedEngine, stack);
  }
}

function main([command = "", ...rest]: readonly string[]): void {
  const flags = rest.filter((flag) => ![embeddedFlag, aloneFlag, pendingFlag].includes(flag));
  const { values } = parseArgs({
    args: [...flags],
    options: { stack: { type: "string", short: "s" } },
    strict: false,
    allowPositionals: true,
  });
  const stack = typeof values.stack === "string" ? values.stack : process.env.PULUMI_STACK;
  const engine = chooseEngine(stack, rest.includes(embeddedFlag), pulumiCli());
  console.error(`Engine: ${engine.name}`);
  refuseLeaks(engine, command, flags);
  removeEmptyAttributes(process.env);
  if (stack === "sandbox") {
    makeSandboxStack(engine);
  }
  if (rest.includes(pendingFlag) && pendingIn(engine, stack).length === 0) {
    console.error("Nothing is pending from a run that was stopped.");
    return;
  }
  runOn(engine, command, flags, ({ code, locked }) => {
    process.exitCode = code;
    if (locked && rest.includes(aloneFlag)) {
      // Only now: where no lock is, some backends take the order to clear it for a fault. A locked run did nothing yet.
      clearLock(engine, stack);
      runOn(engine, command, flags, (second) => {
        process.exitCode = second.code;
        tellWhatIsLeft(engine, command, stack, second);
      });
    } else {
      tellWhatIsLeft(engine, command, stack, { code, locked });
    }
  });
}

interface Ending {
  readonly code: number;
  readonly locked: boolean;
}

function runOn(engine: Engine, command: string, flags: readonly string[], then: (ending: Ending) => void): void {
  const [executable, ...first] = engine.command;
  // In a terminal, Ctrl-C reaches the engine by itself. Elsewhere a signal to the group must not: npm, tsx and this process
  // would all pass it on, and the engine takes the second one as the order to stop at once, in the middle of a step.
  const inTerminal = process.stdin.isTTY === true;
  const notes = mkdtempSync(join(tmpdir(), "pat-rotation-"));
  const failures = join(notes, "failures");
  const child = spawn(executable, [...first, command, ...flags, ...neededFlags(command, flags)], {
    stdio: ["inherit", "inherit", "pipe"],
    detached: !inTerminal,
    env: { ...process.env, ...columns(), ...declaredBy(), PAT_ROTATION_FAILURES: failures },
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    process.stderr.write(chunk);
    said += chunk.toString();
  });
  let passedOn = Number.NEGATIVE_INFINITY;
  // The engine ends the run in good order and reports; this process waits for it.
  const passOn = (signal: NodeJS.Signals) => {
    const isEcho = performance.now() - passedOn < 1000;
    if (isEcho || (inTerminal && signal === "SIGINT")) {
      return;
    }
    passedOn = performance.now();
    child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, passOn);
  child.once("error", fail);
  child.once("close", (code, signal) => {
    for (const one of signals) process.off(one, passOn);
    const failed = failuresIn(failures);
    if (failed.length > 0) console.error(`\n${failedAccounts(failed, command === "preview")}`);
    rmSync(notes, { recursive: true, force: true });
    try {
      // A preview that ended in an error would keep a plain "pulumi up" from doing what is due for the others.
      const red = code === 0 && failed.length > 0 ? 1 : code;
      then({ code: red ?? 128 + constants.signals[signal ?? "SIGTERM"], locked: isLocked(said) });
    } catch (cause) {
      fail(cause instanceof Error ? cause : new Error(String(cause)));
    }
  });
}

function tellWhatIsLeft(engine: Engine, command: string, stack: string | undefined, { code, locked }: Ending): void {
  if (locked) {
    tellOfLock(command);
  } else if (code !== 0) {
    tellWhatIsPending(engine, stack);
  }
}

function fail(cause: Error): void {
  console.error(cause.message);
  process.exitCode = 1;
}

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (cause) {
    fail(cause instanceof Error ? cause : new Error(String(cause)));
  }
}
