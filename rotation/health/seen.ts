import type { Day } from "../../ground/day";
import type { Generation } from "../calendar/generations";

/** A token as GitLab lists it. */
export interface ListedToken {
  /** GitLab's id of it. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its scopes. */
  readonly scopes: readonly string[];
  /** What a fine-grained one may do, wherever; absent for a legacy one, and where GitLab does not tell. */
  readonly permissions?: readonly string[];
  /** The role of its bot, of an access token of a group or project; absent for others, and where it was not asked for. */
  readonly role?: string;
  /** The mark at the end of its description; absent when it has none. */
  readonly mark?: { readonly fleet: string; readonly account: string; readonly generation: string };
  /** The day it dies, at 00:00 UTC; absent when it never does. */
  readonly expiresAt?: Day;
  /** When it was last used, an instant; absent when it never was. */
  readonly lastUsedAt?: string;
}

/** What a place holds. */
export interface HeldPlace {
  /** The place, as people say it. */
  readonly place: string;
  /** The id of the token that it holds; absent when that is not known. */
  readonly tokenId?: number;
  /** There are blanks or line breaks around the token. */
  readonly isPadded?: boolean;
  /** That everybody who opens it sees the token, in words. */
  readonly shown?: string;
  /**
   * Without an id: it does not work; no token can look like that; there is nothing; it is not shown; it is made with the first
   * rotation, on a day; it could not be read, and why.
   */
  readonly unknown?:
    | "dead"
    | "malformed"
    | "empty"
    | "hidden"
    | { readonly madeOn: Day }
    | { readonly because: string };
}

/** One declared token. */
export interface TokenHealth {
  /** Name of the generation. */
  readonly generation: string;
  /** What the dates ask for. */
  readonly lifecycle: Generation["lifecycle"];
  /** GitLab's id of it, as far as it is known. */
  readonly tokenId?: number;
  /** Whether it lives; `missing` when no token of it was ever seen. */
  readonly state: "alive" | "dead" | "missing";
  /** The day it dies; as declared, where it does not live. */
  readonly expiresAt?: Day;
  /** When it was last used, an instant; absent when it never was, or does not live. */
  readonly lastUsedAt?: string;
}

/** Something that a person should know. `risk`: a consumer has a dead token, or will within days; `due`: late, or nothing will be done. */
export interface Alarm {
  /** How grave it is. */
  readonly level: "risk" | "due" | "note";
  /** Name of the account. */
  readonly account: string;
  /** What, in sentences. */
  readonly message: string;
  /** The place that lacks the newest token; absent of other alarms. */
  readonly stalePlace?: string;
}
