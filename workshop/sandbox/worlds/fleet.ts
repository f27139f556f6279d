import type { World, WorldJob, WorldProject, WorldToken, WorldUser, WorldVault } from "../world";

/** One service account with its token, its consumers and the pipeline that depends on it. */
export interface AccountDescription {
  /** What people call it: the token's name and the vault item's title too. */
  readonly name: string;
  readonly username: string;
  /** The group that owns it and its project. @default "security" */
  readonly group?: string;
  /** Full path. */
  readonly project: string;
  readonly schedule: { readonly description: string; readonly cron: string };
  /** The job that works with the token, and the scope it needs. */
  readonly job: string;
  readonly scope: string;
  /** Its hand-made token. */
  readonly token: {
    readonly handle: string;
    readonly createdAt: string;
    readonly expiresAt: string;
    readonly lastUsedAt?: string;
  };
  /** When the schedule ran last, and whether the job failed. */
  readonly lastRun: { readonly at: string; readonly failed: boolean };
}

/** What stands around the accounts. */
export interface FleetDescription {
  readonly startsAt: string;
  readonly accounts: readonly AccountDescription[];
  readonly users?: readonly WorldUser[];
  readonly projects?: readonly WorldProject[];
  /** The vault that holds the accounts' items. @default "Security" */
  readonly vault?: string;
}

/** What {@link fleet} calls the CI/CD variable of every project. */
export const variableKey = "GITLAB_API_TOKEN";

/** The people every fleet has: who may do what in the owning groups. */
const people: readonly WorldUser[] = [
  { id: 1, username: "root", name: "Administrator", admin: true },
  { id: 11, username: "security-rotation", name: "Security Token Rotation" },
  { id: 12, username: "on.call", name: "Security On-call" },
  { id: 13, username: "build.developer", name: "Build Developer" },
  { id: 14, username: "other.group", name: "Member of Another Group" },
];

/** A world of any number of accounts, each with a project, a schedule, a variable and a vault item of its own. */
export function fleet(description: FleetDescription): World {
  const { accounts, startsAt } = description;
  const groups = [...new Set(accounts.flatMap((account) => withParents(account.group ?? "security")))];
  const vault = description.vault ?? "Security";
  return {
    startsAt,
    users: [
      ...people,
      ...(description.users ?? []),
      ...accounts.map((account, at) => ({
        id: 201 + at,
        username: account.username,
        name: account.name,
        serviceAccountOf: { group: account.group ?? "security" },
      })),
    ],
    groups: groups.map((path) => ({
      path,
      members: path.includes("/")
        ? {}
        : { "security-rotation": "owner", "on.call": "maintainer", "build.developer": "developer" },
    })),
    tokens: [
      ...credentials(startsAt),
      ...accounts.map((account, at): WorldToken => {
        const { handle, ...dates } = account.token;
        return { id: 1201 + at, handle, user: account.username, name: account.name, scopes: ["api"], ...dates };
      }),
    ],
    projects: [...accounts.map(projectOf), ...(description.projects ?? [])],
    vaults: [vaultOf(vault, accounts), { name: "Private", items: [] }],
    connectTokens: [
      { handle: "connect", vaults: { [vault]: ["read", "write"] } },
      { handle: "connect-read-only", vaults: { [vault]: ["read"] } },
      { handle: "connect-write-only", vaults: { [vault]: ["write"] } },
    ],
    credentials: { gitlab: "owner", onePassword: "connect" },
  };
}

/** That many look-alike accounts, whose hand-made tokens die one day after the start. */
export function lookAlikes(count: number, startsAt = "2026-11-23T07:10:00Z"): World {
  const day = startsAt.slice(0, 10);
  const accounts = Array.from({ length: count }, (_, at): AccountDescription => {
    const number = String(at + 1).padStart(4, "0");
    return {
      name: `GitLab Security Service - Robot ${number}`,
      username: `gl-security-robot-${number}`,
      project: `security/robot-${number}`,
      schedule: { description: "Weekly - Monday mornings", cron: "0 6 * * 1" },
      job: "work",
      scope: "read_api",
      token: { handle: `robot-${number}`, createdAt: daysFrom(day, -364), expiresAt: daysFrom(day, 1).slice(0, 10) },
      lastRun: { at: `${day}T06:00:00Z`, failed: false },
    };
  });
  return fleet({ startsAt, accounts });
}

