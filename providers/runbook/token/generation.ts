import type { PersonalAccessTokenInputs, PersonalAccessTokenOutputs } from "../../../contract/personalAccessToken";
import { addDays, today } from "../../../ground/now";

/** The generation in words. */
export function generationTitle({
  account,
  generation,
}: Pick<PersonalAccessTokenInputs, "account" | "generation">): string {
  return `generation "${generation}" of account "${account}"`;
}

/** The declaration as it is kept, with what was found in place of what may be declared anew. */
export function kept(inputs: PersonalAccessTokenInputs): Omit<PersonalAccessTokenInputs, "liveTokenIds" | "renewDays"> {
  const { liveTokenIds: _live, renewDays: _days, ...rest } = inputs;
  return rest;
}

/** What is fixed once a token is minted; an edit of these takes effect with the next generation. */
export function fixed({
  name,
  description,
  scopes,
  permissions,
  expiresAt,
}: PersonalAccessTokenOutputs): Pick<
  PersonalAccessTokenInputs,
  "name" | "description" | "scopes" | "permissions" | "expiresAt"
> {
  return { name, description, scopes, ...(permissions === undefined ? {} : { permissions }), expiresAt };
}

/**
 * Whether a token that was minted is to be replaced before the calendar does: that goes by the declared lifetime, a token by
 * the one that it was minted with, and an edit made it look younger.
 */
export function diesBeforeDeclared(
  minted: { readonly expiresAt: string },
  { expiresAt, renewDays }: { readonly expiresAt: string; readonly renewDays?: number },
): boolean {
  if (renewDays === undefined || expiresAt <= minted.expiresAt) return false;
  return minted.expiresAt <= addDays(today(), renewDays);
}
