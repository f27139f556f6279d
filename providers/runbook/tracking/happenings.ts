import { createHash } from "node:crypto";
import { isInAccount } from "../../host/account/account";
import type { Context } from "../../host/provider";
import { declaredFleet } from "../account/declaredAccounts";
import { doneBy } from "../deeds";
import { NONE } from "./issues";
import { plain } from "./text";
import { type Event, notify } from "./webhook";

/** What a step was given and what it leaves, as far as the webhook is told of it. */
interface Known {
  readonly account?: string;
  readonly fleet?: string;
  readonly generation?: string;
  readonly generations?: readonly { readonly name: string; readonly lifecycle: string }[];
  readonly tokenId?: number;
  readonly expiresAt?: string;
  readonly status?: string;
  readonly provedAt?: string;
  readonly rotatedAt?: string;
  readonly attempts?: number;
  readonly putBack?: boolean;
  readonly hold?: string;
  /** The tracking issue: what it is told of, the webhook is told with it. */
  readonly issue?: { readonly fleet?: string };
}

/** A step that has ended. */
interface Ended {
  /** Its type. */
  readonly token: string;
  readonly inputs: Known;
  readonly before?: Known | undefined;
  readonly left: Known;
  readonly context: Context;
}

interface Happening {
  readonly event: Event;
  readonly id: string;
  readonly text: string;
}

/** After so many that did not arrive the webhook is taken to be down, and asked no more. */
const MOST = 2;

let lost = 0;
let pending: Promise<void> = Promise.resolve();

/**
 * Tells the webhook what a step of an account did, whether or not the account declares an issue. Nothing waits for it: what
 * was minted is stored first.
 */
export function tellWebhook({ token, inputs, before = {}, left, context }: Ended): void {
  const now = { ...inputs, ...left };
  send(happened(token.split(":").at(-1) ?? "", before, now, inputs), now, context);
}

/** Tells the webhook that a step failed, unless the account's issue is told of that, or it failed of the same before. */
export function tellWebhookOfFailure(fault: string, known: string | undefined, { inputs, left, context }: Ended): void {
  if (fault === known || inputs.issue !== undefined) return;
  const which = { ...inputs, ...left };
  const id = `failed/${createHash("sha256").update(fault).digest("hex").slice(0, 16)}`;
  const text = `Rotating the token of "${which.account}"${generationText(which)} failed: the output of the run tells of what.`;
  send([{ event: "failed", id, text }], which, context);
}

/** Waits until all is sent. */
export function webhookTold(): Promise<void> {
  return pending;
}

function happened(type: string, before: Known, now: Known, inputs: Known): readonly Happening[] {
  const { account, tokenId } = now;
  const of = `of "${account}"${generationText(now)}`;
  const does = doneBy(type, before, now);
  const isTold = now.issue !== undefined;
  const one = (event: Event, id: string, text: string): Happening => ({ event, id, text });
  if (does === "mint")
    return [one("minted", `minted/${tokenId}`, `Token ${tokenId} ${of} is minted; it lives until ${now.expiresAt}.`)];
  if (does === "prove") return isTold ? [] : [one("rotated", "rotated", `The token of "${account}" is rotated.`)];
  if (type === "PipelineProof" && now.putBack === true && before.putBack !== true)
    return [
      one(
        "put-back",
        `put-back/${now.attempts}`,
        `Token ${tokenId} ${of} is not proven, and its places do not hold it any more: they were put back, or somebody set them.`,
      ),
    ];
  if (type !== "Retirement" || tokenId === undefined) return [];
  if (now.status === "revoked" && inputs.status === "live" && before.status !== "revoked")
    return isTold ? [] : [one("retired", `retired/${tokenId}`, `Token ${tokenId} ${of} is revoked.`)];
  return now.status === "live" && (now.hold ?? "") !== "" && (before.hold ?? "") === ""
    ? [
        one(
          "held",
          `held/${tokenId}`,
          `Token ${tokenId} ${of} was to be revoked, and lives on: ${plain(now.hold ?? "")}.`,
        ),
      ]
    : [];
}

function generationText(known: Known): string {
  const name = generationOf(known);
  return name === NONE ? "" : ` (generation ${name})`;
}

function generationOf({ generation, generations = [] }: Known): string {
  return generation ?? generations.find(({ lifecycle }) => lifecycle === "current")?.name ?? NONE;
}

/** One after the other: they arrive in the order of what happened. */
function send(all: readonly Happening[], known: Known, context: Context): void {
  const { account } = known;
  const fleet = known.fleet ?? known.issue?.fleet ?? declaredFleet();
  if (all.length === 0 || account === undefined || fleet === undefined || !isInAccount(context.urn)) return;
  const rotation = { fleet, account, generation: generationOf(known) };
  pending = all.reduce(
    (before, { event, id, text }) =>
      before.then(async () => {
        if (lost >= MOST) return;
        lost = (await notify({ event, id, text, ...rotation }, context)) ? 0 : lost + 1;
        if (lost === MOST)
          context.log.warn("telling the webhook of PAT_ROTATION_WEBHOOK_URL: it is not tried any more in this run.");
      }),
    pending,
  );
}
