import type { Token } from "../../../clients/gitlab/users/tokens";
import type { Servers } from "../../../clients/servers";
import type { Retire, RetirementInputs } from "../../../contract/retirement";
import { lookAlikes } from "../../../rotation/lookAlikes";
import { isOfGeneration, markText } from "../../../rotation/mark";
import type { Context } from "../../host/provider";
import { tokensOf } from "../account/keptIn";
import type { OwnerInputs } from "../account/tokenOwner";
import { holdByUse } from "./dates";
import { heldElsewhere } from "./holders";
import { revoke } from "./revoke";

/** Whose leftovers are looked for. */
type Swept = OwnerInputs &
  Pick<RetirementInputs, "account" | "formerly" | "fleet" | "generation" | "userId" | "tokenId" | "leaked">;

/**
 * Revokes what lost answers left behind: live tokens of this generation and of its successor's that nobody knows. Those of
 * other generations are left to their own retirement: one of them may be held. What somebody works with is told, and lives.
 */
export async function sweep(
  active: readonly Token[],
  inputs: Swept,
  retire: Retire,
  doing: string,
  at: Servers,
  context: Context,
): Promise<void> {
  const known = new Set([inputs.tokenId, retire.successor.tokenId, ...retire.knownTokenIds]);
  const generations = [inputs.generation, retire.successor.generation];
  const strays = active.filter(
    (token) =>
      !known.has(token.id) && generations.some((generation) => isOfGeneration(token, { ...inputs, generation })),
  );
  for (const stray of strays) {
    // Whoever holds a leaked token can have it rotate itself: what it becomes bears its description, and leaked as well.
    const hasLeaked = inputs.leaked === true && isOfGeneration(stray, inputs);
    const inUse = !hasLeaked && isInUse(stray, retire) ? `was used at ${stray.lastUsedAt}` : undefined;
    const [held] = inUse === undefined ? await heldElsewhere({ id: stray.id }, inputs.account, at) : [];
    if (inUse !== undefined || held !== undefined) {
      context.log.warn(
        `${doing}: token ${stray.id} bears the mark ${markText(inputs)} or its successor's, is none of this stack's, and ${inUse ?? `is in use: ${held}`}. It is left alive: find who uses it (another stack of the same fleet?); revoke it in GitLab only when no place holds it any more`,
      );
      continue;
    }
    await revoke(inputs, stray.id, at);
    const why = hasLeaked
      ? "it bears the mark of what leaked, and is not in use here"
      : "it was left behind by a lost answer, or another took its place before its time";
    context.log.warn(`${doing}: token ${stray.id} was revoked as well; ${why}`);
  }
}

/**
 * Whether somebody else works with a stray. What a lost answer left behind cannot be used by anybody; what was used after
 * all our places held the successor is another's.
 */
function isInUse(stray: Token, retire: Retire): boolean {
  if (stray.lastUsedAt === undefined) return false;
  const isLater = Date.parse(stray.lastUsedAt) > Date.parse(retire.successor.provedAt ?? "");
  return isLater || holdByUse(stray, retire) !== undefined;
}

/** One that leaked and was dead when we came: somebody revoked it, or had it rotate itself. */
export async function tellLookAlikes(
  inputs: RetirementInputs,
  doing: string,
  at: Servers,
  context: Context,
): Promise<void> {
  const all = await tokensOf(inputs, at);
  const known = inputs.retire?.knownTokenIds ?? [];
  for (const { id } of lookAlikes(all, inputs.adoptTokenId).filter((one) => !known.includes(one.id)))
    context.log.warn(
      `${doing}: it was dead already, and token ${id} has its name, description and scopes, lives, and is none of this stack's. Whoever held the leaked one can have had it rotate itself into this. It is left alive, for it bears no mark: to end it, npm run emergency -- --token-id ${id} --revoke-undeclared`,
    );
}
