import type { PackageSchema, Provider } from "../host/provider";
import { account } from "./account";
import { group } from "./group";
import { notice } from "./notice";
import { getCredential } from "./ownCredential";
import { personalAccessToken } from "./personalAccessToken";
import { pipelineProof } from "./pipelineProof";
import { placement } from "./placement";
import schema from "./schema.json";
import { selfRotatingToken } from "./selfRotatingToken";
import { getTokens } from "./tokenList";
import { tokenProof } from "./tokenProof";
import { tellFailureFunction, telling } from "./tracking/failure";
import { trackingIssue } from "./trackingIssue";

/** The steps of a rotation that no other provider has. */
export const provider: Provider = {
  schema: schema as PackageSchema,
  resources: {
    "runbook:index:Account": telling("runbook:index:Account", account),
    "runbook:index:Group": group,
    "runbook:index:PersonalAccessToken": telling("runbook:index:PersonalAccessToken", personalAccessToken),
    "runbook:index:SelfRotatingToken": telling("runbook:index:SelfRotatingToken", selfRotatingToken),
    "runbook:index:TokenProof": telling("runbook:index:TokenProof", tokenProof),
    "runbook:index:Placement": telling("runbook:index:Placement", placement),
    "runbook:index:PipelineProof": telling("runbook:index:PipelineProof", pipelineProof),
    "runbook:index:TrackingIssue": trackingIssue,
    "runbook:index:Notice": notice,
  },
  functions: {
    "runbook:index:getCredential": getCredential,
    "runbook:index:getTokens": getTokens,
    "runbook:index:tellFailure": tellFailureFunction,
  },
};
