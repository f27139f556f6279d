import type { Deed } from "../../contract/run";

/** The generation of a token that was made by hand. */
const handMade = "adopted";

const inThisRun: Deed[] = [];

/** What was done to tokens since this process began: it lives for one run. */
export function deeds(): readonly Deed[] {
  return inThisRun;
}

/** Notes what was done, for the program, which tells it at the end of the run. */
export function noteDeed(deed: Deed): void {
  inThisRun.push(deed);
}

/** What steps leave that tells what they did. */
interface Left {
  readonly account?: string;
  readonly generation?: string;
  readonly tokenId?: number;
  readonly rotatedAt?: string;
  readonly provedAt?: string;
  readonly status?: string;
}

/** Notes what a step did, by what it left before and now. What revokes notes that itself. */
export function noteStep(type: string, before: Left | undefined, now: Left): void {
  const does = doneBy(type.split(":").at(-1) ?? "", before ?? {}, now);
  const { account = "", generation, tokenId } = now;
  if (does === undefined || tokenId === undefined) return;
  noteDeed({ account, does, tokenId, ...(generation === undefined ? {} : { generation }) });
}

/** What a step of a type did to a token, by what it left before and now. */
export function doneBy(type: string, before: Left, now: Left): Deed["does"] | undefined {
  if (type === "PersonalAccessToken") {
    if (now.status !== "live" || now.tokenId === before.tokenId) return undefined;
    return now.generation === handMade ? "take over" : "mint";
  }
  if (type === "SelfRotatingToken") {
    if (now.rotatedAt !== undefined && now.rotatedAt !== before.rotatedAt) return "mint";
    return now.status === "live" && before.tokenId === undefined ? "take over" : undefined;
  }
  if (type === "PipelineProof")
    return now.status === "passed" && (now.provedAt !== before.provedAt || now.tokenId !== before.tokenId)
      ? "prove"
      : undefined;
  return undefined;
}
