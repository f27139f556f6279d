import type { World, WorldVault } from "../../../workshop/sandbox/world";
import { type AccountDescription, fleet } from "../../../workshop/sandbox/worlds/fleet";

/** Accounts of which each meets a fault of its own in one run, and what the line that tells it says. */
export const faulty = {
  settings: /^runbook:Account failed: .*rotation\.startsOn: found "2026-02-30"/,
  "not-there": /^runbook:Account failed: .*project "security\/nowhere" was not found/,
  "read-denied": /^runbook:Account failed: .*may not manage variables there/,
  "user-refused":
    /^(runbook:Account failed: the service account could not be made|gitlab:GroupServiceAccount failed: Making .*403)/,
  "member-refused":
    /^(runbook:Account failed: its membership in "security\/member-refused" could not|gitlab:ProjectMembership failed: Making .*403)/,
  "field-gone": /^runbook:Account failed: .*has no field "credential"/,
  "other-fleet": /^runbook:Account failed: .*it belongs to the fleet "another-fleet"/,
  "vault-away": /^runbook:Account failed: .*the 1Password vault "Elsewhere": .*1Password Connect answered 503/,
  "mint-refused": /^runbook:PersonalAccessToken failed: minting .*403/,
  "variable-locked":
    /^runbook:PipelineProof failed: .*storing the new token: CI\/CD variable "GITLAB_API_TOKEN" of project "security\/variable-locked" could not be set/,
  "pipeline-red": /^runbook:PipelineProof failed: .*job "work" is "failed"/,
} as const;

/** One whose pipeline does not end: no failure, its proof is looked at by the next run again. */
export const endless = "endless";

/** Accounts that meet no fault: one rotates, one retires what it rotated a week ago, one replaces a token that leaked. */
export const well = ["well-rotating", "well-retiring", "well-leaked"] as const;

/** All of them. */
export const names = [...(Object.keys(faulty) as (keyof typeof faulty)[]), endless, ...well] as const;

/** One of them. */
export type Name = (typeof names)[number];

/** The project of an account. */
export const project = (name: Name) => `security/${name}`;
/** The user of an account. */
export const username = (name: Name) => `gl-${name}`;
/** GitLab's id of that user. */
export const userId = (name: Name) => 201 + names.indexOf(name);
/** Where an account's item is. */
export const vault = (name: Name) => (name === "vault-away" ? "Elsewhere" : "Security");

/** A world with all of them; their hand-made tokens live for three more weeks. */
export function independenceWorld(): World {
  const world = fleet({
    startsAt: "2026-11-23T07:10:00Z",
    accounts: names.map(
      (name): AccountDescription => ({
        name,
        username: username(name),
        project: project(name),
        schedule: { description: "Weekly", cron: "0 6 * * 1" },
        job: "work",
        scope: "read_api",
        token: { handle: name, createdAt: "2025-12-14T08:30:00Z", expiresAt: "2026-12-14" },
        lastRun: { at: "2026-11-16T06:00:09.310Z", failed: false },
      }),
    ),
  });
  const [security, ...others] = world.vaults;
  const items = (name: string): WorldVault => ({
    name,
    items: (security?.items ?? []).filter(({ title }) => vault(title as Name) === name),
  });
  const mark = { description: "[another-fleet/other/2026-01-05]" };
  return {
    ...world,
    tokens: world.tokens.map((token) => (token.handle === "other-fleet" ? { ...token, ...mark } : token)),
    vaults: [items("Security"), items("Elsewhere"), ...others],
    connectTokens: [{ handle: "connect", vaults: { Security: ["read", "write"], Elsewhere: ["read", "write"] } }],
  };
}

/** The accounts that the stack owns from the day of the rotation on: one's user is not there yet, the other's is. */
export const owned = {
  "user-refused": { group: "security", username: "gl-yet-to-be-made", own: { name: "Robot" } },
  "member-refused": {
    group: "security",
    username: username("member-refused"),
    own: { name: "Robot", memberships: [{ project: project("member-refused"), accessLevel: "maintainer" }] },
  },
} as const;

/** What the settings say of an account. */
export function declarationOf(name: Name): Record<string, unknown> {
  return {
    name,
    account: { group: "security", username: username(name) },
    token: { name, scopes: ["api"] },
    // The hand-made tokens live for two more weeks by the day of the rotation: enough to be put back.
    rotation: { startsOn: name === "well-retiring" ? "2026-11-23" : "2026-11-30", marginDays: 7 },
    adopt: { tokenId: 1201 + names.indexOf(name), expiresAt: "2026-12-14" },
    onePassword: [{ vault: vault(name), item: name, field: "credential" }],
    variables: [{ project: project(name), key: "GITLAB_API_TOKEN" }],
    proof: [{ project: project(name), schedule: "Weekly", jobs: ["work"], waitMinutes: 1 }],
  };
}
