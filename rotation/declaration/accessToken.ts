import { type Raw, record } from "../../ground/raw";
import type { AccountUser } from "./declaration";
import { type Fault, foundText } from "./faults";

/** Whether the tokens are access tokens of a group or project itself: each has a bot of its own, and no user is declared. */
export function isAccessToken({ accessToken }: Pick<AccountUser, "accessToken">): boolean {
  return accessToken !== undefined;
}

/** What an account's tokens act as, as people say it: a username, or `a group access token (role reporter)`. */
export function userText({ username, group, accessToken }: AccountUser): string {
  if (accessToken === undefined) return username;
  return `a ${group === undefined ? "project" : "group"} access token (role ${accessToken})`;
}

/** What means nothing, or is not made, for the access tokens of a group or project. */
export function accessTokenFaults({ account, token }: Raw, at: (path: string) => string): readonly Fault[] {
  const { accessToken, group, project, ...user } = record(account);
  if (accessToken === undefined) return [];
  const { permissions } = record(token);
  const isOwned = group !== undefined || project !== undefined;
  const bot = "nothing: GitLab makes a bot with each access token of a group or project";
  return [
    ...(isOwned
      ? []
      : [
          {
            path: at("account.accessToken"),
            found: foundText(accessToken),
            expected: "group or project beside it: only these have access tokens",
          },
        ]),
    ...["username", "own"].flatMap((name) => needless(user[name], at(`account.${name}`), bot)),
    ...needless(
      permissions,
      at("token.permissions"),
      "scopes: GitLab makes fine-grained tokens for users alone, not for groups and projects",
    ),
  ];
}

/** Why the tokens of this kind are not rotated. */
export function unrotatable({ deployToken }: Raw, path: string): Fault {
  return {
    path: `${path}.deployToken`,
    found: foundText(deployToken),
    expected:
      "accessToken with a role, or a service account, for the same work: nobody can ask a deploy token who it is, and GitLab does not tell when one was used, so none can be proven or safely revoked (docs/limits.md)",
  };
}

function needless(given: unknown, path: string, expected: string): readonly Fault[] {
  return given === undefined ? [] : [{ path, found: foundText(given), expected }];
}
