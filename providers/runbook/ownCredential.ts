import { ownUser } from "../gitlab/api/users";
import type { ProviderFunction } from "../host/provider";
import { ownCredential } from "./credential";
import { messageOf } from "./faults";
import { servers } from "./servers";

/**
 * Whose our own GitLab credential is, its scopes and its expiry: one request; one more where its user's name is wanted. What
 * goes wrong is data: a failing invoke would stop the run of every account.
 */
export const getCredential: ProviderFunction = async ({ withUser }, context) => {
  try {
    const at = servers(context);
    const { id, name, userId, scopes, expiresAt } = await ownCredential(at);
    // A token without a scope that reads its user is told by its id alone.
    const user = withUser === true ? await ownUser(at.gitlab()).catch(() => undefined) : undefined;
    return {
      tokenId: id,
      name,
      userId,
      ...(user === undefined ? {} : { username: user.username }),
      scopes,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
  } catch (error) {
    return { fault: messageOf(error) };
  }
};
