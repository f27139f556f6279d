import * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import { visible } from "../ground/visible";
import { failedAccounts, failureLines } from "../rotation/failedSteps";
import { known } from "./known";

/** How the SDK words it when a resource cannot be registered because one that it depends on failed; it has no class for it. */
const followsFromFailure = /resource .+ failed to register$/m;

/**
 * Says once, in one line, that accounts stopped, where the SDK would print a stack trace for each step that a failed one
 * left undone. The step that failed has reported its own cause.
 *
 * The program must still end in an error: with `--continue-on-error` the engine deletes what was not registered in a run
 * whose program ended well, and the later steps of a failed account are not registered.
 */
export function reportFailuresOnce(): void {
  const listeners = process.listeners("unhandledRejection");
  let reported = false;
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason, promise) => {
    const follows = reason instanceof Error && followsFromFailure.test(reason.message);
    if (follows && reported) {
      return;
    }
    reported ||= follows;
    const said = follows ? stopped() : reason;
    for (const listener of listeners) {
      listener(said, promise);
    }
  });
}

function stopped(): pulumi.RunError {
  return failure(
    "At least one account stopped at a step that failed: see its error. Nothing is deleted in this run. The next run takes up again what is left.",
  );
}

/**
 * An error that ends the program, in words for people. It has no stack: the SDK would print it, to no use, and its colouring
 * of one can take half a minute on Node.js 20.
 */
export function failure(message: string): pulumi.RunError {
  const error = new pulumi.RunError(message);
  error.stack = message;
  return error;
}

/**
 * Ends the program in an error, with one line for each account that failed, when all of them have come to their end: what
 * one account failed of is data until then, so that no other stops, in a plain `pulumi up` as well. A preview goes on to its
 * end without one: it would keep `pulumi up` from doing what is due for the others.
 *
 * @param ends - settle when an account's last step has ended.
 */
export async function endInFailures(ends: readonly pulumi.Output<unknown>[]): Promise<void> {
  if (pulumi.runtime.isDryRun()) return;
  // The runtime would not wait for what comes after the last registration.
  const done = pulumi.runtime.rpcKeepAlive();
  try {
    // Also when a step failed in a way that is no data: the engine has told that, and ends the run by itself.
    await Promise.all(ends.map((end) => known(pulumi.recover<unknown>(end, () => undefined))));
    const { steps } = await runbook.getFailures();
    const lines = failureLines(steps).map(visible);
    if (lines.length > 0) throw failure(failedAccounts(lines));
  } finally {
    done();
  }
}
