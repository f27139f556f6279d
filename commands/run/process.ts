import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../../engines/engine";
import { visible } from "../../ground/visible";
import { failedAccounts, failedSteps, failureLines } from "../../rotation/plan/failedSteps";
import { headCommit } from "../../settings/git";
import { errorTerminal, terminal } from "../terminal";
import { neededFlags } from "./flags";
import { isLocked } from "./lock";
import { removePulumiLogs } from "./pulumiLogs";
import { failuresText, summaryOf } from "./summary";
import { traceOf } from "./trace";
import { Waits } from "./waits";

/** How an engine's run ended. */
export interface Ending {
  readonly code: number;
  readonly locked: boolean;
  /** There is no stack of that name. */
  readonly unknown: boolean;
}

/** Runs an engine to its end, and tells what the run came to. */
export function runOn(
  engine: Engine,
  command: string,
  flags: readonly string[],
  words: readonly string[],
): Promise<Ending> {
  const [executable, ...first] = engine.command;
  // In a terminal, Ctrl-C reaches the engine by itself. Elsewhere a signal to the group must not: npm, tsx and this process
  // would all pass it on, and the engine takes the second one as the order to stop at once, in the middle of a step.
  const inTerminal = process.stdin.isTTY === true;
  const notes = mkdtempSync(join(tmpdir(), "pat-rotation-"));
  const failures = join(notes, "failures");
  const trace = traceOf(words, notes);
  const waits = new Waits(join(notes, "waits"), {
    // The title of a window is no line.
    tell: (text) => process.stderr.write(text),
    isTable: process.stdout.isTTY === true && !engine.embedded && !words.includes("--non-interactive"),
  });
  const child = spawn(executable, [...first, command, ...flags, ...neededFlags(command, flags)], {
    stdio: ["inherit", "inherit", "pipe"],
    detached: !inTerminal,
    env: {
      ...process.env,
      ...columns(),
      ...declaredBy(),
      ...trace.environment,
      ...waits.environment,
      PAT_ROTATION_FAILURES: failures,
      PAT_ROTATION_ALONE: command === "preview" ? command : "",
    },
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
    if (isEcho || (inTerminal && signal === "SIGINT")) return;
    passedOn = performance.now();
    child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, passOn);
  return new Promise((fulfil, reject) => {
    const ended = () => {
      for (const one of signals) process.off(one, passOn);
      waits.stop();
    };
    child.once("error", (cause) => {
      ended();
      reject(cause);
    });
    child.once("close", (code, signal) => {
      ended();
      if (!engine.embedded) removePulumiLogs(projectName(), process.env);
      process.stderr.write(trace.told());
      const failed = failuresIn(failures);
      const told = toldIn(`${failures}.told`);
      if (told !== undefined) process.stdout.write(summaryOf(told, terminal(), process.stdout.rows));
      else if (failed.length > 0)
        process.stderr.write(
          failuresText(failedAccounts(failed, { foreseen: command === "preview" }), errorTerminal()),
        );
      rmSync(notes, { recursive: true, force: true });
      // Engines end a preview in which the program ends in an error with codes of their own.
      const red = failed.length > 0 && (code === 0 || command === "preview") ? 1 : code;
      const ending = red ?? 128 + constants.signals[signal ?? "SIGTERM"];
      fulfil({ code: ending, locked: isLocked(said), unknown: ending !== 0 && said.includes("no stack named") });
    });
  });
}

/** What an update that came to its end told of itself; nothing where it did not. */
function toldIn(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** How wide the terminal is: the program and the providers, which have none themselves, write in as many columns. */
function columns(): { COLUMNS?: string; PAT_ROTATION_TERMINAL?: string } {
  if (!process.stdout.isTTY) return {};
  const columns = String(process.stdout.columns);
  return { COLUMNS: columns, PAT_ROTATION_TERMINAL: columns };
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

/** The name of the project, as in `Pulumi.yaml`; none where there is no such file. */
function projectName(): string {
  return existsSync("Pulumi.yaml") ? (/^name:\s*(\S+)/m.exec(readFileSync("Pulumi.yaml", "utf8"))?.[1] ?? "") : "";
}

/** The accounts that failed, a line each. The program of an update tells them itself; that of a preview must end well. */
function failuresIn(file: string): readonly string[] {
  return existsSync(file) ? failureLines(failedSteps(readFileSync(file, "utf8"))).map(visible) : [];
}
