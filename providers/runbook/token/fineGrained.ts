import { setTimeout as sleep } from "node:timers/promises";
import { failed, messageOf } from "../../../clients/faults";
import { type Owner, ownerOf } from "../../../clients/gitlab/owner";
import { isGranular } from "../../../clients/gitlab/users/granular";
import {
  listTokens,
  type MintedToken,
  mintGranularToken,
  mintToken,
  type NewGranularToken,
} from "../../../clients/gitlab/users/tokens";
import { ownUser } from "../../../clients/gitlab/users/users";
import { getVersion, isAtLeast } from "../../../clients/gitlab/version";
import { Forbidden, mayHaveHappened, NotFound, Refused, Unauthorized } from "../../../clients/http";
import { type Servers, servers } from "../../../clients/servers";
import type { PersonalAccessTokenInputs } from "../../../contract/personalAccessToken";
import type { TokenPermissions } from "../../../contract/types/permissions";
import { addDays, now, today } from "../../../ground/now";
import { isOfGeneration, marked, markText } from "../../../rotation/mark";
import type { Context } from "../../host/provider";
import { clientOf } from "../account/keptIn";
import { revoke } from "../retirement/revoke";
import { generationTitle } from "./generation";
import { scopesOf } from "./permissions";

/** What stands in the mark of a helper in place of a generation. */
export const helperGeneration = "helper";

/** Waits before a helper that is not accepted yet is tried again, in milliseconds: GitLab's replicas may lag behind. */
const WAITS = [500, 2000] as const;

/**
 * Makes a generation's fine-grained token beside those that exist: as an administrator where GitLab has that (19.6), otherwise
 * by the account itself (19.2), through a legacy helper that lives a day at most and is revoked in this step. A helper that a
 * run left behind is revoked before.
 */
export async function mintFineGrained(
  inputs: PersonalAccessTokenInputs & { readonly permissions: readonly TokenPermissions[] },
  context: Context,
): Promise<MintedToken> {
  const at = servers(context);
  const { expiresAt, name } = inputs;
  const granularScopes = await scopesOf(inputs.permissions, at);
  const made = { name, description: marked(inputs.description, inputs), expiresAt, granularScopes };
  const fault = await fineGrainedFault(at);
  if (fault !== undefined) throw new Error(fault);
  if (inputs.keptIn !== undefined) return byTokenInUse(inputs, made, at);
  if (await isAdministrator(at)) {
    const minted = await byAdministrator(inputs, made, at);
    if (minted !== undefined) return minted;
  }
  await sweepHelpers(inputs, at, context);
  return byItself(inputs, made, at, context);
}

/** Why this GitLab makes no fine-grained token for anybody; undefined where it does, or does not tell its version. */
export async function fineGrainedFault(at: Servers): Promise<string | undefined> {
  const version = await versionOf(at);
  if (version === undefined || isAtLeast(version, 19, 2)) return undefined;
  return `GitLab ${version} makes no fine-grained token by its API: an account makes its own from 19.2 on, an administrator one for others from 19.6 on. Declare "token.scopes" until it is updated`;
}

/** One that may not be asked is not known. */
function versionOf(at: Servers): Promise<string | undefined> {
  return at.remember("GitLab's version", () =>
    getVersion(at.gitlab()).then(
      ({ version }) => version,
      () => undefined,
    ),
  );
}

/** Whether our own credential makes fine-grained tokens for others: an administrator's does, from 19.6 on. */
async function isAdministrator(at: Servers): Promise<boolean> {
  const version = await versionOf(at);
  if (version === undefined || !isAtLeast(version, 19, 6)) return false;
  return at.remember("whether we are an administrator", () =>
    ownUser(at.gitlab()).then(
      ({ administrator }) => administrator,
      () => false,
    ),
  );
}

/** Undefined where GitLab does not know the parameter after all: it then asks for `scopes`, and has made nothing. */
async function byAdministrator(
  { userId }: PersonalAccessTokenInputs,
  made: NewGranularToken,
  at: Servers,
): Promise<MintedToken | undefined> {
  try {
    return await mintGranularToken(at.gitlab(), { id: userId, own: false }, made);
  } catch (error) {
    if (isOlder(error)) return undefined;
    throw error instanceof NotFound ? strange(made, error) : error;
  }
}

