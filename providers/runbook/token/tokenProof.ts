import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { failed } from "../../../clients/faults";
import type { GitLab } from "../../../clients/gitlab/client";
import { isGranular } from "../../../clients/gitlab/users/granular";
import { noUser, ownTokenInFull, type Token } from "../../../clients/gitlab/users/tokens";
import { Unauthorized } from "../../../clients/http";
import { servers } from "../../../clients/servers";
import type { TokenProofInputs, TokenProofOutputs } from "../../../contract/tokenProof";
import { now } from "../../../ground/now";
import { type Before, type Context, type Diff, type Resource, unknown } from "../../host/provider";
import { holdsUnknown } from "../../host/values";
import { capture } from "./adoption";
import { differences, scopesOf } from "./permissions";

/** Waits before a fresh token that is not accepted is tried again: GitLab's replicas may lag behind. In milliseconds. */
const WAITS = [1000, 3000] as const;

/** Proof that a token authenticates, as the right user, alive, with exactly the declared scopes (or permissions) and expiry. */
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
  const wrong = [...faults(inputs, found), ...(await permissionFaults(inputs, found, context))];
  if (wrong.length > 0)
    throw new Error(
      `${doing}: ${wrong.join("; ")}. It is used nowhere, and the tokens in use stay as they are: correct the declaration or the account in GitLab, then open a new generation with an entry in "extraDates".`,
    );
  return { ...declared(inputs), provedAt: now().toISOString() };
}

async function authenticate(gitlab: GitLab): Promise<Token> {
  for (const wait of WAITS) {
    try {
      return await ownTokenInFull(gitlab);
    } catch (error) {
      if (!(error instanceof Unauthorized)) throw error;
      await sleep(wait);
    }
  }
  return ownTokenInFull(gitlab);
}

/** A token that was minted before permissions were declared is a legacy one. */
async function permissionFaults(
  { permissions, scopes }: TokenProofInputs,
  found: Token,
  context: Context,
): Promise<string[]> {
  if (permissions === undefined || !isGranular({ scopes }) || !isGranular(found)) return [];
  return differences(found.granularScopes, await scopesOf(permissions, servers(context)));
}

function faults(inputs: TokenProofInputs, found: Token): string[] {
  const scopes = (list: readonly string[]) => [...list].sort().join(", ");
  return [
    ...(found.id === inputs.tokenId ? [] : [`GitLab says that its id is ${found.id}`]),
    // The bot of a group's or project's access token is known by the token's own id alone.
    ...(found.userId === inputs.userId || inputs.userId === noUser
      ? []
      : [`it belongs to user ${found.userId}, not to ${inputs.userId}`]),
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
