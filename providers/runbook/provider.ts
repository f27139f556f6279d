import type { PackageSchema, Provider } from "../host/provider";
import { account } from "./account";
import { personalAccessToken } from "./personalAccessToken";
import { pipelineProof } from "./pipelineProof";
import schema from "./schema.json";
import { tokenProof } from "./tokenProof";

/** The steps of a rotation that no other provider has. */
export const provider: Provider = {
  schema: schema as PackageSchema,
  resources: {
    "runbook:index:Account": account,
    "runbook:index:PersonalAccessToken": personalAccessToken,
    "runbook:index:TokenProof": tokenProof,
    "runbook:index:PipelineProof": pipelineProof,
  },
};
