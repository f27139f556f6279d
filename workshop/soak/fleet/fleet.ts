import type { World, WorldProject, WorldVault } from "../../sandbox/world";
import { type AccountDescription, fleet, variableKey } from "../../sandbox/worlds/fleet";
import { dayOf, daysAfter } from "../time";
import type { AccountBlock, Declaration, ProofBlock } from "./declaration";

/** How an account of a fleet is made. */
export interface Member {
  /** Its number in the world: user, project, item and hand-made token bear it, whatever the account is called. */
  readonly at: number;
  readonly everyDays: number;
  readonly lifetimeDays: number;
  readonly overlapDays: number;
  /** Days from the start to its first rotation. */
  readonly startsIn: number;
  readonly proof: "schedule" | "ref" | "none";
  /** Whether it has a second variable, in a project that others have variables in too. */
  readonly spare: boolean;
}

/** The vault of all items. */
export const vault = "Security";
/** The project with the second variables. */
export const shared = "security/shared";

/** What an account is called at first. */
export const nameOf = (at: number): string => `a${String(at).padStart(2, "0")}`;
/** Its GitLab user. */
export const usernameOf = (at: number): string => `gl-${nameOf(at)}`;
/** GitLab's id of its hand-made token. */
export const handTokenOf = (at: number): number => 1201 + at;
/** Its project. */
export const projectOf = (at: number): string => `security/${nameOf(at)}`;
/** The key of its second variable. */
export const spareOf = (at: number): string => `TOKEN_${nameOf(at).toUpperCase()}`;

/** Whether an account is so made that its hand-made token lives until its first rotation is over. */
const handTokenDies = (member: Member): number => member.startsIn + member.overlapDays + 16;

/** The servers' side of a fleet. Numbers are the same for an account in every part of it. */
export function worldOf(members: readonly Member[], startsAt: string): World {
  const count = Math.max(...members.map(({ at }) => at)) + 1;
  const all = Array.from({ length: count }, (_, at) => members.find((one) => one.at === at));
  const accounts = all.map(
    (member, at): AccountDescription => ({
      name: nameOf(at),
      username: usernameOf(at),
      project: projectOf(at),
      schedule: { description: "Weekly", cron: "0 6 * * 1" },
      job: "work",
      scope: "read_api",
      token: {
        handle: nameOf(at),
        createdAt: `${daysAfter(dayOf(startsAt), -300)}T08:30:00Z`,
        expiresAt: daysAfter(dayOf(startsAt), member ? handTokenDies(member) : 1),
      },
      lastRun: { at: `${daysAfter(dayOf(startsAt), -7)}T06:00:09.310Z`, failed: false },
    }),
  );
  const spares: WorldProject = {
    path: shared,
    variables: all.map((_, at) => ({ key: spareOf(at), value: { tokenOf: nameOf(at) }, masked: true })),
  };
  const world = fleet({ startsAt, accounts, projects: [spares] });
  return {
    ...world,
    tokens: world.tokens.map((token) => (token.handle === "owner" ? { ...token, expiresAt: null } : token)),
    projects: world.projects.map(withoutPauses),
    vaults: world.vaults.map(withCopies),
  };
}

function withoutPauses(project: WorldProject): WorldProject {
  return { ...project, jobs: (project.jobs ?? []).map(({ milliseconds: _, ...job }) => job) };
}

/** Each item has a second section with a field of the same name. */
function withCopies(one: WorldVault): WorldVault {
  const items = one.items.map((item) => {
    const credential = item.fields.find(({ label }) => label === "credential");
    if (credential === undefined) return item;
    const copy = { ...credential, id: "copy", section: "Copy" };
    return { ...item, sections: [...(item.sections ?? []), "Copy"], fields: [...item.fields, copy] };
  });
  return { ...one, items };
}

/** What a person declares for it at first. */
export function declarationOf(members: readonly Member[], startsAt: string, health: boolean): Declaration {
  return {
    fleet: "soak",
    freezes: [],
    health,
    accounts: members.map((member) => blockOf(member, startsAt)),
  };
}

function blockOf(member: Member, startsAt: string): AccountBlock {
  const { at, everyDays, lifetimeDays, overlapDays } = member;
  const name = nameOf(at);
  return {
    name,
    account: { group: "security", username: usernameOf(at) },
    token: { name, scopes: ["api"] },
    rotation: {
      startsOn: daysAfter(dayOf(startsAt), member.startsIn),
      everyDays,
      weekday: "any",
      overlapDays,
      lifetimeDays,
    },
    adopt: { tokenId: handTokenOf(at), expiresAt: daysAfter(dayOf(startsAt), handTokenDies(member)) },
    onePassword: [{ vault, item: name, section: "GitLab", field: "credential" }],
    variables: [
      { project: projectOf(at), key: variableKey },
      ...(member.spare ? [{ project: shared, key: spareOf(at) }] : []),
    ],
    proof: proofOf(member),
  };
}

/** The pipelines that prove it. */
export function proofOf({ at, proof }: Pick<Member, "at" | "proof">): readonly ProofBlock[] {
  const common = { project: projectOf(at), jobs: ["work"], waitMinutes: 30 };
  if (proof === "none") return [];
  return [proof === "ref" ? { ...common, ref: "main" } : { ...common, schedule: "Weekly" }];
}
