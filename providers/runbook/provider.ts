import { notedFailures } from "../host/failures";
import type { PackageSchema, Provider, Resource } from "../host/provider";
import { account } from "./account";
import { declareAccounts } from "./declaredAccounts";
import { group } from "./group";
import { notice } from "./notice";
import { getCredential } from "./ownCredential";
import { personalAccessToken } from "./personalAccessToken";
import { pipelineProof } from "./pipelineProof";
import { placement } from "./placement";
import { retirement } from "./retirement/resource";
import schema from "./schema.json";
import { selfRotatingToken } from "./selfRotatingToken";
import { step } from "./step";
import { getTokens } from "./tokenList";
import { tokenProof } from "./tokenProof";
import { telling } from "./tracking/failure";
import { trackingIssue } from "./trackingIssue";

/** A step of an account's chain, which tells the tracking issue what it failed of. */
function chained<I extends object, O extends object>(name: string, resource: Resource<I, O>) {
  const token = `runbook:index:${name}`;
  return { [token]: step(token, telling(token, resource)) };
}

/** The steps of a rotation that no other provider has. */
export const provider: Provider = {
  schema: schema as PackageSchema,
  resources: {
    ...chained("Account", account),
    "runbook:index:Group": group,
    ...chained("PersonalAccessToken", personalAccessToken),
    ...chained("Retirement", retirement),
    ...chained("SelfRotatingToken", selfRotatingToken),
    ...chained("TokenProof", tokenProof),
    ...chained("Placement", placement),
    ...chained("PipelineProof", pipelineProof),
    "runbook:index:TrackingIssue": trackingIssue,
    "runbook:index:Notice": step("runbook:index:Notice", notice),
  },
  functions: {
    "runbook:index:declareAccounts": declareAccounts,
    "runbook:index:getCredential": getCredential,
    "runbook:index:getFailures": async () => ({ steps: notedFailures() }),
    "runbook:index:getTokens": getTokens,
  },
};
