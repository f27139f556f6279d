import type { PackageSchema } from "../../contract/form/package";
import { type Blank, partOfAccount } from "../host/account/partOfAccount";
import { placeInAccount } from "../host/account/placeInAccount";
import type { Provider } from "../host/provider";
import { groupVariable } from "./groupVariable";
import { instanceVariable } from "./instanceVariable";
import { MembershipResource } from "./membership";
import { projectVariable } from "./projectVariable";
import schema from "./schema.json";
import { ServiceAccountResource } from "./serviceAccount";

const noUser: Blank = { outputs: { serviceAccountId: "" } };
/** Numbers of a user or a group that could not be made or found are 0. */
const noMember: Blank = { outputs: {}, isBlank: ({ userId, groupId }) => userId === 0 || groupId === 0 };

/** GitLab's CI/CD variables, service accounts and memberships, under the names of Pulumi's GitLab package. */
export const provider: Provider = {
  schema: schema as PackageSchema,
  hasIdInOutputs: true,
  resources: {
    "gitlab:index/groupVariable:GroupVariable": placeInAccount("value", groupVariable),
    "gitlab:index/instanceVariable:InstanceVariable": placeInAccount("value", instanceVariable),
    "gitlab:index/projectVariable:ProjectVariable": placeInAccount("value", projectVariable),
    "gitlab:index/groupServiceAccount:GroupServiceAccount": partOfAccount(new ServiceAccountResource("group"), noUser),
    "gitlab:index/projectServiceAccount:ProjectServiceAccount": partOfAccount(
      new ServiceAccountResource("project"),
      noUser,
    ),
    "gitlab:index/instanceServiceAccount:InstanceServiceAccount": partOfAccount(
      new ServiceAccountResource("instance"),
      noUser,
    ),
    "gitlab:index/groupMembership:GroupMembership": partOfAccount(new MembershipResource("group"), noMember),
    "gitlab:index/projectMembership:ProjectMembership": partOfAccount(new MembershipResource("project"), noMember),
  },
};
