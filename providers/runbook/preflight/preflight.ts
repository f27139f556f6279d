import { isDenied, messageOf } from "../../../clients/faults";
import { ownerOf, ownerTitle } from "../../../clients/gitlab/owner";
import { isGranular } from "../../../clients/gitlab/users/granular";
import { listServiceAccounts, type ServiceAccount } from "../../../clients/gitlab/users/serviceAccounts";
import { noUser, type Token } from "../../../clients/gitlab/users/tokens";
import { findUserId } from "../../../clients/gitlab/users/users";
import { NotFound, Unauthorized } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs } from "../../../contract/account";
import { daysBetween } from "../../../ground/day";
import { today } from "../../../ground/now";
import { kinds } from "../../../places/declared";
import { isMarkerOfStack } from "../../../places/item/marker";
import { placeFaults } from "../../../places/served";
import { movedText, movedTo } from "../../../places/variable/moved";
import { adopted } from "../../../rotation/calendar/generations";
import { markOf } from "../../../rotation/mark";
import { credentialFault } from "../account/credential";
import { declaredAccounts } from "../account/declaredAccounts";
import { tokensOf } from "../account/keptIn";
import { accessTokenFault, neededRight, type OwnerInputs } from "../account/tokenOwner";
import { foreseenFaults } from "../self/inUse";
import { adoptionFault } from "../token/adoption";
import { helperGeneration } from "../token/fineGrained";
import { dyingFaults } from "./dyingPlaces";
import { type Lifetime, lifetime } from "./lifetime";
import { minterFaults } from "./minter";
import { outranking } from "./outranking";
import { pipelineFaults } from "./pipelineFaults";
import { fallsBack, rightsFaults, stayFine } from "./rightsFaults";
import { scopeFaults } from "./scopes";
import { shadows } from "./shadows";
import { userFaults } from "./userFaults";

/** What a look around found: the account, and everything that is wrong for it. */
export interface Preflight {
  readonly userId: number | undefined;
  readonly faults: readonly string[];
  /** What may be meant, and should be looked at. */
  readonly warnings: readonly string[];
  /** What could not be looked at, and the write may be refused for. */
  readonly unknown: readonly string[];
  /** The account's tokens, where they were read for the one to adopt. */
  readonly tokens?: readonly Token[] | undefined;
}

/**
 * Looks, before anything is minted, whether everything that a rotation needs is there and writable, and collects all
 * faults. Changes nothing.
 *
 * @param isTaken - the adopted token is in our care already.
 * @param opens - a generation is about to open.
 * @param urn - the account's: tells which items this stack made.
 */
export async function preflight(
  inputs: AccountInputs,
  at: Servers,
  isTaken: boolean,
  opens: boolean,
  urn: string,
): Promise<Preflight> {
  const unknownScopes = scopeFaults(inputs);
  const minutes = 10 + Math.max(0, ...inputs.pipelines.map(({ waitMinutes }) => waitMinutes ?? 30));
  // An account that comes to its end leaves its places as they are, and is proven by nothing.
  const ends = isEnding(inputs);
  const around = { account: inputs.account, isOurs: isMarkerOfStack(urn), accounts: declaredAccounts() };
  const [ownFault, storage] = await Promise.all([
    credentialFault(at, minutes),
    ends ? [] : placeFaults(inputs, around, at, (setting) => !kinds[setting].isInJobs),
  ]);
  // Without a credential every other question to GitLab would get the same answer.
  if (ownFault !== undefined)
    return { userId: undefined, faults: [ownFault, ...unknownScopes, ...storage], warnings: [], unknown: [] };
  const account = await findAccount(inputs, at);
  const userId = typeof account === "string" ? undefined : account.id;
  const [blocked, adoption, variables, pipelines, rights, lives] = await Promise.all([
    opens && !ends ? userFaults(inputs, userId, at) : [],
    userId === undefined ? noFaults : tokenFaults(inputs, userId, at, isTaken, opens && !ends),
    ends ? [] : placeFaults(inputs, around, at, (setting) => kinds[setting].isInJobs),
    ends ? [] : pipelineFaults(inputs, at),
    ends ? [] : rightsFaults(inputs, userId, at),
    ends || !opens ? { faults: [] } : openingLifetime(inputs, at),
  ]);
  const none = { faults: [], warnings: [] };
  const [scoped, outranked, dying] = ends
    ? [[], none, []]
    : await Promise.all([shadows(inputs, at), outranking(inputs, at), dyingFaults(inputs, at)]);
  const { project, pipelines: proofs, variables: places } = inputs;
  const moved = ends ? [] : await movedFaults([project, ...[...places, ...proofs].map((one) => one.project)], at);
  const accountFaults = typeof account === "string" ? [account] : [];
  return {
    userId,
    // What a plain user's token is kept in is looked at twice.
    faults: [
      ...new Set([
        ...accountFaults,
        ...blocked,
        ...moved,
        ...unknownScopes,
        ...lives.faults,
        ...adoption.faults,
        ...variables,
        ...storage,
        ...pipelines,
        ...outranked.faults,
        ...rights,
        ...dying,
      ]),
    ],
    warnings: [...scoped, ...outranked.warnings],
    unknown: lives.unknown === undefined ? [] : [lives.unknown],
    tokens: adoption.tokens,
  };
}

