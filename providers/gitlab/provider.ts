import type { PackageSchema, Provider } from "../host/provider";
import { groupVariable } from "./groupVariable";
import { instanceVariable } from "./instanceVariable";
import { projectVariable } from "./projectVariable";
import schema from "./schema.json";

/** GitLab's CI/CD variables, under the names of Pulumi's GitLab package. */
export const provider: Provider = {
  schema: schema as PackageSchema,
  resources: {
    "gitlab:index/groupVariable:GroupVariable": groupVariable,
    "gitlab:index/instanceVariable:InstanceVariable": instanceVariable,
    "gitlab:index/projectVariable:ProjectVariable": projectVariable,
  },
};
