import type { Mark } from "../../../rotation/mark";
import { markOf, markText } from "../../../rotation/mark";

/**
 * What stands in the 1Password item beside a token that rotates itself. State is written when a step has ended; this is
 * written before its first request that cannot be undone, and so tells after a crash that one had begun.
 */
export interface Note extends Mark {
  /** `begun`: GitLab may have revoked the token. `stored`: the item holds the token of this id. */
  readonly stage: "begun" | "stored";
  /** An instant. */
  readonly at: string;
  readonly tokenId: number;
}

/** The note as it is written: `begun 2026-11-23T06:30:00.000Z, token 1201 [fleet/account/2026-11-23]`. */
export function noteText({ stage, at, tokenId, ...mark }: Note): string {
  return `${stage} ${at}, token ${tokenId} ${markText(mark)}`;
}

/** The note in a text; undefined when a person wrote something else there. */
export function noteOf(text: string): Note | undefined {
  const [, stage, at, tokenId] = /^(begun|stored) (\S+), token (\d+) /.exec(text) ?? [];
  const mark = markOf(text);
  if ((stage !== "begun" && stage !== "stored") || at === undefined || mark === undefined) return undefined;
  return { stage, at, tokenId: Number(tokenId), ...mark };
}
