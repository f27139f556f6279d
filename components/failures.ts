import * as pulumi from "@pulumi/pulumi";

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
