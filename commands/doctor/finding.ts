/**
 * How something stands: it is not there; it is there, and a server refuses it; a server does not tell now. A warning and
 * a note are told, and change no exit code.
 */
export type Verdict = "fine" | "missing" | "refused" | "unknown" | "warning" | "note";

/** Something that a person should know. */
export interface Finding {
  readonly verdict: Exclude<Verdict, "fine">;
  /** What it is about: a credential, GitLab, or an account. */
  readonly about: string;
  /** What was found and what to do, in sentences. */
  readonly message: string;
}

/** The gravest of some verdicts: what is missing or refused before what cannot be told. */
export function gravest(verdicts: readonly Verdict[]): Verdict {
  const order = ["missing", "refused", "unknown", "warning"] as const;
  return order.find((one) => verdicts.includes(one)) ?? "fine";
}
