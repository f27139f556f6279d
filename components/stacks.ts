/**
 * Leaves out the stacks that the SDK notes for each of its promises, and shows only with `PULUMI_DEBUG_PROMISE_LEAKS` set: to
 * map them to the sources took half of the program's processor time. All other errors keep theirs.
 */
export function leaveOutStacksOfPromises(): void {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  const written = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) => {
    // The SDK's function that notes them; whoever else makes an error without words, as the client of gRPC does to tell where
    // a call came from, reads its stack.
    if (frames[0]?.getFunctionName() === "debuggablePromise") return String(error);
    return written?.(error, frames) ?? [error, ...frames].join("\n    at ");
  };
}
