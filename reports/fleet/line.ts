import type { Day } from "../../ground/day";
import type { Bar } from "../../rotation/calendar/timeline";
import type { Proof } from "../page/bars";

/** The line of time of an account. */
export interface Line {
  /** What was, and what the dates ask for. */
  readonly bars: readonly Bar[];
  /** The generations that die, or died, while they are in use. */
  readonly dying: ReadonlySet<string>;
  readonly proofs: readonly Proof[];
  readonly today: Day;
}
