import { isDenied } from "../../../clients/faults";
import { noUser } from "../../../clients/gitlab/users/tokens";
import { userState } from "../../../clients/gitlab/users/users";
import { NotFound } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs } from "../../../contract/account";

/**
 * That no token of the user works: somebody blocked or deactivated it, or GitLab is deleting it, which it does in the
 * background while its list still has the user. Asked before a mint; what may not be asked is no fault.
 */
export async function userFaults(
  { username }: Pick<AccountInputs, "username">,
  userId: number | undefined,
  at: Servers,
): Promise<string[]> {
  if (userId === undefined || userId === noUser) return [];
  try {
    const state = await userState(at.gitlab(), userId);
    if (state === "active") return [];
    return [
      `user ${userId} ("${username}") is ${state ?? "gone"}, so that no token of it works: somebody blocked it, or GitLab is deleting it. Have an administrator unblock it, or declare another account`,
    ];
  } catch (error) {
    if (isDenied(error) || error instanceof NotFound) return [];
    throw error;
  }
}
