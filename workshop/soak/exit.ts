/** Ends this process with what a command answers; with 1, and the error, where it fails. */
export function exitWith(code: Promise<number>): void {
  code.then(
    (answered) => {
      process.exitCode = answered;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
