/** What must never be seen, and was. */
export interface Violation {
  readonly judge: "dead place" | "early revocation" | "orphan" | "leak" | "held up" | "late" | "untried";
  /** The account's first name; empty where it is nobody's. */
  readonly account: string;
  /** The instant on the sandbox's clock. */
  readonly at: string;
  /** What was seen, in a sentence without numbers of tokens: the same for the same kind. */
  readonly what: string;
  /** Numbers and names. */
  readonly detail: string;
}

/** What a judge says: nothing, or what it saw. */
export type Verdict = { readonly what: string; readonly detail: string } | undefined;
