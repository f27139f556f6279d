/** How something stands: a warning is told, and changes no exit code. */
export type Verdict = "fine" | "missing" | "unknown" | "warning";

/** Something that a person should know. */
export interface Finding {
  readonly verdict: Exclude<Verdict, "fine">;
  /** What it is about: a credential, GitLab, or an account. */
  readonly about: string;
  /** What was found and what to do, in sentences. */
  readonly message: string;
}

/** The gravest of some verdicts: what is missing before what cannot be told. */
export function gravest(verdicts: readonly Verdict[]): Verdict {
  const order = ["missing", "unknown", "warning"] as const;
  return order.find((one) => verdicts.includes(one)) ?? "fine";
}
