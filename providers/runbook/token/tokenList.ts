import { messageOf } from "../../../clients/faults";
import { servers } from "../../../clients/servers";
import type { InputsOf, OutputsOf } from "../../../contract/form/declared";
import type * as contract from "../../../contract/tokenList";
import type { ListedToken } from "../../../contract/tokenList";
import { markOf } from "../../../rotation/mark";
import type { ProviderFunction } from "../../host/provider";
import { tokensOf } from "../account/keptIn";

/**
 * The tokens of an account that live, by one list. A failing invoke would stop the run of every account, so what goes wrong
 * is data: `fault`, and no tokens.
 */
export const getTokens: ProviderFunction<
  InputsOf<typeof contract.getTokens>,
  OutputsOf<typeof contract.getTokens>
> = async ({ userId, ...owner }, context) => {
  try {
    const tokens = await tokensOf({ ...owner, userId }, servers(context), { state: "active" });
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