/** How long the token is to live that is about to be made; one that was made by hand lives as it does. */
function openingLifetime({ generations }: AccountInputs, at: Servers): Lifetime | Promise<Lifetime> {
  const opening = generations.find(({ name, lifecycle }) => lifecycle === "current" && name !== adopted);
  return opening === undefined ? { faults: [] } : lifetime(daysBetween(today(), opening.expiresAt), at);
}

/** Projects that have moved, as GitLab showed when they were looked at: by the old path nothing can be written. */
export async function movedFaults(projects: readonly (string | undefined)[], at: Servers): Promise<string[]> {
  const distinct = [...new Set(projects.filter((project) => project !== undefined))];
  const found = await Promise.all(
    distinct.map(async (project) => {
      const path = await movedTo(at.gitlab(), project);
      return path === undefined ? [] : [movedText(project, path)];
    }),
  );
  return found.flat();
}

/** Whether an account comes to its end. */
export function isEnding({ generations }: AccountInputs): boolean {
  return generations.length > 0 && generations.every(({ lifecycle }) => lifecycle === "retired");
}

/** The account of that user name, or what is wrong. */
export async function findAccount(
  inputs: OwnerInputs & Pick<AccountInputs, "username">,
  at: Servers,
): Promise<Pick<ServiceAccount, "id"> | string> {
  if (inputs.self === true || inputs.keptIn !== undefined) return findUser(inputs.username, at);
  if (inputs.accessToken !== undefined) return (await accessTokenFault(inputs, at)) ?? { id: noUser };
  const owner = ownerOf(inputs);
  const subject = `service accounts of ${ownerTitle(owner)}`;
  const find = async () => {
    const accounts = await at.remember(subject, () => listServiceAccounts(at.gitlab(), owner));
    // To GitLab a name in upper and lower case is one.
    const wanted = inputs.username.toLowerCase();
    return accounts.find(({ username }) => username.toLowerCase() === wanted);
  };
  try {
    const found = await find();
    if (found !== undefined) return found;
    // It may have been made since the list was read.
    at.forget(subject);
    return (
      (await find()) ??
      `${ownerTitle(owner)} has no service account "${inputs.username}". Correct "account.username", or name the ${owner.project === undefined ? "group" : "project"} that made the account: a parent or a child does not count`
    );
  } catch (error) {
    if (error instanceof NotFound)
      return `${ownerTitle(owner)} was not found with the token in "GITLAB_TOKEN". Correct the path, or give its user ${neededRight(owner)}`;
    if (error instanceof Unauthorized)
      return `the token in "GITLAB_TOKEN" is not accepted (${messageOf(error)}): set a live one of this GitLab`;
    if (isDenied(error))
      return `the token in "GITLAB_TOKEN" may not manage the service accounts of ${ownerTitle(owner)} (${messageOf(error)}). Give its user ${neededRight(owner)}`;
    return messageOf(error);
  }
}

