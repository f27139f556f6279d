import { ownerOf } from "../gitlab/api/owner";
import { listTokens, ownToken, revokeToken, type Token } from "../gitlab/api/tokens";
import { now, today } from "../host/clock";
import type { Context } from "../host/provider";
import { mayHaveHappened, Unauthorized } from "../http";
import { type Consumer, consumerTitle, readConsumer, setConsumers } from "./consumers";
import { clockFault, isOwnCredential } from "./credential";
import { failed, isDenied } from "./faults";
import {
  type GenerationInputs,
  type GenerationOutputs,
  generationTitle,
  type Retire,
  type Successor,
} from "./generation";
import { lookAlikes } from "./lookAlikes";
import { markText } from "./mark";
import { isOfGeneration } from "./minting";
import { works } from "./missing";
import { type Servers, servers } from "./servers";

/** What retiring came to. */
export type Retirement = Pick<GenerationOutputs, "status" | "hold">;

/** Why a token may not be revoked yet, as far as the dates tell; undefined when it is time to look. */
export function holdByDates(retire: Retire | undefined, day: string): string | undefined {
  if (retire === undefined) return "no successor is declared";
  const { successor, overlapDays } = retire;
  if (successor.provedAt === undefined) return `its successor, generation "${successor.generation}", is not proven yet`;
  const due = addDays(successor.provedAt.slice(0, 10), overlapDays);
  if (day >= due) return undefined;
  return `both tokens live on until ${due}, ${overlapDays} days after generation "${successor.generation}" was proven`;
}

/** How much shorter than its days an overlap may be, in milliseconds: one proven at night is not over a minute later. */
const SHORTER = 12 * 3_600_000;

/** The same, to the hour: days alone would end an overlap of one day at the next midnight. */
function holdByHours({ successor, overlapDays }: Retire): string | undefined {
  const due = new Date(Date.parse(successor.provedAt ?? "") + overlapDays * 86_400_000 - SHORTER);
  if (overlapDays === 0 || now() >= due) return undefined;
  return `both tokens live on until ${due.toISOString()}: generation "${successor.generation}" was proven at ${successor.provedAt}`;
}

/**
 * Revokes a token whose successor is proven and in place, or says why it may not be revoked yet. Then revokes what lost
 * answers left behind: live tokens of this and the successor's generation that nobody knows. A token that is dead already,
 * or was never minted, is retired for the sake of the latter; its status does not change.
 */
export async function retire(
  inputs: GenerationInputs,
  before: GenerationOutputs,
  context: Context,
): Promise<Retirement> {
  const early = holdByDates(inputs.retire, today()) ?? (inputs.retire && holdByHours(inputs.retire));
  const { tokenId } = before;
  if (early !== undefined || inputs.retire === undefined)
    return { status: before.status, hold: early ?? "no successor is declared" };
  const doing = `retiring ${tokenId === undefined ? "" : `token ${tokenId}, `}${generationTitle(inputs)}`;
  const at = servers(context);
  try {
    const active = await listTokens(at.gitlab(), ownerOf(inputs), inputs.userId, { state: "active" });
    const old = active.find(({ id }) => id === tokenId);
    // One that is taken for dead would be forgotten.
    if (old === undefined && before.status === "live" && (await works(before, context)))
      return { status: "live", hold: unlisted(before) };
    const hold = await holdByFacts(inputs, inputs.retire, { token: old, value: before.token }, active, at);
    if (hold !== undefined) {
      context.log.info(`${doing}: ${old === undefined ? "it is dead already, but" : "held, because"} ${hold}`);
      return { status: old === undefined ? dead(before) : "live", hold };
    }
    if (old !== undefined) await revoke(inputs, old.id, at);
    for (const stray of strays(active, inputs, inputs.retire, tokenId)) {
      // Whoever holds a leaked token can have it rotate itself: what it becomes bears its description, and leaked as well.
      const hasLeaked = inputs.retire.overlapDays === 0 && isOfGeneration(stray, inputs);
      if (!hasLeaked && isInUse(stray, inputs.retire)) {
        context.log.warn(
          `${doing}: token ${stray.id} bears the mark ${markText(inputs)} or its successor's, is none of this stack's, and was used at ${stray.lastUsedAt}. It is left alive: find who uses it (another stack of the same fleet?), and revoke it in GitLab`,
        );
        continue;
      }
      await revoke(inputs, stray.id, at);
      const why = hasLeaked
        ? "it bears the mark of what leaked, and is not in use here"
        : "it was left behind by a lost answer";
      context.log.warn(`${doing}: token ${stray.id} was revoked as well; ${why}`);
    }
    if (old === undefined && inputs.retire.overlapDays === 0 && inputs.adoptTokenId !== undefined)
      await tellLookAlikes(inputs, doing, at, context);
    return { status: dead(before) };
  } catch (error) {
    throw failed(doing, error);
  }
}

/** One that leaked and was dead when we came: somebody revoked it, or had it rotate itself. */
async function tellLookAlikes(inputs: GenerationInputs, doing: string, at: Servers, context: Context): Promise<void> {
  const all = await listTokens(at.gitlab(), ownerOf(inputs), inputs.userId);
  const known = inputs.retire?.knownTokenIds ?? [];
  for (const { id } of lookAlikes(all, inputs.adoptTokenId).filter((one) => !known.includes(one.id)))
    context.log.warn(
      `${doing}: it was dead already, and token ${id} has its name, description and scopes, lives, and is none of this stack's. Whoever held the leaked one can have had it rotate itself into this. It is left alive, for it bears no mark: to end it, npm run emergency -- --token-id ${id} --revoke-undeclared`,
    );
}

