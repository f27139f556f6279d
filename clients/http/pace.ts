import { askedDelay } from "./retry";

/** What a server takes of one kind of request from one user. */
export interface Allowance {
  /** Tells the kinds apart. */
  readonly kind: string;
  readonly requests: number;
  /** In which `requests` may be sent. */
  readonly milliseconds: number;
}

/** The part of a limit that is left to the other processes of a run: each sees what they sent only in its next answer. */
const SHARE_OF_OTHERS = 0.05;

/** The longest that an announced reset is waited for, in milliseconds: beyond it the server is asked. */
const LONGEST = 60_000;

/** When to look again whether one of those under way was answered, in milliseconds. */
const SOON = 50;

/** What the server said last of one of its limits. */
interface Window {
  readonly remaining: number;
  /** Undefined where the server does not say it. */
  readonly limit: number | undefined;
  /** When it begins anew, in milliseconds since the process began. */
  readonly until: number;
}

/** The requests of one kind that may still count. */
interface Sent {
  underWay: number;
  /** When each was answered, in milliseconds since the process began. */
  readonly answered: number[];
}

/**
 * Holds requests back before a limit is reached: one that the server announces in its answers, and one that is published and that
 * no answer shows. What is under way counts as sent.
 */
export class Pace {
  readonly #windows = new Map<string, Window>();
  readonly #sent = new Map<string, Sent>();
  #underWay = 0;

  /** How long to wait, in milliseconds, until one more may be sent; 0: it may be at once. */
  wait(allowance?: Allowance, now = performance.now()): number {
    const announced = [...this.#windows.values()].map((window) => this.#until(window, now));
    return Math.max(0, ...announced, allowance === undefined ? 0 : this.#published(allowance, now));
  }

  /** Counts one as sent. Answers what is to be called when it has been answered, or has failed. */
  begin(allowance?: Allowance): () => void {
    this.#underWay += 1;
    const kind = allowance === undefined ? undefined : this.#of(allowance);
    if (kind !== undefined) kind.underWay += 1;
    return () => {
      this.#underWay -= 1;
      if (kind === undefined) return;
      kind.underWay -= 1;
      kind.answered.push(performance.now());
    };
  }

  /** Heeds what an answer says of the server's limits. */
  note(headers: Headers, now = performance.now()): void {
    const remaining = numberIn(headers, "ratelimit-remaining");
    const asked = askedDelay(headers);
    if (remaining === undefined || asked === undefined) return;
    const name = headers.get("ratelimit-name") ?? "";
    const known = this.#windows.get(name);
    const until = now + asked;
    // An answer that was sent earlier, and comes later, knows less. A reset is told to the second.
    const isSame = known !== undefined && known.until > now && Math.abs(known.until - until) < 2_000;
    if (known !== undefined && !isSame && known.until > until) return;
    this.#windows.set(name, {
      remaining: isSame ? Math.min(known.remaining, remaining) : remaining,
      limit: numberIn(headers, "ratelimit-limit") ?? known?.limit,
      until: isSame ? Math.max(known.until, until) : until,
    });
  }

  #until({ remaining, limit, until }: Window, now: number): number {
    const left = until - now;
    // Of an hour's limit nothing is kept back: nobody waits for the next one.
    const kept = limit === undefined || left > LONGEST ? 0 : Math.floor(limit * SHARE_OF_OTHERS);
    if (left > 0) return remaining - this.#underWay > kept ? 0 : Math.min(left, LONGEST);
    // It began anew, and no answer has told of it yet.
    return limit === undefined || limit - this.#underWay > kept ? 0 : SOON;
  }

  #published({ kind, requests, milliseconds }: Allowance, now: number): number {
    const sent = this.#sent.get(kind);
    if (sent === undefined) return 0;
    while (sent.answered[0] !== undefined && sent.answered[0] <= now - milliseconds) sent.answered.shift();
    if (sent.underWay + sent.answered.length < requests) return 0;
    const oldest = sent.answered[0];
    // All of them are under way: one that is answered begins to count from then.
    return oldest === undefined ? milliseconds : oldest + milliseconds - now;
  }

  #of({ kind }: Allowance): Sent {
    const known = this.#sent.get(kind) ?? { underWay: 0, answered: [] };
    this.#sent.set(kind, known);
    return known;
  }
}

function numberIn(headers: Headers, name: string): number | undefined {
  const text = headers.get(name);
  return text !== null && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}
