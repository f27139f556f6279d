import type { Asked } from "./asked";
import type { Report } from "./telling/report";

/** One run of an operation, and what all its parts know of it. */
export interface Run extends Asked {
  readonly report: Report;
}
