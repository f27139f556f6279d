import type { Day } from "../ground/day";
import type { Event } from "../rotation/calendar/upcoming";
import type { Alarm } from "../rotation/health/seen";

/** Something in an account's life. */
export interface Happening {
  /** A day, or an instant. */
  readonly at: string;
  readonly generation: string;
  readonly what: string;
  /** Its place among those of one day. */
  readonly rank: number;
  readonly links: readonly string[];
  /** Why on that day. */
  readonly why?: string;
}

/** How an account stands. */
export interface AccountStatus {
  readonly account: string;
  /** GitLab's user. */
  readonly username: string;
  /** `risk`: what its places hold is dead, or dies within days; `due`: failed or late; `new`: no run has begun it; `unknown`: neither state nor servers told. */
  readonly verdict: "risk" | "due" | "unknown" | "running" | "new" | "fine";
  /** The token that its places are to hold; absent where none is known. */
  readonly inUse?: {
    readonly generation: string;
    readonly tokenId: number | undefined;
    readonly expiresAt: Day;
    /** Until then. */
    readonly days: number;
  };
  readonly places: readonly {
    readonly place: string;
    /** The generation that it holds: as the last run left it, or as it was read. */
    readonly holds: string | undefined;
    readonly isRead: boolean;
    /** Why nothing is known of what was read. */
    readonly because?: string;
  }[];
  /** The proof of its newest token. */
  readonly proof?: {
    readonly generation: string;
    readonly status: string;
    /** An instant. */
    readonly provedAt: string | undefined;
    readonly attempts: number;
    readonly maxAttempts: number;
    readonly links: readonly string[];
  };
  /** Older tokens that live on, and why. */
  readonly held: readonly string[];
  /** Why its rotation waits its turn. */
  readonly waiting?: string;
  /** What its last run failed of. */
  readonly failed?: string;
  /** What no run has done. */
  readonly late?: string;
  readonly next?: Pick<Event, "date" | "event" | "generation">;
  /** What the servers show, where they were asked. */
  readonly alarms: readonly Pick<Alarm, "level" | "message">[];
  /** The oldest first; what is to come among it. */
  readonly life: readonly Happening[];
}

/** How a stack stands. */
export interface StackStatus {
  readonly stack: string;
  /** When the last run wrote the state; absent where there is none. */
  readonly lastRun?: string | undefined;
  /** Whether the state could be read. @default true */
  readonly isRead?: boolean;
  readonly accounts: readonly AccountStatus[];
  /** What could not be looked at, and why; sentences. */
  readonly unchecked: readonly string[];
}

/** What an account comes to. */
export type Verdict = AccountStatus["verdict"];

/** The gravest first. */
const verdicts: readonly Verdict[] = ["risk", "due", "unknown", "running", "new", "fine"];

/** The gravest accounts first; those of one kind stay as they are declared. */
export function gravestFirst(accounts: readonly AccountStatus[]): readonly AccountStatus[] {
  return [...accounts].sort((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
}
