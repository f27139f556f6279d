/**
 * Leaves out the stacks that the SDK notes for each of its promises, and shows only with `PULUMI_DEBUG_PROMISE_LEAKS` set: to
 * map them to the sources took half of the program's processor time. Errors that say something keep theirs, and so does what
 * asks for a whole stack, as the SDK does to note where a resource is declared.
 */
export function leaveOutStacksOfPromises(): void {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  const written = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) => {
    if (error.message === "" && Error.stackTraceLimit !== Number.POSITIVE_INFINITY) return String(error);
    return written?.(error, frames) ?? [error, ...frames].join("\n    at ");
  };
}
