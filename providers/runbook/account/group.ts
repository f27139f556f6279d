import { failed, messageOf } from "../../../clients/faults";
import { groupPath } from "../../../clients/gitlab/owner";
import { NotFound } from "../../../clients/http";
import { type Servers, servers } from "../../../clients/servers";
import type { GroupInputs, GroupOutputs } from "../../../contract/group";
import { noteFailure } from "../../host/failures";
import { type Properties, type Resource, unknown } from "../../host/provider";

/**
 * A group that is looked up once: memberships go by its number. A function would do, but its failure would stop the run of
 * every account.
 */
export const group: Resource<GroupInputs, GroupOutputs> = {
  create: async (inputs, context) => {
    const groupId = await look(inputs, servers(context)).catch((error: unknown) => {
      const next = error instanceof NotFound ? "Correct the path, or make our user a member of it." : undefined;
      throw failed(`looking for group "${inputs.group}"`, error, next);
    });
    return { id: String(groupId), outputs: { ...inputs, groupId } };
  },
  previewCreate: async (inputs, context): Promise<Properties> => {
    try {
      return { ...inputs, groupId: await look(inputs, servers(context)) };
    } catch (error) {
      context.log.warn(`"pulumi up" would fail this account: ${messageOf(error)}.`);
      noteFailure(context.urn, messageOf(error));
      return { ...inputs, groupId: unknown };
    }
  },
};

function look({ group: path }: GroupInputs, at: Servers): Promise<number> {
  return at.remember(`number of group ${path}`, () => at.gitlab().get(groupPath(path), (shape) => shape.integer("id")));
}
