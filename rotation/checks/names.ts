import { type DeclaredPlaces, placesOf } from "../../places/declared";
import type { AccountDeclaration, Membership } from "../declaration/declaration";

/**
 * One resource of a stack by Pulumi's type and name, which are all that tells its URN from another's of the stack: two that
 * have both the same stop every account, half-way.
 */
export interface ResourceName {
  readonly type: string;
  readonly name: string;
}

/** What the names of an account's places are made of. */
export type PlacesOf = DeclaredPlaces & {
  readonly name: string;
  readonly token: Pick<AccountDeclaration["token"], "name">;
};

/** Resources that an account has one of, named as the account: its component, whose children all others are, and its steps. */
const single = [
  "pat-rotation:index:Account",
  "runbook:index:Account",
  "runbook:index:TokenProof",
  "runbook:index:Placement",
  "runbook:index:PipelineProof",
  "runbook:index:Notice",
  "runbook:index:SelfRotatingToken",
  "gitlab:index/groupServiceAccount:GroupServiceAccount",
  "gitlab:index/projectServiceAccount:ProjectServiceAccount",
  "gitlab:index/instanceServiceAccount:InstanceServiceAccount",
] as const;

/** Resources that an account has one of for each generation. */
const ofGeneration = ["runbook:index:PersonalAccessToken", "runbook:index:TrackingIssue"] as const;

const retirement = "runbook:index:Retirement";

/** The name of a generation's token, and of the issue that tells of its rotation. */
export function tokenName(account: string, generation: string): string {
  return `${account}-${generation}`;
}

/**
 * The name of the issue that announces a rotation in a person's issue. It waits for the notice of the rotation before, and
 * so is another resource than the one that the rotation itself waits for: what depends on what never turns around.
 */
export function announcementName(account: string, generation: string): string {
  return `${tokenName(account, generation)}/announced`;
}

/** The name of what retires a generation; of one that leaked it comes before the proof, and is a resource of its own. */
export function retirementName(account: string, generation: string, leaked = false): string {
  return `${account}-${generation}${leaked ? "/leaked" : ""}`;
}

/** The name of a membership, and of the group that is looked up for it. */
export function membershipName(account: string, { group, project }: Membership): string {
  // No account's name holds a slash: no two accounts can come to one name.
  return `${account}/${group ?? project ?? ""}`;
}

/** The resources of an account's places, in the order of {@link placesOf}, with the paths of these in the account. */
export function placeNames(account: PlacesOf): readonly (ResourceName & { readonly path: string })[] {
  const { name: owner, token } = account;
  const all = placesOf(account);
  const names = distinct(
    all,
    ({ type }) => type,
    (place) => place.shortName(owner, token.name),
    (place) => place.longName(owner),
  );
  return all.map(({ type, setting, index }, position) => ({
    type,
    name: names[position] ?? "",
    path: `${setting}[${index}]`,
  }));
}

/** Every resource that an account may have while these generations exist; not all of them exist at one time. */
export function accountNames(account: AccountDeclaration, generations: readonly string[]): readonly ResourceName[] {
  const { name } = account;
  const memberships = account.account.own?.memberships ?? [];
  return [
    ...single.map((type) => ({ type, name })),
    ...generations.flatMap((generation) => [
      ...ofGeneration.map((type) => ({ type, name: tokenName(name, generation) })),
      { type: "runbook:index:TrackingIssue", name: announcementName(name, generation) },
      ...[false, true].map((leaked) => ({ type: retirement, name: retirementName(name, generation, leaked) })),
    ]),
    ...memberships.flatMap((membership) =>
      membershipTypes(membership).map((type) => ({ type, name: membershipName(name, membership) })),
    ),
    ...placeNames(account),
  ];
}

/**
 * What those resources were called before the account was renamed. Pulumi hands the alias of the account on to all of them:
 * each begins with the account's name.
 */
export function accountAliases(account: AccountDeclaration, generations: readonly string[]): readonly ResourceName[] {
  const { formerly } = account;
  if (formerly === undefined) return [];
  return accountNames(account, generations).map(({ type, name }) => ({
    type,
    name: `${formerly}${name.slice(account.name.length)}`,
  }));
}

/**
 * The short name of each where no other has it. Of those that would share one each gets its long name, and none the short
 * one: a name that one of them had alone must not become the other's by adding a line.
 */
function distinct<T>(
  all: readonly T[],
  typeOf: (one: T) => string,
  short: (one: T) => string,
  long: (one: T) => string,
): readonly string[] {
  const keys = all.map((one) => `${typeOf(one)}::${short(one)}`);
  const count = new Map<string, number>();
  for (const key of keys) count.set(key, (count.get(key) ?? 0) + 1);
  return all.map((one, index) => ((count.get(keys[index] ?? "") ?? 0) > 1 ? long(one) : short(one)));
}

function membershipTypes({ group }: Membership): readonly string[] {
  return group === undefined
    ? ["gitlab:index/projectMembership:ProjectMembership"]
    : ["runbook:index:Group", "gitlab:index/groupMembership:GroupMembership"];
}
