import { messageOf } from "../../../clients/faults";
import { ownUser } from "../../../clients/gitlab/users/users";
import { servers } from "../../../clients/servers";
import type * as contract from "../../../contract/credential";
import type { InputsOf, OutputsOf } from "../../../contract/form/declared";
import { noteFailure } from "../../host/failures";
import type { ProviderFunction } from "../../host/provider";
import { clockFault, ownCredential } from "./credential";

/**
 * Whose our own GitLab credential is, its scopes and its expiry: one request; one more where its user's name is wanted. What
 * goes wrong is data: a failing invoke would stop the run of every account.
 */
export const getCredential: ProviderFunction<
  InputsOf<typeof contract.getCredential>,
  OutputsOf<typeof contract.getCredential>
> = async ({ withUser }, context) => {
  try {
    const at = servers(context);
    const { id, name, userId, scopes, expiresAt } = await ownCredential(at);
    const clock = clockFault(at);
    // By a wrong clock nothing may seem due, and all be green.
    if (clock !== undefined) noteFailure("::::runbook:index:getCredential::this machine", clock);
    // A token without a scope that reads its user is told by its id alone.
    const user =
      withUser === true
        ? await at.remember("our own user", () => ownUser(at.gitlab())).catch(() => undefined)
        : undefined;
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
