import { type InputsOf, resource } from "./form/declared";
import { flag, integer, list, optional, preset, secret, text } from "./form/kinds";
import { owner } from "./types/owner";
import { permissions } from "./types/permissions";
import { consumer } from "./types/places";
import { fault, issue, type LeftBy, stoppedBy } from "./types/step";

/** What the dates ask for. */
export type Lifecycle = "current" | "previous" | "retired";
/** What happens to a token that lives when its declaration is removed. */
export type OnRemoval = "refuse" | "revoke" | "release";
/** A token as its own resource knows it. */
export type TokenStatus = "unminted" | "live" | "revoked" | "expired";

export const personalAccessToken = resource(
  "PersonalAccessToken",
  "One generation of an account's personal access token: minted once, kept while the dates want it. Its end is a `Retirement`.",
  {
    kept: {
      account: text("The account's key in the declaration."),
      formerly: optional(
        text("The key that the account had before: tokens whose mark has it are the account's as well."),
      ),
      fleet: text("The fleet's id, part of the mark that each token's description ends with."),
      ...owner,
      generation: text("The generation's name."),
      userId: integer("GitLab's id of the account's user."),
      name: text("The token's name. Fixed once minted, like description, scopes and expiry."),
      description: text("The token's description; the mark is put behind it."),
      scopes: list(text(), "The token's scopes."),
      permissions,
      expiresAt: text("The day (UTC, `YYYY-MM-DD`) at whose beginning the token dies."),
      lifecycle: text<Lifecycle>(
        "What the dates ask for: `current` (minted once), `previous` (left alone) or `retired` (left to its `Retirement`).",
      ),
      adoptTokenId: optional(integer("Take over the token of this id instead of minting one.")),
      consumers: optional(
        list(consumer, "The places that hold the account's token: read to get to know an adopted token's value."),
      ),
      onRemoval: preset(
        text<OnRemoval>(
          "What happens to a token that lives when its declaration is removed: `refuse`, `revoke` or `release` (left alive, forgotten).",
        ),
        "refuse",
      ),
      issue,
    },
    inputs: {
      liveTokenIds: optional(
        list(
          integer(),
          "The ids of all tokens of the account that live, as GitLab listed them in this run. A current or previous token that is not among them was revoked by somebody: a current one is minted anew. Left out: nobody looked.",
        ),
      ),
      renewDays: optional(
        integer(
          "Days before its real expiry from which a current token is replaced within its generation, when the declaration says that it lives longer than GitLab does. Left out: never.",
        ),
      ),
      stoppedBy,
    },
    outputs: {
      tokenId: optional(integer("GitLab's id of the token; absent while it is not minted.")),
      token: optional(
        secret(
          text("The token's value, where it is known. Kept in the state, encrypted, until the generation's expiry."),
        ),
      ),
      mintedAt: optional(text("When GitLab made it, an instant.")),
      status: text<TokenStatus>("`unminted`, `live`, `revoked` or `expired`."),
      swept: optional(
        flag("A retirement of the time when tokens retired themselves had looked for leftovers of lost answers."),
      ),
      strayTokenIds: optional(
        list(
          integer(),
          "The generation's tokens that lived when this one was minted: what lost answers and killed runs left behind. Absent when none did.",
        ),
      ),
      fault,
    },
  },
);
export type PersonalAccessTokenInputs = InputsOf<typeof personalAccessToken>;
export type PersonalAccessTokenOutputs = LeftBy<typeof personalAccessToken>;
