import { addDays, type Day } from "../../ground/day";
import type { Happening } from "../../reports/standing";
import { adopted } from "../../rotation/calendar/generations";
import { nextEvents } from "../../rotation/calendar/upcoming";
import type { AccountDeclaration, Settings } from "../../rotation/declaration/settings";
import type { Stored, StoredProof, StoredToken } from "./state";

const eventTexts = {
  mint: "new token",
  switch: "in the places again",
  retire: "revoked, if nobody uses it",
  expire: "dies",
} as const;

/** What happened to an account, by the state, and what its dates ask for next; the oldest first. */
export function lifeOf(
  account: AccountDeclaration,
  stored: Stored,
  tokens: readonly StoredToken[],
  proof: StoredProof | undefined,
  { settings, today, used }: { readonly settings: Settings; readonly today: Day; readonly used: string | undefined },
): readonly Happening[] {
  const isOwn = (one: { readonly account: string }) => one.account === account.name || one.account === account.formerly;
  const issueOf = (generation: string) => {
    const url = stored.issues.find((one) => isOwn(one) && one.generation === generation)?.url;
    return url === undefined || url === "" ? [] : [url];
  };
  const past: Happening[] = tokens.flatMap(({ generation, mintedAt, tokenId }) =>
    mintedAt === undefined
      ? []
      : [
          {
            at: mintedAt,
            generation,
            what: generation === adopted ? `made by hand: token ${tokenId}` : `minted token ${tokenId}`,
            rank: 0,
            links: issueOf(generation),
          },
        ],
  );
  if (proof !== undefined && proof.provedAt !== undefined)
    past.push({ at: proof.provedAt, generation: proof.generation, what: "proved", rank: 1, links: urls(proof) });
  else if (proof !== undefined) {
    const at = tokens.find((one) => one.generation === proof.generation)?.mintedAt ?? today;
    const back = proof.putBack ? `; ${proof.lastProven?.generation ?? "the earlier one"} is in the places again` : "";
    const attempt =
      proof.status === "running"
        ? "its pipelines are still running"
        : `attempt ${proof.attempts} of ${proof.maxAttempts} failed${back}`;
    past.push({ at, generation: proof.generation, what: attempt, rank: 1, links: urls(proof) });
  }
  for (const { generation, status, revokedAt } of stored.ends.filter(isOwn)) {
    const token = tokens.find((one) => one.generation === generation);
    if (revokedAt !== undefined) past.push({ at: revokedAt, generation, what: "revoked", rank: 2, links: [] });
    else if (status === "expired" && token !== undefined)
      past.push({ at: token.expiresAt, generation, what: "died by itself", rank: 2, links: [] });
  }
  const isProven = proof === undefined || proof.provedAt !== undefined;
  const coming = nextEvents({ ...settings, accounts: [account] }, today).map(
    ({ date, event, generation, explanation }): Happening => ({
      at: date,
      generation,
      what:
        event === "retire" && (generation === used || !isProven)
          ? "revoked, once its successor is proven"
          : eventTexts[event],
      rank: event === "mint" || event === "switch" ? 0 : 2,
      links: [],
      ...(event === "mint" ? { why: explanation } : {}),
    }),
  );
  const known = new Set(coming.filter(({ what }) => what === "dies").map(({ generation }) => generation));
  const dying = tokens.flatMap(({ generation, expiresAt, status }): Happening[] => {
    const isOver =
      known.has(generation) || expiresAt <= today || status === "revoked" || expiresAt > addDays(today, 500);
    const isEnded = stored.ends.some((one) => isOwn(one) && one.generation === generation && one.status !== "live");
    return isOver || isEnded ? [] : [{ at: expiresAt, generation, what: "would die by itself", rank: 2, links: [] }];
  });
  const key = ({ at, rank }: Happening) => `${at.slice(0, 10)} ${rank}`;
  return [...past, ...coming, ...dying].sort((one, other) =>
    key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0,
  );
}

function urls({ runs }: StoredProof): readonly string[] {
  return runs.map(({ url }) => url).filter(Boolean);
}
