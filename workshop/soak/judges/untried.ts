import { days } from "../time";
import type { Verdict } from "./violation";

/** An account with declared pipelines at the end of a run with servers that worked. */
export interface Left {
  readonly now: number;
  readonly marginDays: number;
  readonly places: readonly {
    readonly place: string;
    readonly tokenId: number;
    readonly isProven: boolean;
    /** Whether a pipeline began with it in this run. */
    readonly wasTried: boolean;
  }[];
  /** When the newest proven token before it dies: the one that jobs could work with. */
  readonly provenDiesAt: number | undefined;
}

/** Whether a place was left on an unproven token that nobody tries, although a proven one lives. */
export function judgeUntried({ now, marginDays, places, provenDiesAt }: Left): Verdict {
  if (provenDiesAt === undefined || provenDiesAt < now + days(marginDays)) return undefined;
  const left = places.filter(({ isProven, wasTried }) => !isProven && !wasTried);
  if (left.length === 0) return undefined;
  return {
    what: "a place was left on an unproven token that nobody tries",
    detail: left.map(({ place, tokenId }) => `token ${tokenId} in ${place}`).join(", "),
  };
}
