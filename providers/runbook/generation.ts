import type { Consumer } from "./consumers";
import type { OwnerInputs } from "./tokenOwner";
import type { ExternalConsumer } from "./tracking/announcement";

/** The token that takes over from a retired one. */
export interface Successor {
  readonly generation: string;
  readonly tokenId: number;
  readonly token: string;
  /** An instant; absent while it is not proven. */
  readonly provedAt?: string;
}

/** What must hold before a retired token is revoked. */
export interface Retire {
  readonly successor: Successor;
  readonly overlapDays: number;
  /** @default 0 */
  readonly quietHours?: number;
  readonly knownTokenIds: readonly number[];
  /** Consumers that cannot be written, and who updates each. */
  readonly external?: readonly ExternalConsumer[];
}

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
  readonly retire?: Retire;
  /** All tokens of the account that live, as they were listed in this run; absent when nobody looked. */
  readonly liveTokenIds?: readonly number[];
  readonly onRemoval?: "refuse" | "revoke" | "release";
  /** Why the account ends; then its tokens are revoked without a successor. */
  readonly decommission?: string;
}

/** One generation as it was left by the last run. */
export interface GenerationOutputs extends Omit<GenerationInputs, "retire" | "liveTokenIds"> {
  readonly tokenId?: number;
  readonly token?: string;
  /** An instant. */
  readonly mintedAt?: string;
  readonly status: "unminted" | "live" | "revoked" | "expired";
  /** Why a retired token still lives. */
  readonly hold?: string;
  /** Leftovers of lost answers were looked for when it was retired. */
  readonly swept?: boolean;
}

/** The generation in words. */
export function generationTitle({ account, generation }: Pick<GenerationInputs, "account" | "generation">): string {
  return `generation "${generation}" of account "${account}"`;
}

/** The declaration as it is kept, with what was found in place of what may be declared anew. */
export function kept(inputs: GenerationInputs): Omit<GenerationInputs, "retire" | "liveTokenIds"> {
  const { retire: _retire, liveTokenIds: _live, ...rest } = inputs;
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
