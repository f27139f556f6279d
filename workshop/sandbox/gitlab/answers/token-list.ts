import type { GitLabState } from "../state";
import type { Token } from "../tokens";
import type { Parameters } from "./parameters";

/** Filter and sort tokens as the list endpoints do: `expires_before` is strict, the other bounds are not. */
export function select(state: GitLabState, tokens: readonly Token[], parameters: Parameters): Token[] {
  const wantedState = parameters.oneOf("state", ["active", "inactive"]);
  const revoked = parameters.boolean("revoked");
  const search = parameters.string("search")?.toLowerCase();
  const bounds = {
    createdBefore: parameters.instant("created_before"),
    createdAfter: parameters.instant("created_after"),
    usedBefore: parameters.instant("last_used_before"),
    usedAfter: parameters.instant("last_used_after"),
    expiresBefore: parameters.date("expires_before"),
    expiresAfter: parameters.date("expires_after"),
  };
  const sort = parameters.string("sort");
  parameters.check();
  const chosen = tokens.filter((token) => {
    const active = state.tokens.isActive(token);
    const created = Date.parse(token.createdAt);
    const used = token.lastUsedAt === null ? undefined : Date.parse(token.lastUsedAt);
    return (
      (wantedState === undefined || (wantedState === "active") === active) &&
      (revoked === undefined || revoked === token.revoked) &&
      (search === undefined || token.name.toLowerCase().includes(search)) &&
      (bounds.createdBefore === undefined || created <= bounds.createdBefore) &&
      (bounds.createdAfter === undefined || created >= bounds.createdAfter) &&
      (bounds.usedBefore === undefined || (used !== undefined && used <= bounds.usedBefore)) &&
      (bounds.usedAfter === undefined || (used !== undefined && used >= bounds.usedAfter)) &&
      (bounds.expiresBefore === undefined || (token.expiresAt !== null && token.expiresAt < bounds.expiresBefore)) &&
      (bounds.expiresAfter === undefined || (token.expiresAt !== null && token.expiresAt >= bounds.expiresAfter))
    );
  });
  return ordered(chosen, sort);
}

const keys: Readonly<Record<string, (token: Token) => string>> = {
  created: (token) => token.createdAt,
  expires: (token) => token.expiresAt ?? "9999",
  last_used: (token) => token.lastUsedAt ?? "",
  name: (token) => token.name,
};

/** An unknown `sort` is ignored, as GitLab does. */
function ordered(tokens: Token[], sort: string | undefined): Token[] {
  const [, name = "", direction] = /^(\w+)_(asc|desc)$/.exec(sort ?? "") ?? [];
  const key = keys[name];
  if (!key) return [...tokens].sort((a, b) => a.id - b.id);
  const sign = direction === "desc" ? -1 : 1;
  return [...tokens].sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id - b.id));
}
