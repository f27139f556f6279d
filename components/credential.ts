import * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import { plain } from "../reports/plain";
import { credentialLine } from "../rotation/credential";

/**
 * Says in a preview whose our own GitLab credential is, what it may do and when it dies; in an update only what needs
 * somebody's eye. One line, one request; one more in a preview, for the user's name.
 */
export async function tellOfCredential(today: string, preview = pulumi.runtime.isDryRun()): Promise<void> {
  // The runtime would not wait for what comes after the last registration.
  const done = pulumi.runtime.rpcKeepAlive();
  try {
    const { isUrgent, text } = credentialLine(await runbook.getCredential({ withUser: preview }), today);
    if (isUrgent) {
      await pulumi.log.warn(plain(text));
    } else if (preview) {
      await pulumi.log.info(plain(text));
    }
  } finally {
    done();
  }
}
