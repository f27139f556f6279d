import { appendFileSync } from "node:fs";

/**
 * Notes a step that failed in the file that `PAT_ROTATION_FAILURES` names, a line of JSON for each, for whoever started the
 * run to sum them up. Without that variable nothing is noted.
 *
 * @param message - as it leaves for the engine: without secrets.
 */
export function noteFailure(urn: string, message: string, env: NodeJS.ProcessEnv = process.env): void {
  const file = env.PAT_ROTATION_FAILURES;
  if (!file || urn === "") return;
  try {
    appendFileSync(file, `${JSON.stringify({ urn, message })}\n`, { mode: 0o600 });
  } catch {
    // The engine tells the failure as well; a summary that lacks it must not change what becomes of the step.
  }
}
