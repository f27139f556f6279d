import { messageOf } from "../../clients/faults";
import { GitLab } from "../../clients/gitlab/client";
import { MissingCredential, UnusableEnvironment } from "../../clients/http";
import { noteFailure } from "../host/failures";
import type { Context, Properties } from "../host/provider";
import { holdsUnknown } from "../host/values";

/** The steps that ask GitLab whenever they have something to do. An account looks for itself, and those that mint follow it. */
const asking: ReadonlySet<string> = new Set([
  "runbook:index:PipelineProof",
  "runbook:index:Placement",
  "runbook:index:Retirement",
  "runbook:index:TokenProof",
]);

/** What a step would come to: the fault of a run without a credential for GitLab, where it has something to ask there. */
export function withForeseenFault(
  token: string,
  foreseen: Properties,
  context: Pick<Context, "urn" | "log">,
): Properties {
  if (!asking.has(token) || !holdsUnknown(foreseen)) return foreseen;
  try {
    GitLab.fromEnvironment();
    return foreseen;
  } catch (error) {
    if (!(error instanceof MissingCredential || error instanceof UnusableEnvironment)) throw error;
    const fault = messageOf(error);
    context.log.warn(`"pulumi up" would fail this account: ${fault}.`);
    noteFailure(context.urn, fault);
    return { ...foreseen, fault };
  }
}
