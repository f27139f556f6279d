import { type Day, daysBetween, show } from "../../ground/day";
import type { AccountStatus } from "../../reports/standing";
import { adopted, generations } from "../../rotation/calendar/generations";
import { nextEvents } from "../../rotation/calendar/upcoming";
import { placeTexts } from "../../rotation/declaration/places";
import type { AccountDeclaration, Settings } from "../../rotation/declaration/settings";
import type { AccountHealth } from "../../rotation/health/health";
import { currentOf } from "../../rotation/plan/effects";
import { lifeOf } from "./life";
import type { Stored, StoredProof, StoredToken } from "./state";

/** From how many days before its death on a token in use is at risk. */
const RISK = 3;

/** What is known of an account beside its declaration. */
export interface Sources {
  readonly settings: Settings;
  readonly stored: Stored;
  readonly today: Day;
  /** What the servers say of it, where they were asked. */
  readonly live?: AccountHealth | undefined;
}

/** How an account stands, by the state that the last run left, and by the servers where they were asked. */
export function standingOf(account: AccountDeclaration, { settings, stored, today, live }: Sources): AccountStatus {
  const isOwn = (one: { readonly account: string }) => one.account === account.name || one.account === account.formerly;
  const tokens = stored.tokens.filter(isOwn);
  const proof = stored.proofs.find(isOwn);
  const used = stored.isRead ? (inUse(tokens, proof) ?? byHand(account)) : seenInUse(live);
  const told = stored.told.get(account.name);
  // What the places hold is not revoked, whatever the dates ask for.
  const next = nextEvents({ ...settings, accounts: [account] }, today).find(
    ({ event, generation }) => event !== "retire" || generation !== used?.generation,
  );
  const due = currentOf(generations(account, settings.freezes, today));
  const isBegun = stored.accounts.some(isOwn);
  const waiting = stored.waiting.get(account.name);
  const isOpen = due !== undefined && due.name !== adopted && !tokens.some((one) => one.generation === due.name);
  // On its own day a run is still to come, unless none ever came.
  const isLate = stored.isRead && isOpen && (isBegun ? (due.date ?? today) < today : true);
  const fault = told?.failed ?? stored.accounts.find(isOwn)?.fault;
  const left = used === undefined ? undefined : daysBetween(today, used.expiresAt);
  const held = stored.ends.filter(isOwn).flatMap((one) => {
    return one.hold !== "" && one.status === "live" ? [`${one.generation}: ${one.hold}`] : [];
  });
  // After a put-back the places hold the earlier token because they are to.
  const isMeant = (place: string | undefined) =>
    proof?.putBack === true &&
    live?.places.some((one) => one.place === place && one.tokenId === used?.tokenId) === true;
  const alarms = (live?.alarms ?? []).filter(({ stalePlace }) => !isMeant(stalePlace));
  const isRisk =
    (left !== undefined && left <= RISK) || used?.status === "revoked" || alarms.some(({ level }) => level === "risk");
  const isDue =
    (fault ?? "") !== "" || (isLate && waiting === undefined) || alarms.some(({ level }) => level === "due");
  return {
    account: account.name,
    username: account.account.username,
    verdict: isRisk
      ? "risk"
      : isDue
        ? "due"
        : !stored.isRead
          ? live === undefined
            ? "unknown"
            : "fine"
          : !isBegun
            ? "new"
            : proof?.status === "running"
              ? "running"
              : "fine",
    ...(used === undefined
      ? {}
      : { inUse: { generation: used.generation, tokenId: used.tokenId, expiresAt: used.expiresAt, days: left ?? 0 } }),
    places: placesOf(account, used, isBegun, live),
    ...(proof === undefined
      ? {}
      : {
          proof: {
            generation: proof.generation,
            status: proof.status,
            provedAt: proof.provedAt,
            attempts: proof.attempts,
            maxAttempts: proof.maxAttempts,
            links: proof.runs.map(({ url }) => url).filter(Boolean),
          },
        }),
    held,
    ...(waiting === undefined ? {} : { waiting }),
    ...(fault === undefined || fault === "" ? {} : { failed: fault }),
    ...(isLate && waiting === undefined
      ? {
          late: `generation ${due?.name} is due ${(due?.date ?? today) < today ? `since ${show(due?.date ?? today)}` : "today"}, and no run has minted it`,
        }
      : {}),
    ...(next === undefined ? {} : { next: { date: next.date, event: next.event, generation: next.generation } }),
    alarms: alarms.map(({ level, message }) => ({ level, message })),
    life: lifeOf(account, stored, tokens, proof, { settings, today, used: used?.generation }),
  };
}

/** The token that the places are to hold: what was last proven, where its successor was put back. */
function inUse(tokens: readonly StoredToken[], proof: StoredProof | undefined): StoredToken | undefined {
  const generation = proof === undefined ? adopted : proof.putBack ? proof.lastProven?.generation : proof.generation;
  return tokens.find((one) => one.generation === generation) ?? (proof === undefined ? tokens[0] : undefined);
}

/** The token that was made by hand, of an account that no run has begun. */
function byHand({
  adopt,
}: AccountDeclaration): Pick<StoredToken, "generation" | "tokenId" | "expiresAt" | "status"> | undefined {
  return adopt === undefined
    ? undefined
    : { generation: adopted, tokenId: adopt.tokenId, expiresAt: adopt.expiresAt, status: "live" };
}

/** What GitLab has as the token in use, where no state tells. */
function seenInUse(
  live: AccountHealth | undefined,
): Pick<StoredToken, "generation" | "tokenId" | "expiresAt" | "status"> | undefined {
  const token = live?.tokens.find(({ lifecycle, state }) => lifecycle === "current" && state === "alive");
  if (token?.expiresAt === undefined) return undefined;
  return { generation: token.generation, tokenId: token.tokenId, expiresAt: token.expiresAt, status: "live" };
}

function placesOf(
  declaration: AccountDeclaration,
  used: Pick<StoredToken, "generation"> | undefined,
  isBegun: boolean,
  live: AccountHealth | undefined,
): AccountStatus["places"] {
  return placeTexts(declaration).map((place) => {
    const seen = live?.places.find((one) => one.place === place);
    if (seen === undefined)
      return { place, holds: isBegun && used?.generation !== adopted ? used?.generation : undefined, isRead: false };
    const token = live?.tokens.find(({ tokenId }) => tokenId !== undefined && tokenId === seen.tokenId);
    const { unknown } = seen;
    const because =
      typeof unknown === "object" ? ("because" in unknown ? unknown.because : `made on ${unknown.madeOn}`) : unknown;
    const holds = token?.generation ?? (seen.tokenId === undefined ? undefined : `token ${seen.tokenId}`);
    return { place, holds, isRead: true, ...(because === undefined ? {} : { because }) };
  });
}
