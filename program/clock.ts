import * as pulumi from "@pulumi/pulumi";
import { failure } from "../components/failures";
import { hostnameOf, isLoopback, mayPretend, pretence } from "../ground/clock";
import { dayNamedBy } from "../ground/day";

/**
 * The UTC day that the run works for, `YYYY-MM-DD`: read once, here, and handed to the providers. `PAT_ROTATION_AS_OF` (a day or
 * an instant) stands in for the clock where it may; see {@link mayPretend}.
 *
 * @throws when the variable is set in an update of any GitLab but the sandbox, or holds something else than a day or an instant.
 */
export function today(environment: NodeJS.ProcessEnv = process.env, preview = pulumi.runtime.isDryRun()): string {
  const asOf = pretence(environment);
  if (asOf === undefined) {
    return new Date().toISOString().slice(0, 10);
  }
  const day = dayNamedBy(asOf);
  if (day === undefined) {
    throw failure(
      `Reading PAT_ROTATION_AS_OF: found "${asOf}". Write a day such as 2026-12-14, or unset it to work for today.`,
    );
  }
  if (!mayPretend(environment, preview)) {
    const host = hostnameOf(environment.GITLAB_BASE_URL);
    const tunnel = isLoopback(environment.GITLAB_BASE_URL) ? ", with a GITLAB_TOKEN that is none of the sandbox" : "";
    throw failure(
      `PAT_ROTATION_AS_OF is set to "${asOf}", and GITLAB_BASE_URL is ${host === undefined ? "not set" : `at "${host}"${tunnel}`}: an update works for the real date only, or a token could be revoked early. Unset PAT_ROTATION_AS_OF, or run a preview.`,
    );
  }
  return day;
}