async function byItself(
  inputs: PersonalAccessTokenInputs,
  made: NewGranularToken,
  at: Servers,
  context: Context,
): Promise<MintedToken> {
  const helper = await mintHelper(inputs, at);
  context.log.info(
    `token ${helper.id} was made as a helper for ${generationTitle(inputs)}: with it the account makes its fine-grained token; it is revoked at once`,
  );
  try {
    const self = at.gitlab().withToken(helper.value);
    return await accepted(() => mintGranularToken(self, { id: inputs.userId, own: true }, made));
  } catch (error) {
    if (isOlder(error)) throw new Error(tooOld(error, `declare "token.scopes"`), { cause: error });
    throw error instanceof NotFound ? strange(made, error) : error;
  } finally {
    await revoke(inputs, helper.id, at).catch((error: unknown) =>
      context.log.warn(
        `token ${helper.id}, the helper for ${generationTitle(inputs)}, could not be revoked (${messageOf(error)}): it dies on ${helper.expiresAt ?? "no day"}; revoke it in GitLab before that`,
      ),
    );
  }
}

/** A plain user's token in use makes the next one, which may do as much as itself, or less. */
async function byTokenInUse(
  inputs: PersonalAccessTokenInputs,
  made: NewGranularToken,
  at: Servers,
): Promise<MintedToken> {
  const gitlab = await clientOf(inputs, at);
  try {
    return await mintGranularToken(gitlab, { id: inputs.userId, own: true }, made);
  } catch (error) {
    if (isOlder(error)) throw new Error(tooOld(error, `leave out "account.mints"`), { cause: error });
    if (error instanceof Forbidden)
      throw new Error(
        `${messageOf(error)}: a fine-grained token makes none that may do more than itself. Have a person make one with all that "token.permissions" names, and put it into the first place of "onePassword"; revoke it when the next one is made`,
        { cause: error },
      );
    throw error instanceof NotFound ? strange(made, error) : error;
  }
}

/** GitLab asks for `scopes` where it does not know fine-grained tokens at this request yet, and has made nothing. */
function isOlder(error: unknown): boolean {
  return error instanceof Refused && error.serverMessage?.includes("scopes is missing") === true;
}

function tooOld(error: unknown, instead: string): string {
  return `${messageOf(error)}: this GitLab lets no account make a fine-grained token for itself (it does from 19.2 on). Until it is updated, ${instead}`;
}

/** GitLab says that nothing is there where the account is no member of a place. */
function strange({ granularScopes }: NewGranularToken, error: NotFound): Error {
  const places = granularScopes.flatMap(({ projectId, groupId }) =>
    projectId !== undefined ? [`project ${projectId}`] : groupId === undefined ? [] : [`group ${groupId}`],
  );
  return new Error(
    `${messageOf(error)}: the account must itself be a member of every place in "token.permissions" (${places.join(", ")}): add it there`,
    { cause: error },
  );
}

async function mintHelper(inputs: PersonalAccessTokenInputs, at: Servers): Promise<MintedToken> {
  const mark = { ...inputs, generation: helperGeneration };
  const purpose = `Makes the token of ${inputs.generation}, and is revoked at once`;
  // One that is made just before midnight would be dead before it is used.
  const isLate = now().toISOString().slice(11, 13) === "23";
  const made = {
    name: `${inputs.name.slice(0, 240)} (helper)`,
    description: marked(purpose, mark),
    scopes: ["api"],
    expiresAt: addDays(today(), isLate ? 2 : 1),
  };
  return mintToken(at.gitlab(), ownerOf(inputs), inputs.userId, made).catch((error: unknown) => {
    // What a lost answer made is swept before another is tried.
    if (mayHaveHappened(error)) throw error;
    throw failed("making the helper, a legacy token of a day with which the account makes the fine-grained one", error);
  });
}

/** Revokes the helpers of the account that earlier runs left behind. */
async function sweepHelpers(inputs: PersonalAccessTokenInputs, at: Servers, context: Context): Promise<void> {
  const owner: Owner = ownerOf(inputs);
  const active = await listTokens(at.gitlab(), owner, inputs.userId, { state: "active" });
  const left = active.filter(
    (token) => !isGranular(token) && isOfGeneration(token, { ...inputs, generation: helperGeneration }),
  );
  for (const { id } of left) {
    await revoke(inputs, id, at);
    context.log.warn(
      `minting ${generationTitle(inputs)}: token ${id}, which bears the mark ${markText({ ...inputs, generation: helperGeneration })} of a helper, was left behind by a run that did not end, and is revoked`,
    );
  }
}

async function accepted<T>(act: () => Promise<T>): Promise<T> {
  for (const wait of WAITS) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Unauthorized)) throw error;
      await sleep(wait);
    }
  }
  return act();
}