function unlisted({ token }: GenerationOutputs): string {
  return token === undefined
    ? "GitLab lists it neither as alive nor as dead, and its value is not known: look at it in GitLab"
    : "GitLab does not list it as alive, yet it works: look at it in GitLab";
}

function dead({ status }: GenerationOutputs): GenerationOutputs["status"] {
  return status === "live" ? "revoked" : status;
}

/** Revokes a token, and once more if the answer was lost: revoking may be repeated. */
export async function revoke(inputs: GenerationInputs, tokenId: number, at: Servers): Promise<void> {
  const send = () => revokeToken(at.gitlab(), ownerOf(inputs), inputs.userId, tokenId);
  await send().catch((error: unknown) => {
    if (!mayHaveHappened(error)) throw error;
    return send();
  });
}

async function holdByFacts(
  inputs: GenerationInputs,
  retire: Retire,
  { token: old, value }: { readonly token: Token | undefined; readonly value: string | undefined },
  active: readonly Token[],
  at: Servers,
): Promise<string | undefined> {
  const { successor } = retire;
  const clock = clockFault(at);
  if (clock !== undefined) return clock;
  const name = `generation "${successor.generation}" (token ${successor.tokenId})`;
  if (!active.some(({ id }) => id === successor.tokenId)) return `its successor, ${name}, is dead`;
  // Before its last use, which is then this very run's.
  if (old !== undefined && (await isOwnCredential({ id: old.id, value }, at)))
    return `this run itself works with it: set "GITLAB_TOKEN" to the new one`;
  const quiet = old === undefined ? undefined : holdByUse(old, retire);
  if (quiet !== undefined) return quiet;
  if (!(await authenticates(successor, at))) return `its successor, ${name}, does not authenticate`;
  const elsewhere = await holdByConsumers(inputs, successor, at);
  return elsewhere.length === 0 ? undefined : elsewhere.join("; ");
}

/** Our own tests of the successor's value do not count as use of the old one. */
function holdByUse({ lastUsedAt }: Token, { quietHours = 0, external = [] }: Retire): string | undefined {
  if (lastUsedAt === undefined || quietHours === 0) return undefined;
  const quietFrom = Date.parse(lastUsedAt) + quietHours * 3_600_000;
  if (now().getTime() >= quietFrom) return undefined;
  const asked = external.map(({ name, owner }) => `${owner} (${name})`).join(", ");
  const next = asked === "" ? "Find who uses it" : `Ask ${asked}, or find who else uses it`;
  return `it was last used at ${lastUsedAt}; it is revoked when it was unused for ${quietHours} hours. ${next}, and hand over the new one`;
}

async function authenticates({ token, tokenId }: Successor, at: Servers): Promise<boolean> {
  try {
    return (await ownToken(at.gitlab().withToken(token))).id === tokenId;
  } catch (error) {
    if (error instanceof Unauthorized) return false;
    throw error;
  }
}

async function holdByConsumers(inputs: GenerationInputs, { token }: Successor, at: Servers): Promise<string[]> {
  const hidden: Consumer[] = [];
  const holds = await Promise.all(
    (inputs.consumers ?? []).map(async (consumer) => {
      try {
        const value = await readConsumer(at, consumer);
        if (value === undefined) hidden.push(consumer);
        if (value === undefined || value === token) return undefined;
        return `${consumerTitle(consumer)} holds another value than the new token; set it again ("pulumi refresh", then "pulumi up")`;
      } catch (error) {
        if (!isDenied(error)) throw error;
        return `${consumerTitle(consumer)} is gone, or may not be read`;
      }
    }),
  );
  const elsewhere = holds.filter((hold) => hold !== undefined);
  // A hidden variable shows no value. A failed proof, or a person, may have put the old one back: so it is set once more.
  return elsewhere.length > 0 ? elsewhere : setConsumers(at, hidden, { token });
}

/**
 * Live tokens of this generation and of its successor's that are not in use. Those of other generations are left to their
 * own retirement: one of them may be held.
 */
function strays(
  active: readonly Token[],
  inputs: GenerationInputs,
  retire: Retire,
  tokenId: number | undefined,
): Token[] {
  const known = new Set([tokenId, retire.successor.tokenId, ...retire.knownTokenIds]);
  const generations = [inputs.generation, retire.successor.generation];
  return active.filter(
    (token) =>
      !known.has(token.id) && generations.some((generation) => isOfGeneration(token, { ...inputs, generation })),
  );
}

/**
 * Whether somebody else works with a stray. What a lost answer left behind cannot be used by anybody; what was used after
 * all our places held the successor is another's.
 */
function isInUse(stray: Token, retire: Retire): boolean {
  if (stray.lastUsedAt === undefined) return false;
  const isLater = Date.parse(stray.lastUsedAt) > Date.parse(retire.successor.provedAt ?? "");
  return isLater || holdByUse(stray, retire) !== undefined;
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
