import type { AccountUser } from "./declaration";
import { type Fault, foundText } from "./faults";
import { type Raw, record, records } from "./raw";

/** Scopes of which one lets a token rotate itself. */
const rotating: readonly unknown[] = ["api", "self_rotate"];

/** What a token that rotates itself has in place of an overlap: GitLab revokes the old one in the same moment. */
export const noOverlap = { overlapDays: 0, quietHours: 0 } as const;

/** Whether an account is a plain user, whose token nobody else may make: it rotates itself. */
export function rotatesItself({ self }: Pick<AccountUser, "self">): boolean {
  return self === true;
}

/** What a plain user's account must say, and what means nothing there. */
export function selfFaults(account: Raw, at: (path: string) => string): readonly Fault[] {
  if (record(account.account).self === undefined) return [];
  const rotation = record(account.rotation);
  const token = record(account.token);
  const [keeper] = records(account.onePassword);
  const scopes = Array.isArray(token.scopes) ? token.scopes : undefined;
  const none = "nothing: GitLab revokes the old token of a plain user in the moment in which it rotates";
  const kept = "nothing: GitLab keeps the description when a token rotates itself";
  return [
    ...["overlapDays", "quietHours"].flatMap((name) => needless(rotation[name], at(`rotation.${name}`), none)),
    ...(token.description === "" ? [] : needless(token.description, at("token.description"), kept)),
    ...needed(
      account.adopt,
      at("adopt"),
      "the token in use, with tokenId and expiresAt: a plain user's token cannot be made from here, only rotated",
    ),
    ...needed(
      keeper?.item,
      at("onePassword[0].item"),
      "the item that holds the token in use: the new one is stored there before anything else",
    ),
    ...(scopes === undefined || scopes.some((scope) => rotating.includes(scope))
      ? []
      : [
          {
            path: at("token.scopes"),
            found: scopes.join(", "),
            expected: "api or self_rotate among them: without one a token may not rotate itself",
          },
        ]),
  ];
}

function needless(given: unknown, path: string, expected: string): readonly Fault[] {
  return given === undefined ? [] : [{ path, found: foundText(given), expected }];
}

function needed(given: unknown, path: string, expected: string): readonly Fault[] {
  return given === undefined ? [{ path, found: "nothing", expected }] : [];
}
