import { type Engine, exportedState } from "../../engines/engine";
import { warnLine } from "../terminal";

/** What a run that was killed left in flight, such as `creating urn:…`. Empty when nothing is, or when it cannot be known. */
export function pendingOperations(exported: string): string[] {
  const { deployment } = JSON.parse(exported) as {
    deployment?: { pending_operations?: { type: string; resource: { urn: string } }[] };
  };
  return (deployment?.pending_operations ?? []).map(({ type, resource }) => `${type} ${resource.urn}`);
}

/** What is in flight in a stack. Nothing as well where there is no stack, or its state cannot be read. */
export function pendingIn(engine: Engine, stack: string | undefined): string[] {
  const state = exportedState(engine, stack, { cwd: process.cwd(), environment: process.env });
  return state === undefined ? [] : pendingOperations(state);
}

/** Tells what a run that was stopped left, and how it is carried on. */
export function tellWhatIsPending(engine: Engine, stack: string | undefined): void {
  const pending = pendingIn(engine, stack);
  if (pending.length > 0) {
    warnLine(
      `\nA run was stopped in the middle of:\n${pending.map((operation) => `  ${operation}`).join("\n")}\nThe next "npm run up" carries on: what was minted and lost is found by its mark, and nothing is revoked before its successor is proven. The CLI warns of these steps at each run, also when they have been carried on, until they are cleared once "npm run up" has passed:\n  npm run refresh -- ${stack === undefined ? "" : `--stack ${stack} `}--yes --clear-pending-creates`,
    );
  }
}
