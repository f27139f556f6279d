import { targetTitle } from "../account/accountInputs";
import { ownStatuses } from "../pipelines/runs";
import { isOfRunners, missingJob } from "./besideToken";
import type { FailedAttempt } from "./failureText";

/** What a person is to do about pipelines that failed: by the cause of each, every advice once. */
export function failureAdvice(failed: readonly FailedAttempt[]): string {
  return [...new Set(failed.map(adviceOf))].join(" ");
}

function adviceOf({ target, run, refusal }: FailedAttempt): string {
  const title = `${targetTitle(target)} of project "${target.project}"`;
  if (refusal !== undefined || run.status === ownStatuses.refused)
    return `mend in the declaration, or in GitLab, why ${title} cannot be started: the token was not tried by it.`;
  const missing = missingJob(target, run);
  if (missing !== undefined)
    return `correct "jobs" of that pipeline in the declaration: it passed, and has no job "${missing}". The token is not to blame.`;
  if (isOfRunners(run))
    return "see to the runner: GitLab says that the job did not come to its end for another cause than its script, so it says little about the token.";
  if (run.last?.status === "failed")
    return `mend ${title} first, which failed before the rotation as well. If its log names the token (401 or 403), it is a scope or a role that the account lacks.`;
  return "read the job's log in GitLab. With 401, the job reads its token from another place than the declared ones; with 403, the account lacks a scope or a role; otherwise mend what the log names.";
}
