import { ownerOf } from "../gitlab/api/owner";
import { listTokens, type MintedToken, mintToken, type Token } from "../gitlab/api/tokens";
import { today } from "../host/clock";
import type { Context } from "../host/provider";
import { mayHaveHappened } from "../http";
import { failed } from "./faults";
import { type GenerationInputs, type GenerationOutputs, generationTitle, kept } from "./generation";
import { marked, markOf, markText } from "./mark";
import { servers } from "./servers";

/**
 * Makes a generation's token beside those that exist; nothing is revoked. An answer that was lost cannot be had again, so
 * another token is made then; the lost one bears the mark and is revoked when a token of its account is retired.
 */
export async function mint(inputs: GenerationInputs, context: Context): Promise<GenerationOutputs> {
  const doing = `minting ${generationTitle(inputs)}`;
  if (inputs.expiresAt <= today())
    throw new Error(
      `${doing}: it would be dead at once, since it expires on "${inputs.expiresAt}". Open a new generation with an entry in "extraDates".`,
    );
  const minted = await send(inputs, context).catch(async (error: unknown) => {
    if (!mayHaveHappened(error) || context.signal.aborted) throw failed(doing, error);
    await tellOfStrays(inputs, context).catch((cause: unknown) => {
      throw failed(`${doing}: the answer was lost, and looking for what it did failed`, cause);
    });
    return send(inputs, context).catch((cause: unknown) => {
      throw failed(doing, cause);
    });
  });
  context.log.info(`minted token ${minted.id} for ${generationTitle(inputs)}; it expires on ${inputs.expiresAt}`);
  return {
    ...kept(inputs),
    tokenId: minted.id,
    token: minted.value,
    mintedAt: minted.createdAt,
    status: "live",
  };
}

function send(inputs: GenerationInputs, context: Context): Promise<MintedToken> {
  const { name, scopes, expiresAt } = inputs;
  const description = marked(inputs.description, inputs);
  return mintToken(servers(context).gitlab(), ownerOf(inputs), inputs.userId, { name, description, scopes, expiresAt });
}

/** Looks for the token of a lost answer, so that whoever watches knows of it. */
async function tellOfStrays(inputs: GenerationInputs, context: Context): Promise<void> {
  const tokens = await listTokens(servers(context).gitlab(), ownerOf(inputs), inputs.userId, { state: "active" });
  const lost = tokens.filter((token) => isOfGeneration(token, inputs)).map(({ id }) => id);
  const found =
    lost.length === 0 ? "it made none" : `it made token ${lost.join(", ")}, which nobody knows the value of`;
  context.log.warn(
    `minting ${generationTitle(inputs)}: GitLab's answer was lost; ${found}. Another one is minted. What bears the mark ${markText(inputs)} and is not in use is revoked when a token of this account is retired.`,
  );
}

/** What tells whose a mark is. */
type Marked = Pick<GenerationInputs, "fleet" | "account" | "formerly">;

/** Whether a token was made for a generation. */
export function isOfGeneration(token: Token, of: Marked & Pick<GenerationInputs, "generation">): boolean {
  return isOfAccount(token, of) && markOf(token.description)?.generation === of.generation;
}

/** Whether a token was made for an account, under its name or its former one. */
export function isOfAccount({ description }: Token, { fleet, account, formerly }: Marked): boolean {
  const mark = markOf(description);
  return mark?.fleet === fleet && (mark.account === account || mark.account === formerly);
}
