import { type AccountBlock, type Declaration, type Place, placesOf, titleOf } from "../fleet/declaration";
import type { Eyes, SeenToken } from "./eyes";
import type { Lines } from "./lines";

/** What is known of a token from what was seen so far. */
export interface Known {
  /** When every place of its account held it for the first time. */
  placedAt?: number;
  provenAt?: number;
  /** Whether a declared place ever held it. */
  wasInPlace: boolean;
  byHand: boolean;
  revokedAt?: number;
  /** Somebody ended it: no run could have known. */
  endedByHand?: true;
}

/** What a place holds, and since when. */
export interface Held {
  tokenId: number | undefined;
  /** Since when it is declared and holds that. */
  since: number;
  /** Whether the product put it there when it was dead already. */
  writtenDead: boolean;
}

/** Keeps account of what every look at the servers shows: where each token was, and since when. */
export class Ledger {
  tokens: ReadonlyMap<number, SeenToken> = new Map();
  readonly known = new Map<number, Known>();
  /** By account name and place. */
  readonly held = new Map<string, Held>();

  constructor(
    private readonly eyes: Eyes,
    private readonly lines: Lines,
  ) {}

  /** What is known of a token. */
  of(id: number): Known {
    const found = this.known.get(id) ?? { wasInPlace: false, byHand: false };
    this.known.set(id, found);
    return found;
  }

  /** Whether it is neither revoked nor expired. */
  isAlive(id: number | undefined): boolean {
    const token = id === undefined ? undefined : this.tokens.get(id);
    return token !== undefined && !token.isRevoked && token.expiresAt > this.eyes.now();
  }

  /** When it died, or will. */
  diedAt(id: number): number {
    const { revokedAt = Number.POSITIVE_INFINITY } = this.of(id);
    return Math.min(revokedAt, this.tokens.get(id)?.expiresAt ?? Number.POSITIVE_INFINITY);
  }

  /** Looks at everything; answers the tokens that were revoked since the look before. */
  look(declaration: Declaration, byProduct: boolean): readonly SeenToken[] {
    const now = this.eyes.now();
    const before = this.tokens;
    this.tokens = new Map(this.eyes.tokens().map((token) => [token.id, token]));
    const revoked = [...this.tokens.values()].filter((token) => token.isRevoked && !before.get(token.id)?.isRevoked);
    for (const { id } of revoked) {
      this.of(id).revokedAt = before.has(id) ? now : 0;
      if (!byProduct) this.of(id).endedByHand = true;
    }
    const declared = new Set<string>();
    for (const block of declaration.accounts) {
      for (const place of placesOf(block)) {
        const key = keyOf(block, place);
        declared.add(key);
        this.#note(key, this.eyes.tokenIn(place), now, byProduct);
      }
      this.#stand(block, declaration.fleet, now);
    }
    for (const key of this.held.keys()) if (!declared.has(key)) this.held.delete(key);
    return before.size === 0 ? [] : revoked;
  }

  /** The token that all places of an account hold. */
  standing(block: AccountBlock): number | undefined {
    const ids = new Set(placesOf(block).map((place) => this.held.get(keyOf(block, place))?.tokenId));
    return ids.size === 1 ? [...ids][0] : undefined;
  }

  #note(key: string, tokenId: number | undefined, now: number, byProduct: boolean): void {
    const before = this.held.get(key);
    if (tokenId !== undefined) this.of(tokenId).wasInPlace = true;
    if (before !== undefined && before.tokenId === tokenId) return;
    const isChange = before !== undefined && byProduct;
    const writtenDead = isChange && tokenId !== undefined && !this.isAlive(tokenId);
    this.held.set(key, { tokenId, since: now, writtenDead });
  }

  /** Notes when a token came to be in all places, and when it was proven there. What was put back before that begins anew. */
  #stand(block: AccountBlock, fleet: string, now: number): void {
    const standing = this.standing(block);
    for (const [id, known] of this.known) {
      if (id === standing || known.placedAt === undefined || known.provenAt !== undefined) continue;
      const token = this.tokens.get(id);
      if (token && this.lines.ofToken(token, fleet) === this.lines.of(block.name)) delete known.placedAt;
    }
    if (standing === undefined) return;
    const known = this.of(standing);
    known.placedAt ??= now;
    if (known.provenAt !== undefined) return;
    const { placedAt } = known;
    if (block.proof.length === 0) {
      if (this.tokens.get(standing)?.lastUsedAt !== undefined) known.provenAt = now;
      return;
    }
    const passed = block.proof.map((proof) => this.eyes.passedSince(proof, placedAt));
    if (passed.every((at) => at !== undefined)) known.provenAt = Math.max(...passed);
  }
}

/** A place of an account, by name. */
export const keyOf = ({ name }: AccountBlock, place: Place): string => `${name}: ${titleOf(place)}`;
