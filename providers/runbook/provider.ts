import type { DeclaredCall, DeclaredResource, InputsOf, OutputsOf } from "../../contract/form/declared";
import * as contract from "../../contract/runbook";
import type { LeftBy } from "../../contract/types/step";
import { partOfAccount } from "../host/account/partOfAccount";
import { placeInAccount } from "../host/account/placeInAccount";
import { notedFailures } from "../host/failures";
import type { Provider, ProviderFunction, Resource } from "../host/provider";
import { account } from "./account/account";
import { declareAccounts } from "./account/declaredAccounts";
import { group } from "./account/group";
import { getCredential } from "./account/ownCredential";
import { deeds } from "./deeds";
import { getLegacyEnds } from "./legacyEnds";
import { openBaoSecret } from "./openBaoSecret";
import { pipelineProof } from "./proof/pipelineProof";
import { placement } from "./proof/placement";
import { retirement } from "./retirement/resource";
import { selfRotatingToken } from "./self/selfRotatingToken";
import { step } from "./step";
import { personalAccessToken } from "./token/personalAccessToken";
import { getTokens } from "./token/tokenList";
import { tokenProof } from "./token/tokenProof";
import { telling } from "./tracking/failure";
import { webhookTold } from "./tracking/happenings";
import { notice } from "./tracking/notice";
import { trackingIssue } from "./tracking/trackingIssue";

type Made<D> = Resource<InputsOf<D> & object, LeftBy<D> & object>;

/** A step of an account's chain. */
function chained<D extends DeclaredResource>({ token }: D, resource: Made<D>) {
  return { [token]: step(token, resource) };
}

/** One that tells the tracking issue what it failed of. */
function tellingTheIssue<D extends DeclaredResource>(declared: D, resource: Made<D>) {
  return chained(declared, telling(declared.token, resource));
}

/** One that fails by itself. */
function alone<D extends DeclaredResource>({ token }: D, resource: Made<D>) {
  return { [token]: resource };
}

/** A function. */
function called<D extends DeclaredCall>(
  { token }: D,
  call: ProviderFunction<InputsOf<D> & object, OutputsOf<D> & object>,
) {
  // What it is called with, the program's types hold.
  return { [token]: call as unknown as ProviderFunction };
}

/** The steps of a rotation that no other provider has. */
export const provider: Provider = {
  schema: contract.schema,
  resources: {
    ...tellingTheIssue(contract.account, account),
    ...alone(contract.group, partOfAccount(group, { outputs: { groupId: 0 } })),
    ...alone(contract.openBaoSecret, placeInAccount("value", openBaoSecret)),
    ...tellingTheIssue(contract.personalAccessToken, personalAccessToken),
    ...tellingTheIssue(contract.retirement, retirement),
    ...tellingTheIssue(contract.selfRotatingToken, selfRotatingToken),
    ...tellingTheIssue(contract.tokenProof, tokenProof),
    ...tellingTheIssue(contract.placement, placement),
    ...tellingTheIssue(contract.pipelineProof, pipelineProof),
    ...alone(contract.trackingIssue, trackingIssue),
    ...chained(contract.notice, notice),
  },
  functions: {
    ...called(contract.declareAccounts, declareAccounts),
    ...called(contract.getCredential, getCredential),
    ...called(contract.getDeeds, async () => {
      // The run is over: what is still to be told must not end with it.
      await webhookTold();
      return { deeds: deeds() };
    }),
    ...called(contract.getFailures, async () => ({ steps: notedFailures() })),
    ...called(contract.getLegacyEnds, getLegacyEnds),
    ...called(contract.getTokens, getTokens),
  },
};
