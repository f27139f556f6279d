import { ownerOf, ownerTitle } from "../gitlab/api/owner";
import { listServiceAccounts, type ServiceAccount } from "../gitlab/api/serviceAccounts";
import { listTokens } from "../gitlab/api/tokens";
import { findUserId } from "../gitlab/api/users";
import { today } from "../host/clock";
import { NotFound, Unauthorized } from "../http";
import type { AccountInputs } from "./accountInputs";
import { adoptionFault } from "./adoption";
import { credentialFault } from "./credential";
import { dyingFaults } from "./dyingPlaces";
import { isDenied, messageOf } from "./faults";
import { markOf } from "./mark";
import { pipelineFaults } from "./pipelineFaults";
import { foreseenFaults } from "./self/inUse";
import type { Servers } from "./servers";
import { shadows } from "./shadows";
import { itemFaults, variableFaults } from "./targetFaults";
import { neededRight, type OwnerInputs } from "./tokenOwner";

/** What a look around found: the account, and everything that is wrong for it. */
export interface Preflight {
  readonly userId: number | undefined;
  readonly faults: readonly string[];
  /** What may be meant, and should be looked at. */
  readonly warnings: readonly string[];
}

/** GitLab's scopes of personal access tokens. */
const scopes: ReadonlySet<string> = new Set(
  (
    "api read_api read_user read_repository write_repository read_registry write_registry read_virtual_registry " +
    "write_virtual_registry create_runner manage_runner ai_features k8s_proxy self_rotate sudo admin_mode " +
    "read_service_ping"
  ).split(" "),
);

/**
 * Looks, before anything is minted, whether everything that a rotation needs is there and writable, and collects all
 * faults. Only reads.
 *
 * @param isTaken - the adopted token is in our care already.
 * @param opens - a generation is about to open.
 */
export async function preflight(
  inputs: AccountInputs,
  at: Servers,
  isTaken: boolean,
  opens: boolean,
): Promise<Preflight> {
  const scopeFaults = inputs.scopes
    .filter((scope) => !scopes.has(scope))
    .map((scope) => `the scope "${scope}" is unknown to GitLab. It knows ${[...scopes].join(", ")}`);
  const minutes = 10 + Math.max(0, ...inputs.pipelines.map(({ waitMinutes }) => waitMinutes ?? 30));
  // An account that comes to its end leaves its places as they are, and is proven by nothing.
  const ends = isEnding(inputs);
  const [ownFault, storage] = await Promise.all([credentialFault(at, minutes), ends ? [] : itemFaults(inputs, at)]);
  // Without a credential every other question to GitLab would get the same answer.
  if (ownFault !== undefined)
    return { userId: undefined, faults: [ownFault, ...scopeFaults, ...storage], warnings: [] };
  const account = await findAccount(inputs, at);
  const userId = typeof account === "string" ? undefined : account.id;
  const [adoption, variables, pipelines] = await Promise.all([
    userId === undefined ? [] : tokenFaults(inputs, userId, at, isTaken, opens && !ends),
    ends ? [] : variableFaults(inputs, at),
    ends ? [] : pipelineFaults(inputs, at),
  ]);
  const [warnings, dying] = ends ? [[], []] : await Promise.all([shadows(inputs, at), dyingFaults(inputs, at)]);
  const accountFaults = typeof account === "string" ? [account] : [];
  return {
    userId,
    // What a plain user's token is kept in is looked at twice.
    faults: [
      ...new Set([...accountFaults, ...scopeFaults, ...adoption, ...variables, ...storage, ...pipelines, ...dying]),
    ],
    warnings,
  };
}

function isEnding({ generations }: AccountInputs): boolean {
  return generations.length > 0 && generations.every(({ lifecycle }) => lifecycle === "retired");
}

/** The account of that user name, or what is wrong. */
export async function findAccount(
  inputs: OwnerInputs & Pick<AccountInputs, "username">,
  at: Servers,
): Promise<Pick<ServiceAccount, "id"> | string> {
  if (inputs.self === true) return findUser(inputs.username, at);
  const owner = ownerOf(inputs);
  const subject = `service accounts of ${ownerTitle(owner)}`;
  const find = async () => {
    const accounts = await at.remember(subject, () => listServiceAccounts(at.gitlab(), owner));
    return accounts.find(({ username }) => username === inputs.username);
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

/** What is wrong with the token that is there: one to be taken over, or one that is to rotate itself. */
function tokenFaults(
  inputs: AccountInputs,
  userId: number,
  at: Servers,
  isTaken: boolean,
  opens: boolean,
): Promise<string[]> {
  if (inputs.self !== true) return isTaken ? Promise.resolve([]) : adoptionFaults(inputs, userId, at);
  // A place that was declared anew holds nothing yet.
  return opens ? foreseenFaults(inputs, userId, !isTaken, at) : Promise.resolve([]);
}

async function adoptionFaults(inputs: AccountInputs, userId: number, at: Servers): Promise<string[]> {
  const { adopt } = inputs;
  // One that is dead has nothing left to guard; its own resource records that it is.
  if (adopt === undefined || adopt.expiresAt <= today()) return [];
  try {
    const tokens = await listTokens(at.gitlab(), ownerOf(inputs), userId);
    const token = tokens.find(({ id }) => id === adopt.tokenId);
    const fault = adoptionFault(token, { ...inputs, ...adopt, userId });
    return fault === undefined ? [] : [`token ${adopt.tokenId} cannot be adopted: ${fault}`];
  } catch (error) {
    return [`the token to adopt could not be looked up: ${messageOf(error)}`];
  }
}

/**
 * What speaks against an account that this stack meets for the first time: tokens of ours that live. Another stack of the
 * fleet rotates it then, or this one lost its state, and either would take the other's tokens for its own leavings.
 */
export async function strangerFaults(inputs: AccountInputs, userId: number, at: Servers): Promise<string[]> {
  // What a plain user's token became stands in 1Password; one that ends says itself that all of them go.
  if (inputs.self === true || isEnding(inputs)) return [];
  try {
    const tokens = await listTokens(at.gitlab(), ownerOf(inputs), userId, { state: "active" });
    const ours = tokens.filter(({ id, description }) => {
      const mark = markOf(description);
      return mark?.fleet === inputs.fleet && mark.account === inputs.account && id !== inputs.adopt?.tokenId;
    });
    if (ours.length === 0) return [];
    const named = ours.map(({ id, description }) => `token ${id} "${description.slice(description.lastIndexOf("["))}"`);
    return [
      `it has ${named.join(", ")} of this fleet and account, which this stack knows nothing of. If another stack declares it: remove it here, or give this stack another "fleet". If this stack lost its state: restore that, or declare the token in use under "adopt", and revoke the others in GitLab`,
    ];
  } catch (error) {
    return [`whether another stack rotates it could not be looked up: ${messageOf(error)}`];
  }
}
