import { isAtLeast, type Version } from "../../clients/gitlab/version";
import type { AccountDeclaration } from "../../rotation/declaration/declaration";
import type { Finding } from "./finding";

interface Need {
  /** Whether an account needs it. */
  readonly is: (account: AccountDeclaration) => boolean;
  readonly what: string;
  readonly since: readonly [major: number, minor: number];
  readonly instead?: string;
}

/** What came with which version, from GitLab's documentation. */
const needs: readonly Need[] = [
  {
    is: isOfService,
    what: "listing and revoking the tokens of service accounts",
    since: [17, 11],
  },
  {
    is: ({ account }) => account.group?.includes("/") === true,
    what: "service accounts of subgroups",
    since: [18, 11],
    instead: "Let the top-level group own the account.",
  },
  {
    is: ({ account }) => account.project !== undefined,
    what: "service accounts of projects",
    since: [18, 11],
    instead: "Let the top-level group own the account.",
  },
  {
    is: ({ account }) => account.mints === true,
    what: "a second token that a user makes for itself (account.mints)",
    since: [19, 2],
    instead: "Leave account.mints out until GitLab is updated: the token then rotates itself, without an overlap.",
  },
  {
    is: ({ account, token }) => token.permissions !== undefined && account.mints !== true,
    what: "fine-grained tokens that an account makes for itself",
    since: [19, 2],
    instead: "Declare token.scopes until GitLab is updated.",
  },
  {
    is: ({ variables }) => variables.some(({ hidden }) => hidden === true),
    what: "hidden variables",
    since: [17, 4],
    instead: "Declare them masked.",
  },
];

/** What the declared accounts need of GitLab itself: its version, and its tier, which GitLab does not tell. */
export function serverFindings(
  { version, enterprise }: Version,
  baseUrl: string,
  accounts: readonly AccountDeclaration[],
): Finding[] {
  const about = `GitLab ${version}`;
  const versions = needs.flatMap(({ is, what, since: [major, minor], instead }): Finding[] => {
    const concerned = accounts.filter(is).map(({ name }) => name);
    if (concerned.length === 0 || isAtLeast(version, major, minor)) return [];
    const remedy = instead === undefined ? "" : ` ${instead}`;
    const message = `${what} came with ${major}.${minor}: ${concerned.join(", ")} cannot be rotated before.${remedy}`;
    return [{ verdict: "missing", about, message }];
  });
  return [
    ...versions,
    ...tierFindings(version, enterprise, about, accounts),
    ...hostFindings(baseUrl, about, accounts),
  ];
}

function tierFindings(
  version: string,
  enterprise: boolean,
  about: string,
  accounts: readonly AccountDeclaration[],
): Finding[] {
  const isFree = isAtLeast(version, 18, 11);
  const scoped = accounts.filter(({ variables }) =>
    variables.some(({ group, environmentScope }) => group !== undefined && environmentScope !== "*"),
  );
  const long = accounts.filter(({ rotation }) => rotation.lifetimeDays > 365);
  const names = (some: readonly AccountDeclaration[]) => some.map(({ name }) => name).join(", ");
  return [
    ...(isFree || !accounts.some(isOfService)
      ? []
      : enterprise
        ? [
            warning(
              about,
              "before 18.11 service accounts take the Premium or Ultimate tier, and GitLab does not tell which it has.",
            ),
          ]
        : [
            {
              verdict: "missing" as const,
              about,
              message: "it is the Community Edition, which has service accounts since 18.11 only.",
            },
          ]),
    ...(scoped.length === 0
      ? []
      : [
          warning(
            about,
            `${names(scoped)}: environment scopes of group variables take the Premium tier, and GitLab does not tell which it has.`,
          ),
        ]),
    ...(long.length === 0
      ? []
      : [
          warning(
            about,
            `${names(long)}: tokens of more than 365 days take the feature flag buffered_token_expiration_limit, which GitLab does not tell.`,
          ),
        ]),
  ];
}

function hostFindings(baseUrl: string, about: string, accounts: readonly AccountDeclaration[]): Finding[] {
  const instance = accounts.filter(
    (one) => one.account.instance === true || one.variables.some((of) => of.instance === true),
  );
  if (instance.length === 0 || new URL(baseUrl).hostname !== "gitlab.com") return [];
  const names = instance.map(({ name }) => name).join(", ");
  const message = `${names}: gitlab.com has no accounts and variables of the instance. Let a group own them.`;
  return [{ verdict: "missing", about, message }];
}

/** A plain user is no service account, in every version and tier. */
function isOfService({ account }: AccountDeclaration): boolean {
  return account.self !== true;
}

function warning(about: string, message: string): Finding {
  return { verdict: "warning", about, message };
}
