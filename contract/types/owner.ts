import { flag, one, optional, text } from "../form/kinds";
import { itemTarget } from "./places";

/** What an account belongs to; exactly one is given. */
export const owner = {
  group: optional(
    text(
      "Full path or id of the group that owns the account. Exactly one of `group`, `project` and `instance` is given.",
    ),
  ),
  project: optional(text("Full path or id of the project that owns the account.")),
  instance: optional(flag("True for an account of the whole instance; takes an administrator's credential.")),
  accessToken: optional(
    text(
      "The role of the bots, where the tokens are access tokens of the group or project itself, in place of an account's.",
    ),
  ),
  keptIn: optional(
    one(
      itemTarget,
      "For a plain user who mints the next token itself: the field in 1Password that holds the token in use, with which that user's tokens are made, listed and revoked. None of `group`, `project` and `instance` is given then.",
    ),
  ),
};
