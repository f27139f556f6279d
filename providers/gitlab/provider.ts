import { placeInAccount } from "../host/placeInAccount";
import type { PackageSchema, Provider } from "../host/provider";
import { groupVariable } from "./groupVariable";
import { instanceVariable } from "./instanceVariable";
import { MembershipResource } from "./membership";
import { projectVariable } from "./projectVariable";
import schema from "./schema.json";
import { ServiceAccountResource } from "./serviceAccount";

/** GitLab's CI/CD variables, service accounts and memberships, under the names of Pulumi's GitLab package. */
export const provider: Provider = {
  schema: schema as PackageSchema,
  resources: {
    "gitlab:index/groupVariable:GroupVariable": placeInAccount("value", groupVariable),
    "gitlab:index/instanceVariable:InstanceVariable": placeInAccount("value", instanceVariable),
    "gitlab:index/projectVariable:ProjectVariable": placeInAccount("value", projectVariable),
    "gitlab:index/groupServiceAccount:GroupServiceAccount": new ServiceAccountResource("group"),
    "gitlab:index/projectServiceAccount:ProjectServiceAccount": new ServiceAccountResource("project"),
    "gitlab:index/instanceServiceAccount:InstanceServiceAccount": new ServiceAccountResource("instance"),
    "gitlab:index/groupMembership:GroupMembership": new MembershipResource("group"),
    "gitlab:index/projectMembership:ProjectMembership": new MembershipResource("project"),
  },
};
