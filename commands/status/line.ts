import type { Day } from "../../ground/day";
import type { Line } from "../../reports/fleet/line";
import type { AccountStatus } from "../../reports/standing";
import { adopted } from "../../rotation/calendar/generations";
import { type Bar, type Span, timeline } from "../../rotation/calendar/timeline";
import type { AccountDeclaration, Freeze } from "../../rotation/declaration/settings";
import type { Stored, StoredToken } from "./state";

/** Where a line of time is cut off. */
export interface Stretch {
  readonly from: Day;
  readonly today: Day;
  readonly to: Day;
}

/** What is known of an account. */
export interface Known {
  readonly freezes: readonly Freeze[];
  readonly stored: Stored;
  readonly status: AccountStatus;
}

/**
 * The tokens of an account over time: what was, by the state; what is to come, as the dates ask. Of a state that could not be read
 * nothing is drawn but what begins after today.
 */
export function lineOf(account: AccountDeclaration, { freezes, stored, status }: Known, stretch: Stretch): Line {
  const isOwn = (one: { readonly account: string }) => one.account === account.name || one.account === account.formerly;
  const { from, today, to } = stretch;
  const declared = timeline(account, freezes, from, to);
  const tokens = stored.tokens
    .filter((one) => isOwn(one) && one.status !== "unminted")
    .sort((one, other) => (begin(one, from) < begin(other, from) ? -1 : 1));
  const used = tokens.findIndex(({ generation }) => generation === status.inUse?.generation);
  const leaks = new Map(
    [...stored.accounts.filter(isOwn).flatMap(({ compromised }) => compromised), ...account.compromised].map(
      ({ generation, reason }) => [generation, reason],
    ),
  );
  // When the next one opens, the token in use hands over, whatever became of the one between them.
  const change = declared.find(({ opens }) => opens !== undefined && opens > today)?.opens ?? to;
  const lived = tokens.map((token, at): Bar => {
    const plan = declared.find(({ generation }) => generation === token.generation);
    const end = stored.ends.find((one) => isOwn(one) && one.generation === token.generation)?.revokedAt?.slice(0, 10);
    const dead = end ?? (token.expiresAt <= today ? token.expiresAt : token.status === "live" ? undefined : today);
    const successor = at < used ? begin(tokens[at + 1] ?? token, from) : undefined;
    const past = pastOf(at, used, {
      begun: begin(token, from),
      successor,
      until: earlier(dead ?? today, token.expiresAt),
    });
    const future =
      dead === undefined ? futureOf(at, used, plan?.spans ?? [], { today, change, expiresAt: token.expiresAt }) : [];
    const leak = leaks.get(token.generation);
    return {
      generation: token.generation,
      retireOn: plan?.retireOn ?? token.expiresAt,
      expiresAt: dead ?? token.expiresAt,
      held: token.generation === account.holdAt,
      ...(leak === undefined ? {} : { compromised: leak }),
      spans: joined([...past, ...future]).filter((span) => span.from < span.to),
    };
  });
  const coming = declared
    .filter(({ generation }) => tokens.every((one) => one.generation !== generation))
    .filter(({ opens = "" }) => stored.isRead || opens > today)
    .map((bar) => {
      // The token made by hand is there before any run is.
      const isThere = bar.generation === adopted && tokens.length === 0;
      const spans = isThere ? bar.spans : after(bar.spans, today);
      // What is due, and no run has minted, is not in use.
      const isLate = bar.opens !== undefined && bar.opens < today;
      return { ...bar, spans: isLate ? waiting(spans) : spans };
    });
  const bars = [...lived, ...coming].filter(({ spans }) => spans.length > 0);
  const { inUse, next, proof } = status;
  const isDying = inUse !== undefined && next?.event === "expire" && next.generation === inUse.generation;
  const dying = new Set(isDying || status.verdict === "risk" ? [inUse?.generation ?? ""] : []);
  return {
    bars,
    dying,
    today,
    proofs: proof === undefined || proof.status === "running" ? [] : [proofOf(proof, tokens, today)],
  };
}

function proofOf(
  { generation, provedAt }: NonNullable<AccountStatus["proof"]>,
  tokens: readonly StoredToken[],
  today: Day,
): Line["proofs"][number] {
  const token = tokens.find((one) => one.generation === generation);
  if (provedAt !== undefined) return { on: provedAt.slice(0, 10), generation, kind: "passed" };
  return { on: token?.mintedAt?.slice(0, 10) ?? today, generation, kind: "failed" };
}

function begin({ mintedAt }: StoredToken, from: Day): Day {
  return mintedAt?.slice(0, 10) ?? from;
}

/** Up to today: in use until its successor was minted, then beside it; a later one waits until it is proven. */
function pastOf(
  at: number,
  used: number,
  { begun, successor, until }: { readonly begun: Day; readonly successor: Day | undefined; readonly until: Day },
): readonly Span[] {
  if (at > used) return [{ lifecycle: "waiting", from: begun, to: until }];
  if (successor === undefined) return [{ lifecycle: "current", from: begun, to: until }];
  const change = earlier(successor, until);
  return [
    { lifecycle: "current", from: begun, to: change },
    { lifecycle: "previous", from: change, to: until },
  ];
}

/** From today on, as far as the dates agree with what was. The token in use stays that until another one opens. */
function futureOf(
  at: number,
  used: number,
  spans: readonly Span[],
  { today, change, expiresAt }: { readonly today: Day; readonly change: Day; readonly expiresAt: Day },
): readonly Span[] {
  const rest = after(spans, today).filter(({ lifecycle }) => lifecycle !== "retired");
  if (at > used) return waiting(rest);
  if (rest[0]?.lifecycle === (at === used ? "current" : "previous")) return rest;
  return at === used ? [{ lifecycle: "current", from: today, to: earlier(change, expiresAt) }] : [];
}

function waiting(spans: readonly Span[]): readonly Span[] {
  const living = spans.filter(({ lifecycle }) => lifecycle !== "retired");
  return joined(living.map((span) => ({ ...span, lifecycle: "waiting" as const })));
}

function after(spans: readonly Span[], day: Day): readonly Span[] {
  return spans.flatMap((span) => {
    const from = span.from < day ? day : span.from;
    return from < span.to ? [{ ...span, from }] : [];
  });
}

function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last?.lifecycle === span.lifecycle && last.to === span.from) all[all.length - 1] = { ...last, to: span.to };
    else all.push(span);
  }
  return all;
}

function earlier(one: Day, other: Day): Day {
  return one < other ? one : other;
}
