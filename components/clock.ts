import * as pulumi from "@pulumi/pulumi";
import { dayNamedBy } from "../rotation/day";
import { failure } from "./failures";

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** What every token of the sandbox begins with, and none of another GitLab. */
const sandboxOnly = "glpat-SANDBOX-ONLY-";

/**
 * The UTC day that the run works for, `YYYY-MM-DD`: the only place in the program that reads the clock.
 *
 * `PAT_ROTATION_AS_OF` (a day or an instant) stands in for it in a preview, and in an update of the sandbox: on loopback,
 * where a tunnel may end, and with a credential that no other GitLab takes.
 *
 * @throws when the variable is set in an update of any other GitLab, or holds something else than a day or an instant.
 */
export function today(environment: NodeJS.ProcessEnv = process.env, preview = pulumi.runtime.isDryRun()): string {
  const asOf = environment.PAT_ROTATION_AS_OF;
  if (asOf === undefined || asOf === "") {
    return new Date().toISOString().slice(0, 10);
  }
  const day = dayNamedBy(asOf);
  if (day === undefined) {
    throw failure(
      `Reading PAT_ROTATION_AS_OF: found "${asOf}". Write a day such as 2026-12-14, or unset it to work for today.`,
    );
  }
  const host = hostnameOf(environment.GITLAB_BASE_URL);
  const isSandbox = loopback.has(host ?? "") && environment.GITLAB_TOKEN?.startsWith(sandboxOnly) === true;
  if (!preview && !isSandbox) {
    throw failure(
      `PAT_ROTATION_AS_OF is set to "${asOf}", and GITLAB_BASE_URL is ${host === undefined ? "not set" : `at "${host}"${loopback.has(host) ? ", with a GITLAB_TOKEN that is none of the sandbox" : ""}`}: an update works for the real date only, or a token could be revoked early. Unset PAT_ROTATION_AS_OF, or run a preview.`,
    );
  }
  return day;
}

function hostnameOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) {
    return undefined;
  }
  return new URL(url).hostname;
}
