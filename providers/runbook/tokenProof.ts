import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { ownToken, type Token } from "../gitlab/api/tokens";
import type { GitLab } from "../gitlab/client";
import { now } from "../host/clock";
import { type Before, type Context, type Diff, type Resource, unknown } from "../host/provider";
import { holdsUnknown } from "../host/values";
import { Unauthorized } from "../http";
import { capture } from "./adoption";
import type { Consumer } from "./consumers";
import { failed } from "./faults";
import { servers } from "./servers";

/** What the token must be. */
export interface TokenProofInputs {
  readonly account: string;
  readonly generation: string;
  readonly tokenId: number;
  readonly token: string;
  readonly userId: number;
  readonly scopes: readonly string[];
  readonly expiresAt: string;
  /** The hand-made token that is retired as soon as this one is proven, and comes into our care only then. */
  readonly adoptTokenId?: number;
  /** Where its value is looked for. */
  readonly consumers?: readonly Consumer[];
}

/** What was proven, and when. */
export interface TokenProofOutputs extends Omit<TokenProofInputs, "token" | "adoptTokenId" | "consumers"> {
  readonly provedAt: string;
  /** The value of the hand-made token, as a place held it before anything was set. */
  readonly adoptedToken?: string;
}

/** Waits before a fresh token that is not accepted is tried again: GitLab's replicas may lag behind. In milliseconds. */
const WAITS = [1000, 3000] as const;

/** Proof that a token authenticates, as the right user, alive, with exactly the declared scopes and expiry. */
export const tokenProof: Resource<TokenProofInputs, TokenProofOutputs> = {
  diff,
  create: async (inputs, context) => {
    const outputs = await prove(inputs, context);
    // Whatever comes after this sets the places: from then on it is nowhere to be found.
    const { adoptTokenId, consumers = [] } = inputs;
    const value = adoptTokenId === undefined ? undefined : await capture(consumers, adoptTokenId, context);
    return { id: inputs.account, outputs: withAdopted(outputs, value) };
  },
  previewCreate: async (inputs) => ({
    ...preview(inputs),
    ...(inputs.adoptTokenId === undefined ? {} : { adoptedToken: unknown }),
  }),
  update: async ({ outputs }, inputs, context) =>
    withAdopted(await prove(inputs, context), stillAdopted(inputs, outputs)),
  previewUpdate: async ({ outputs }, inputs) => withAdopted(preview(inputs), stillAdopted(inputs, outputs)),
};

function withAdopted<T extends object>(outputs: T, adoptedToken: string | undefined): T & { adoptedToken?: string } {
  return { ...outputs, ...(adoptedToken === undefined ? {} : { adoptedToken }) };
}

/** It is remembered for as long as it may be put back. */
function stillAdopted({ adoptTokenId }: TokenProofInputs, { adoptedToken }: TokenProofOutputs): string | undefined {
  return adoptTokenId === undefined ? undefined : adoptedToken;
}

/** A new name of the account is no new proof: the overlap would begin anew. */
function diff({ outputs: old }: Before<TokenProofInputs, TokenProofOutputs>, inputs: TokenProofInputs): Diff {
  const proven = ["generation", "tokenId", "userId", "scopes", "expiresAt"] as const;
  const changed = proven.filter((name) => !isDeepStrictEqual(old[name], inputs[name]) || holdsUnknown(inputs[name]));
  return { changes: Object.fromEntries(changed.map((name) => [name, "update" as const])) };
}

async function prove(inputs: TokenProofInputs, context: Context): Promise<TokenProofOutputs> {
  const doing = `testing the new token (id ${inputs.tokenId}) of account "${inputs.account}", generation "${inputs.generation}"`;
  const found = await authenticate(servers(context).gitlab().withToken(inputs.token)).catch((error: unknown) => {
    const next = error instanceof Unauthorized ? revoked(inputs) : "The tokens in use stay as they are.";
    throw failed(doing, error, next);
  });
  const wrong = faults(inputs, found);
  if (wrong.length > 0)
    throw new Error(
      `${doing}: ${wrong.join("; ")}. It is used nowhere, and the tokens in use stay as they are: correct the declaration or the account in GitLab, then open a new generation with an entry in "extraDates".`,
    );
  return { ...declared(inputs), provedAt: now().toISOString() };
}

async function authenticate(gitlab: GitLab): Promise<Token> {
  for (const wait of WAITS) {
    try {
      return await ownToken(gitlab);
    } catch (error) {
      if (!(error instanceof Unauthorized)) throw error;
      await sleep(wait);
    }
  }
  return ownToken(gitlab);
}

function faults(inputs: TokenProofInputs, found: Token): string[] {
  const scopes = (list: readonly string[]) => [...list].sort().join(", ");
  return [
    ...(found.id === inputs.tokenId ? [] : [`GitLab says that its id is ${found.id}`]),
    ...(found.userId === inputs.userId ? [] : [`it belongs to user ${found.userId}, not to ${inputs.userId}`]),
    ...(found.active ? [] : ["it is not active"]),
    ...(scopes(found.scopes) === scopes(inputs.scopes)
      ? []
      : [`its scopes are "${scopes(found.scopes)}", not "${scopes(inputs.scopes)}"`]),
    ...(found.expiresAt === inputs.expiresAt
      ? []
      : [`it expires on "${found.expiresAt ?? "no day"}", not on "${inputs.expiresAt}"`]),
  ];
}

function revoked({ account, generation }: TokenProofInputs): string {
  return `The tokens in use stay as they are. If somebody revoked the new one: run "pulumi refresh", then "pulumi up", which mints generation "${generation}" of "${account}" anew.`;
}

function preview(inputs: TokenProofInputs) {
  return { ...declared(inputs), provedAt: unknown };
}

function declared({ token: _token, adoptTokenId: _id, consumers: _places, ...rest }: TokenProofInputs) {
  return rest;
}
