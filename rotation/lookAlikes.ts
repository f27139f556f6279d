import { markOf } from "./mark";

/** A token as GitLab lists it, as far as that tells what became of it. */
interface Alike {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly scopes: readonly string[];
  /** An instant. */
  readonly createdAt: string;
  readonly active: boolean;
}

/**
 * What a token made by hand may have become: whoever holds a token can have it rotate itself, and what comes of it keeps its
 * name, description and scopes. Without a mark nobody can be sure, so these are told and left alone.
 *
 * @param tokens - all of the user's, the dead ones among them.
 */
export function lookAlikes<T extends Alike>(tokens: readonly T[], tokenId: number | undefined): readonly T[] {
  const old = tokens.find(({ id }) => id === tokenId);
  if (old === undefined || old.active || markOf(old.description) !== undefined) return [];
  const looks = ({ name, description, scopes }: Alike) => JSON.stringify([name, description, [...scopes].sort()]);
  return tokens.filter((one) => one.active && one.createdAt > old.createdAt && looks(one) === looks(old));
}