/** Tokens of callers with different rights, for whoever wants to try them. */
function credentials(startsAt: string): WorldToken[] {
  const day = startsAt.slice(0, 10);
  const token = (id: number, handle: string, user: string, scopes: readonly string[], days: number): WorldToken => ({
    id,
    handle,
    user,
    name: handle,
    scopes,
    createdAt: daysFrom(day, -30),
    expiresAt: daysFrom(day, days).slice(0, 10),
  });
  return [
    token(1001, "owner", "security-rotation", ["api"], 90),
    token(1002, "owner-read-only", "security-rotation", ["read_api"], 90),
    token(1003, "owner-last-day", "security-rotation", ["api"], 1),
    token(1004, "owner-expired", "security-rotation", ["api"], 0),
    token(1005, "admin", "root", ["api"], 90),
    token(1006, "maintainer", "on.call", ["api"], 90),
    token(1007, "developer", "build.developer", ["api"], 90),
    token(1008, "stranger", "other.group", ["api"], 90),
  ];
}

function projectOf(account: AccountDescription): WorldProject {
  const work: WorldJob = {
    name: account.job,
    stage: "build",
    needs: { variable: variableKey, user: account.username, scope: account.scope },
  };
  return {
    path: account.project,
    jobs: [
      { name: "lint", stage: "test", milliseconds: 50 },
      work,
      { name: "publish", stage: "deploy", milliseconds: 50 },
    ],
    schedules: [{ ...account.schedule, owner: "on.call" }],
    variables: [{ key: variableKey, value: { tokenOf: account.token.handle }, masked: true, protected: true }],
    pipelines: [
      {
        schedule: account.schedule.description,
        user: "on.call",
        at: account.lastRun.at,
        failed: account.lastRun.failed ? [account.job] : [],
      },
    ],
  };
}

function vaultOf(name: string, accounts: readonly AccountDescription[]): WorldVault {
  return {
    name,
    description: "Credentials of the security team's service accounts",
    items: accounts.map((account) => ({
      title: account.name,
      category: "LOGIN",
      createdAt: account.token.createdAt.slice(0, 10).concat("T09:00:00Z"),
      tags: ["gitlab", "service account"],
      urls: ["https://gitlab.example.com"],
      sections: ["GitLab"],
      fields: [
        { id: "username", type: "STRING", purpose: "USERNAME", label: "username", value: account.username },
        { id: "password", type: "CONCEALED", purpose: "PASSWORD", label: "password", value: "correct-horse-battery" },
        {
          id: "notesPlain",
          type: "STRING",
          purpose: "NOTES",
          label: "notesPlain",
          value: "Log in with the one-time password.\n",
        },
        {
          type: "TOTP",
          label: "one-time password",
          section: "GitLab",
          value: `otpauth://totp/GitLab:${account.username}?secret=JBSWY3DPEHPK3PXP&issuer=GitLab`,
        },
        { type: "CONCEALED", label: "credential", section: "GitLab", value: { tokenOf: account.token.handle } },
        { type: "DATE", label: "expires", section: "GitLab", value: unixNoon(account.token.expiresAt) },
      ],
    })),
  };
}

function withParents(path: string): string[] {
  const segments = path.split("/");
  return segments.map((_, at) => segments.slice(0, at + 1).join("/"));
}

function daysFrom(day: string, days: number): string {
  return new Date(Date.parse(`${day}T09:00:00Z`) + days * 86_400_000).toISOString();
}

/** As 1Password keeps dates. */
function unixNoon(day: string): string {
  return String(Date.parse(`${day}T12:01:00Z`) / 1000);
}
