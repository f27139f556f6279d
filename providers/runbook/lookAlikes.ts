import type { Token } from "../gitlab/api/tokens";
import { markOf } from "./mark";

/**
 * What a token made by hand may have become: whoever holds a token can have it rotate itself, and what comes of it keeps its
 * name, description and scopes. Without a mark nobody can be sure, so these are told and left alone.
 *
 * @param tokens - all of the user's, the dead ones among them.
 */
export function lookAlikes(tokens: readonly Token[], tokenId: number | undefined): readonly Token[] {
  const old = tokens.find(({ id }) => id === tokenId);
  if (old === undefined || old.active || markOf(old.description) !== undefined) return [];
  const looks = ({ name, description, scopes }: Token) => JSON.stringify([name, description, [...scopes].sort()]);
  return tokens.filter((one) => one.active && one.createdAt > old.createdAt && looks(one) === looks(old));
}
