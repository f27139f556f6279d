import type { Consumer } from "../consumers";
import type { OwnerInputs } from "../tokenOwner";
import type { ExternalConsumer } from "../tracking/announcement";

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

/** A token as its own resource knows it. */
export type TokenStatus = "unminted" | "live" | "revoked" | "expired";

/** The end of one generation's token, as declared for the day of the run. */
export interface RetirementInputs extends OwnerInputs {
  readonly account: string;
  /** The name that the account had before; tokens of that name are its own as well. */
  readonly formerly?: string;
  readonly fleet: string;
  readonly generation: string;
  readonly userId: number;
  /** Absent when none was minted. */
  readonly tokenId?: number;
  /** Absent where it is not known, as of one made by hand that no place showed. */
  readonly token?: string;
  readonly expiresAt: string;
  readonly status: TokenStatus;
  /** It was retired, and leftovers looked for, when tokens still retired themselves. */
  readonly swept?: boolean;
  readonly adoptTokenId?: number;
  /** @default false */
  readonly leaked?: boolean;
  /** Why the account ends; then there is no successor. */
  readonly decommission?: string;
  /** The account's own places. */
  readonly consumers?: readonly Consumer[];
  readonly retire?: Retire;
}

/** What became of the token. */
export interface RetirementOutputs
  extends Pick<
    RetirementInputs,
    "account" | "formerly" | "fleet" | "group" | "project" | "instance" | "generation" | "userId" | "tokenId"
  > {
  readonly status: TokenStatus;
  /** Why it still lives; empty when it does not. */
  readonly hold: string;
  /** Leftovers of lost answers were looked for. */
  readonly swept: boolean;
  /** When this step revoked it, an instant. */
  readonly revokedAt?: string;
}
