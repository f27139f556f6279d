import { call, type OutputsOf } from "./form/declared";
import { integer, list, object, one, optional, text, type ValueOf } from "./form/kinds";
import { owner } from "./types/owner";

export const tokenMark = object("TokenMark", "Whose a token is: written at the end of its description.", {
  fleet: text("The fleet's id."),
  account: text("The account's key in the declaration."),
  generation: text("The generation's name."),
});
export type TokenMark = ValueOf<typeof tokenMark>;

export const listedToken = object("ListedToken", "A token that lives, without its value.", {
  id: integer("GitLab's id of it."),
  name: text("Its name."),
  scopes: list(text(), "Its scopes."),
  mark: optional(one(tokenMark, "The mark at the end of its description; absent when it has none.")),
  expiresAt: optional(text("The day (UTC, `YYYY-MM-DD`) at whose beginning it dies; absent when it never does.")),
  lastUsedAt: optional(
    text("When it was last used, an instant that GitLab writes every ten minutes at most; absent when it never was."),
  ),
});
export type ListedToken = ValueOf<typeof listedToken>;

export const getTokens = call(
  "getTokens",
  "The tokens of an account that live, by one list. A fault is data, never an error: it would stop every account.",
  {
    ...owner,
    userId: integer("GitLab's id of the account's user."),
  },
  {
    tokens: list(listedToken, "Those that live; none when they could not be listed."),
    fault: optional(text("Why they could not be listed; absent when they could.")),
  },
);
export type FoundTokens = OutputsOf<typeof getTokens>;
