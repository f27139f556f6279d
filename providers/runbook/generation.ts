import { addDays, today } from "../host/clock";
import type { Consumer } from "./consumers";
import type { TokenStatus } from "./retirement/inputs";
import type { OwnerInputs } from "./tokenOwner";

/** One generation of an account's token, as declared for the day of the run. */
export interface GenerationInputs extends OwnerInputs {
  readonly account: string;
  /** The name that the account had before; tokens of that name are its own as well. */
  readonly formerly?: string;
  readonly fleet: string;
  readonly generation: string;
  readonly userId: number;
  readonly name: string;
  readonly description: string;
  readonly scopes: readonly string[];
  /** The day (UTC) at whose beginning the token dies. */
  readonly expiresAt: string;
  readonly lifecycle: "current" | "previous" | "retired";
  readonly adoptTokenId?: number;
  readonly consumers?: readonly Consumer[];
  /** All tokens of the account that live, as they were listed in this run; absent when nobody looked. */
  readonly liveTokenIds?: readonly number[];
  readonly onRemoval?: "refuse" | "revoke" | "release";
  /** Days before its real expiry from which a current token is replaced, where the declaration takes it to live longer. */
  readonly renewDays?: number;
}

/** One generation as it was left by the last run. */
export interface GenerationOutputs extends Omit<GenerationInputs, "liveTokenIds" | "renewDays"> {
  readonly tokenId?: number;
  readonly token?: string;
  /** An instant. */
  readonly mintedAt?: string;
  readonly status: TokenStatus;
  /** It was retired, and leftovers of lost answers looked for, when tokens still retired themselves. */
  readonly swept?: boolean;
}

/** The generation in words. */
export function generationTitle({ account, generation }: Pick<GenerationInputs, "account" | "generation">): string {
  return `generation "${generation}" of account "${account}"`;
}

/** The declaration as it is kept, with what was found in place of what may be declared anew. */
export function kept(inputs: GenerationInputs): Omit<GenerationInputs, "liveTokenIds" | "renewDays"> {
  const { liveTokenIds: _live, renewDays: _days, ...rest } = inputs;
  return { ...rest, onRemoval: inputs.onRemoval ?? "refuse" };
}

/** What is fixed once a token is minted; an edit of these takes effect with the next generation. */
export function fixed({
  name,
  description,
  scopes,
  expiresAt,
}: GenerationOutputs): Pick<GenerationInputs, "name" | "description" | "scopes" | "expiresAt"> {
  return { name, description, scopes, expiresAt };
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
