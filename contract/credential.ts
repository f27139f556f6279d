import { call } from "./form/declared";
import { flag, integer, list, object, optional, text, type ValueOf } from "./form/kinds";

export const getCredential = call(
  "getCredential",
  "Whose our own GitLab credential is, its scopes and its expiry: one request. A fault is data, never an error: it would stop every account.",
  {
    withUser: optional(flag("Asks for the user's name as well, which is one more request. Default: false.")),
  },
  {
    tokenId: optional(integer("GitLab's id of the token.")),
    name: optional(text("What the token is called.")),
    userId: optional(integer("GitLab's id of its user.")),
    username: optional(text("Its user, where that was asked for and told.")),
    scopes: optional(list(text(), "GitLab's scopes.")),
    expiresAt: optional(text("The day at whose beginning it dies; absent when it never does.")),
    fault: optional(text("Why nothing is known of it; absent when something is.")),
  },
);

export const legacyEnd = object("LegacyEnd", "The day from which legacy tokens are refused.", {
  place: text("Path of the group; empty for the instance."),
  end: text("The day."),
});
export type LegacyEnd = ValueOf<typeof legacyEnd>;

export const getLegacyEnds = call(
  "getLegacyEnds",
  "From when on GitLab refuses legacy tokens, as far as our own credential may ask: a request for each group, and one for the instance where it is an administrator's. What may not be asked is left out.",
  {
    groups: list(text(), "Paths of top-level groups."),
  },
  {
    ends: list(legacyEnd, "The groups, and the instance, that refuse legacy tokens from a day on."),
  },
);