async function findUser(username: string, at: Servers): Promise<{ id: number } | string> {
  try {
    const id = await findUserId(at.gitlab(), username);
    return id === undefined ? `GitLab shows no user "${username}". Correct "account.username"` : { id };
  } catch (error) {
    return messageOf(error);
  }
}

/** What is wrong with the token that is there, and all of the account's, where they were read for it. */
type TokenFaults = Pick<Preflight, "faults" | "tokens">;

const noFaults: TokenFaults = { faults: [] };

/** What is wrong with the token that is there: one to be taken over, or one that is to rotate itself. */
async function tokenFaults(
  inputs: AccountInputs,
  userId: number,
  at: Servers,
  isTaken: boolean,
  opens: boolean,
): Promise<TokenFaults> {
  if (inputs.self !== true) {
    const faults =
      inputs.keptIn === undefined ? [] : await minterFaults({ ...inputs, keptIn: inputs.keptIn }, userId, at);
    return isTaken || faults.length > 0 ? { faults } : adoptionFaults(inputs, userId, at);
  }
  // A place that was declared anew holds nothing yet.
  return { faults: opens ? await foreseenFaults(inputs, userId, !isTaken, at) : [] };
}

async function adoptionFaults(inputs: AccountInputs, userId: number, at: Servers): Promise<TokenFaults> {
  const { adopt } = inputs;
  // One that is dead has nothing left to guard; its own resource records that it is.
  if (adopt === undefined || adopt.expiresAt <= today()) return { faults: [] };
  try {
    const tokens = await tokensOf({ ...inputs, userId }, at);
    const token = tokens.find(({ id }) => id === adopt.tokenId);
    const fault = adoptionFault(token, { ...inputs, ...adopt, userId });
    if (fault !== undefined) return { faults: [`token ${adopt.tokenId} cannot be adopted: ${fault}`] };
    const isBack = token !== undefined && isGranular(token) && fallsBack(inputs);
    return {
      faults: isBack
        ? [`token ${adopt.tokenId} is fine-grained, and its successors would be legacy ones: ${stayFine}`]
        : [],
      tokens,
    };
  } catch (error) {
    return { faults: [`the token to adopt could not be looked up: ${messageOf(error)}`] };
  }
}

/**
 * What speaks against an account that this stack meets for the first time: tokens of ours that live. Another stack of the
 * fleet rotates it then, or this one lost its state, and either would take the other's tokens for its own leavings.
 *
 * @param known - its tokens, where they have just been read.
 */
export async function strangerFaults(
  inputs: AccountInputs,
  userId: number,
  at: Servers,
  known?: readonly Token[],
): Promise<string[]> {
  // What a plain user's token became stands in 1Password; one that ends says itself that all of them go.
  if (inputs.self === true || isEnding(inputs)) return [];
  try {
    const tokens =
      known?.filter(({ active }) => active) ?? (await tokensOf({ ...inputs, userId }, at, { state: "active" }));
    const ours = tokens.filter(({ id, description }) => {
      const mark = markOf(description);
      const isOurs = mark?.fleet === inputs.fleet && mark.account === inputs.account && id !== inputs.adopt?.tokenId;
      return isOurs && mark.generation !== helperGeneration;
    });
    if (ours.length === 0) return [];
    const named = ours.map(({ id, description }) => `token ${id} "${description.slice(description.lastIndexOf("["))}"`);
    return [
      `it has ${named.join(", ")} of this fleet and account, which this stack knows nothing of. If another stack declares it: remove it here, or give this stack another "fleet". If this stack lost its state: restore that, or declare the token in use under "adopt", and revoke in GitLab only those of the others that no place holds`,
    ];
  } catch (error) {
    return [`whether another stack rotates it could not be looked up: ${messageOf(error)}`];
  }
}
