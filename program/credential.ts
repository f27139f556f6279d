import * as runbook from "../components/runbook";
import { plain } from "../reports/plain";
import { credentialLine } from "../rotation/health/credential";

/**
 * Whose our own GitLab credential is, what it may do and when it dies, and whether that needs somebody's eye. One request; one
 * more with the user's name.
 */
export async function ownCredential(
  today: string,
  withUser: boolean,
): Promise<{ readonly isUrgent: boolean; readonly text: string }> {
  const { isUrgent, text } = credentialLine(await runbook.getCredential({ withUser }), today);
  return { isUrgent, text: plain(text) };
}
