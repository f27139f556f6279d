import * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import { credentialLine } from "../rotation/credential";

/**
 * Says in a preview whose our own GitLab credential is, what it may do and when it dies; in an update only what needs
 * somebody's eye. One line.
 */
export async function tellOfCredential(today: string, preview = pulumi.runtime.isDryRun()): Promise<void> {
  const { isUrgent, text } = credentialLine(await runbook.getCredential({ withUser: preview }), today);
  if (isUrgent) {
    await pulumi.log.warn(text);
  } else if (preview) {
    await pulumi.log.info(text);
  }
}
