import { ownerOf } from "../gitlab/api/owner";
import { listTokens } from "../gitlab/api/tokens";
import type { ProviderFunction } from "../host/provider";
import { messageOf } from "./faults";
import { type Mark, markOf } from "./mark";
import { servers } from "./servers";
import type { OwnerInputs } from "./tokenOwner";

/** A token that lives, as it is told to the program. */
interface ListedToken {
  readonly id: number;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly mark?: Mark;
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
}

/**
 * The tokens of an account that live, by one list. A failing invoke would stop the run of every account, so what goes wrong
 * is data: `fault`, and no tokens.
 */
export const getTokens: ProviderFunction = async ({ userId, ...owner }, context) => {
  try {
    const gitlab = servers(context).gitlab();
    const tokens = await listTokens(gitlab, ownerOf(owner as OwnerInputs), Number(userId), { state: "active" });
    return {
      tokens: tokens.map(({ id, name, scopes, description, expiresAt, lastUsedAt }): ListedToken => {
        const mark = markOf(description);
        return {
          id,
          name,
          scopes,
          ...(mark === undefined ? {} : { mark }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
          ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
        };
      }),
    };
  } catch (error) {
    return { tokens: [], fault: messageOf(error) };
  }
};
