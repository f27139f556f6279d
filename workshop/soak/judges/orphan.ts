import type { Verdict } from "./violation";

/** The living tokens of an account after a run that ended well. */
export interface Remaining {
  readonly tokens: readonly {
    readonly id: number;
    readonly hasOurMark: boolean;
    /** A person made it, or made something of it. */
    readonly byHand: boolean;
    readonly isInState: boolean;
    readonly isInPlace: boolean;
  }[];
  /** Whether the account still waits for the end of an overlap: what is left is swept with it. */
  readonly isWaiting: boolean;
}

/** Whether tokens of ours live on that nobody knows. */
export function judgeOrphans({ tokens, isWaiting }: Remaining): Verdict {
  const lost = tokens.filter(
    ({ hasOurMark, byHand, isInState, isInPlace }) => hasOurMark && !byHand && !isInState && !isInPlace,
  );
  if (isWaiting || lost.length === 0) return undefined;
  return { what: "a token of ours lives on that nobody knows", detail: `token ${lost.map(({ id }) => id).join(", ")}` };
}
