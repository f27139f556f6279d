import { type Raw, record, records } from "../../ground/raw";
import type { ItemDeclaration } from "../../places/item/declared";
import type { AccountDeclaration, AccountUser } from "./declaration";
import { type Fault, foundText } from "./faults";

/** Scopes of which one lets a token rotate itself. */
const rotating: readonly unknown[] = ["api", "self_rotate"];

/** What a token that rotates itself has in place of an overlap: GitLab revokes the old one in the same moment. */
export const noOverlap = { overlapDays: 0, quietHours: 0 } as const;

/** What a token must be permitted for the user itself, with which the next one is made beside it. */
export const minting = [
  "create_personal_access_token",
  "read_personal_access_token",
  "revoke_personal_access_token",
] as const;

/** Whether an account is a plain user, whose token rotates itself. */
export function rotatesItself({ self, mints }: Pick<AccountUser, "self" | "mints">): boolean {
  return self === true && mints !== true;
}

/**
 * The place that holds the token in use of a plain user who mints the next one itself: with it that user's tokens are made, listed
 * and revoked. None for all others, whose tokens our own credential makes.
 */
export function keptIn({
  account,
  onePassword,
}: Pick<AccountDeclaration, "account" | "onePassword">): ItemDeclaration | undefined {
  return account.self === true && account.mints === true ? onePassword[0] : undefined;
}

/** What a plain user's account must say, and what means nothing there. */
export function selfFaults(account: Raw, at: (path: string) => string): readonly Fault[] {
  const { self, mints } = record(account.account);
  if (self === undefined) return misplaced(mints, at("account.mints"));
  const rotation = record(account.rotation);
  const token = record(account.token);
  const [keeper] = records(account.onePassword);
  const scopes = Array.isArray(token.scopes) ? token.scopes : undefined;
  if (mints !== undefined) return mintingFaults(token.permissions, keeper?.item, at);
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
    ...(token.permissions === undefined || mayRotate(records(token.permissions))
      ? []
      : [
          {
            path: at("token.permissions"),
            found: "no rotate_personal_access_token for user",
            expected: "it among them: without it a token may not rotate itself",
          },
        ]),
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

function misplaced(mints: unknown, path: string): readonly Fault[] {
  const expected = "self beside it: all other tokens are minted beside the one in use anyway";
  return mints === undefined ? [] : [{ path, found: foundText(mints), expected }];
}

/** What a plain user's account must say whose tokens are minted beside the one in use. */
function mintingFaults(permissions: unknown, item: unknown, at: (path: string) => string): readonly Fault[] {
  const needs = "GitLab lets a user make a fine-grained token for itself, and no legacy one";
  if (permissions === undefined)
    return [
      {
        path: at("token.permissions"),
        found: "nothing",
        expected: `permissions, since account.mints is set: ${needs}`,
      },
      ...needed(item, at("onePassword[0].item"), keeps),
    ];
  const own = records(permissions).filter(({ user }) => user !== undefined);
  const allowed = own.flatMap(({ allow }) => (Array.isArray(allow) ? allow : []));
  const missing = minting.filter((name) => !allowed.includes(name));
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            path: at("token.permissions"),
            found: `no ${missing.join(", ")} for user`,
            expected: `${minting.join(", ")} among them: with the token in use the next one is made, and the old one revoked`,
          },
        ]),
    ...needed(item, at("onePassword[0].item"), keeps),
  ];
}

const keeps = "the item that exists and holds the token in use: with that the next one is made";

function mayRotate(permissions: readonly Raw[]): boolean {
  return permissions.some(
    ({ user, allow }) => user !== undefined && Array.isArray(allow) && allow.includes("rotate_personal_access_token"),
  );
}

function needless(given: unknown, path: string, expected: string): readonly Fault[] {
  return given === undefined ? [] : [{ path, found: foundText(given), expected }];
}

function needed(given: unknown, path: string, expected: string): readonly Fault[] {
  return given === undefined ? [{ path, found: "nothing", expected }] : [];
}
