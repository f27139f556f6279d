import { account } from "./account";
import { getCredential, getLegacyEnds } from "./credential";
import { packageOf } from "./form/declared";
import { version } from "./form/package";
import { group } from "./group";
import { notice } from "./notice";
import { openBaoSecret } from "./openBaoSecret";
import { personalAccessToken } from "./personalAccessToken";
import { pipelineProof } from "./pipelineProof";
import { placement } from "./placement";
import { retirement } from "./retirement";
import { declareAccounts, getDeeds, getFailures } from "./run";
import { selfRotatingToken } from "./selfRotatingToken";
import { getTokens } from "./tokenList";
import { tokenProof } from "./tokenProof";
import { trackingIssue } from "./trackingIssue";

export {
  account,
  declareAccounts,
  getCredential,
  getDeeds,
  getFailures,
  getLegacyEnds,
  getTokens,
  group,
  notice,
  openBaoSecret,
  personalAccessToken,
  pipelineProof,
  placement,
  retirement,
  selfRotatingToken,
  tokenProof,
  trackingIssue,
};

/** Pulumi's schema of the package: what its provider serves. */
export const schema = packageOf(
  {
    name: "runbook",
    version,
    displayName: "Runbook",
    description: "The steps of rotating a GitLab access token that no other provider has: one resource per step.",
    publisher: "pat-rotation",
    license: "UNLICENSED",
    language: {
      nodejs: { packageName: "@pulumi/runbook", respectSchemaVersion: true },
      python: { packageName: "pulumi_runbook", respectSchemaVersion: true, pyproject: { enabled: true } },
      go: {
        importBasePath: "pat-rotation.local/runbook/sdk/go/runbook",
        generateResourceContainerTypes: true,
        respectSchemaVersion: true,
      },
    },
  },
  [
    account,
    personalAccessToken,
    retirement,
    selfRotatingToken,
    tokenProof,
    placement,
    pipelineProof,
    trackingIssue,
    notice,
    group,
    openBaoSecret,
  ],
  [declareAccounts, getCredential, getDeeds, getFailures, getLegacyEnds, getTokens],
);
