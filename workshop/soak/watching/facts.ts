import { type AccountBlock, type Declaration, placesOf, titleOf } from "../fleet/declaration";
import type { Healthy } from "../judges/healthy";
import type { Revocation, Successor } from "../judges/revocation";
import type { Eyes, SeenToken } from "./eyes";
import { keyOf, type Ledger } from "./ledger";
import type { Lines } from "./lines";

/** What is known of the accounts' tokens, in the words of the judges. */
export class Facts {
  constructor(
    private readonly eyes: Eyes,
    private readonly ledger: Ledger,
    private readonly lines: Lines,
  ) {}

  /** The living token that all places of an account hold. */
  standing(block: AccountBlock): SeenToken | undefined {
    const id = this.ledger.standing(block);
    const token = id === undefined ? undefined : this.ledger.tokens.get(id);
    return token !== undefined && this.ledger.isAlive(token.id) ? token : undefined;
  }

  /** The tokens that are an account's: by their marks, or because it adopts them. */
  tokensOf(block: AccountBlock, fleet: string): readonly SeenToken[] {
    const line = this.lines.of(block.name);
    return [...this.ledger.tokens.values()].filter(
      (token) =>
        this.lines.ofToken(token, fleet) === line || (token.mark === undefined && token.id === block.adopt?.tokenId),
    );
  }

  /** Every token that a declared place holds. */
  inPlaces(): ReadonlySet<number | undefined> {
    return new Set([...this.ledger.held.values()].map(({ tokenId }) => tokenId));
  }

  /** Living tokens that no declared place holds, and how long their successors have been there, which counts from `calmSince`. */
  older(block: AccountBlock, fleet: string, calmSince: number): Healthy["older"] {
    const inPlaces = this.inPlaces();
    const since = this.#since(this.ledger.standing(block), calmSince);
    return this.tokensOf(block, fleet)
      .filter((token) => this.ledger.isAlive(token.id) && !inPlaces.has(token.id) && !this.isByHand(token))
      .map((token) => ({
        id: token.id,
        hasLeaked: hasLeaked(block, token),
        lastUsedAt: token.lastUsedAt,
        successorSince: this.ledger.of(token.id).wasInPlace ? since : undefined,
      }));
  }

  /** Whether a person made it, or made a mess of which it is a part. */
  isByHand({ id, mark }: SeenToken): boolean {
    return this.ledger.of(id).byHand || this.lines.isUntold(mark?.account);
  }

  /** A token that was just revoked; `lastOf` tells what an account said before it was taken out. */
  revocation(
    token: SeenToken,
    { accounts, fleet }: Declaration,
    lastOf: (line: string) => AccountBlock | undefined,
  ): Revocation & { readonly line: string } {
    const { ledger } = this;
    const line = this.lines.ofToken(token, fleet);
    const blocks = accounts.filter(
      (block) => this.lines.of(block.name) === line || (line === undefined && block.adopt?.tokenId === token.id),
    );
    const last = line === undefined ? undefined : lastOf(line);
    const isEnded = (block: AccountBlock | undefined) => block?.decommission !== undefined;
    const heldBy = accounts.flatMap((block) =>
      isEnded(block) && blocks.includes(block)
        ? []
        : placesOf(block)
            .filter((place) => ledger.held.get(keyOf(block, place))?.tokenId === token.id)
            .map((place) => `${titleOf(place)} of ${block.name}`),
    );
    const isAsked =
      blocks.length === 0
        ? last?.onRemoval === "revoke" || isEnded(last)
        : blocks.some((block) => isEnded(block) || hasLeaked(block, token));
    const newer = blocks.flatMap((block) => this.tokensOf(block, fleet).filter(({ id }) => id > token.id));
    const successors = newer.map(({ id }): Successor => {
      const { placedAt, provenAt } = ledger.of(id);
      return { id, alive: ledger.isAlive(id), placedAt, provenAt };
    });
    return {
      line: line ?? blocks[0]?.name ?? "",
      ...{ id: token.id, now: this.eyes.now(), heldBy, isAsked, successors },
      wasInUse: ledger.of(token.id).wasInPlace || line === undefined,
      overlapDays: Math.min(...blocks.map(({ rotation }) => rotation.overlapDays), 400),
    };
  }

  #since(id: number | undefined, calmSince: number): number | undefined {
    if (id === undefined) return undefined;
    const { placedAt, provenAt } = this.ledger.of(id);
    return placedAt === undefined || provenAt === undefined ? undefined : Math.max(placedAt, provenAt, calmSince);
  }
}

function hasLeaked(block: AccountBlock, { id, mark }: SeenToken): boolean {
  const leaked = (block.compromised ?? []).map(({ generation }) => generation);
  return id === block.adopt?.tokenId ? leaked.includes("adopted") : leaked.includes(mark?.generation ?? "");
}
