import { type Engine, embeddedEngine } from "../../engines/engine";
import { unfinished } from "../../engines/unfinished";
import { warnLine } from "../terminal";
import { ask } from "./ask";

/** The flag that clears a lock. */
export const aloneFlag = "--no-other-run-is-alive";

/** Whether an engine's message says that another run holds the stack, or was killed before it wrote its whole state. */
export function isLocked(said: string): boolean {
  return (
    /stack is currently locked by|another update is currently in progress/i.test(said) || said.includes(unfinished)
  );
}

/** Tells how a lock is cleared. */
export function tellOfLock(command: string, words: readonly string[]): void {
  warnLine(
    `\nThe stack is locked: another run is alive, or one was killed. When you have made sure that none is alive, clear the lock and run:\n  npm run ${command} -- ${[...words, aloneFlag].join(" ")}`,
  );
}

/** Clears the lock of a stack. */
export function clearLock(engine: Engine, stack: string | undefined): void {
  const { status, stdout, stderr } = ask(engine, ["cancel", "--yes"], stack);
  warnLine(`${stdout}${stderr}`.trim());
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
