import type { Owner } from "../clients/gitlab/owner";

/** Somebody who can get at a token. */
export interface Reader {
  readonly username: string;
  readonly name: string;
  /** A service account, or the bot of an access token, is no person. */
  readonly kind: "person" | "service account" | "not told";
  readonly role: string;
  /** The day on which the membership ends. */
  readonly until?: string;
}

/** A place that holds a token, or where one can be had. */
export interface ReadablePlace {
  readonly place: string;
  /** What they can do there. */
  readonly can: string;
  /** What is known of the place itself, such as `masked, protected`. */
  readonly attributes: readonly string[];
  readonly readers: readonly Reader[];
  /** Whether the server named them: it refuses us that; it gave no answer. Absent where it did, or names nobody by nature. */
  readonly unnamed?: "refused" | "not told";
  /** What the servers do not tell of it, or not us; sentences. */
  readonly untold: readonly string[];
}

/** Who is a member of what in GitLab, each looked up once. */
export interface Members {
  /** Those whose role there is at least this. */
  able(owner: Owner, least: number): Promise<Pick<ReadablePlace, "readers" | "untold" | "unnamed">>;
}
