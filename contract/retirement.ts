import { type InputsOf, resource } from "./form/declared";
import { flag, integer, list, object, one, optional, secret, text, type ValueOf } from "./form/kinds";
import type { TokenStatus } from "./personalAccessToken";
import { owner } from "./types/owner";
import { consumer, externalConsumer } from "./types/places";
import { fault, issue, type LeftBy, stoppedBy } from "./types/step";

export const successor = object("Successor", "The token that takes over from one that is retired.", {
  generation: text("Its generation."),
  tokenId: integer("GitLab's id of it."),
  token: secret(text("Its value.")),
  provedAt: optional(text("When it was proven, an instant; absent while it is not.")),
});
export type Successor = ValueOf<typeof successor>;

export const retire = object("Retire", "What must hold before a retired token is revoked.", {
  successor: one(successor, "The token that takes over."),
  overlapDays: integer("Days that both tokens live after the successor's proof."),
  quietHours: optional(integer("Hours that the old token must have been unused for; 0 switches this off.")),
  knownTokenIds: list(
    integer(),
    "Ids of the account's tokens that are to live on. Tokens of this and the successor's generation with other ids are leftovers of lost answers, and are revoked as well.",
  ),
  external: optional(
    list(
      externalConsumer,
      "Consumers that cannot be written, and who updates each: to be asked when the old token is still in use.",
    ),
  ),
});
export type Retire = ValueOf<typeof retire>;

export const sweptFor = object("SweptFor", "A token by its generation and number.", {
  generation: text("The name of its generation."),
  tokenId: integer("GitLab's number of it."),
});
export type SweptFor = ValueOf<typeof sweptFor>;

export const retirement = resource(
  "Retirement",
  "The end of a token: revoked when its successor is proven, in place and old enough, and no declared place of any account holds it; until then held, with the reason.",
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
      tokenId: optional(
        integer(
          "GitLab's id of the token; absent when none was minted: then only leftovers of lost answers are looked for.",
        ),
      ),
    },
    inputs: {
      token: optional(secret(text("The token's value, where it is known: places are compared with it."))),
      expiresAt: text("The day (UTC, `YYYY-MM-DD`) at whose beginning the token dies."),
      status: text<TokenStatus>("The token as its own resource knows it: `unminted`, `live`, `revoked` or `expired`."),
      swept: optional(
        flag("The token was retired, and leftovers looked for, at the time when tokens retired themselves."),
      ),
      adoptTokenId: optional(integer("The id of a hand-made token, which bears no mark.")),
      leaked: optional(flag("The token is compromised: it is revoked without overlap, whoever else uses it.")),
      decommission: optional(
        text(
          "Why the account ends. Then the token, and every other one with the account's mark, is revoked without a successor.",
        ),
      ),
      consumers: optional(list(consumer, "The account's own places, which must hold the successor.")),
      retire: optional(one(retire, "What must hold before it is revoked; absent when the account ends.")),
      issue,
      stoppedBy,
    },
    outputs: {
      status: text<TokenStatus>(
        "What became of the token: `live`, `revoked`, `expired`, or `unminted` when there was none.",
      ),
      hold: text("Why it still lives; empty when it does not."),
      swept: flag("Leftovers of lost answers were looked for, and revoked."),
      sweptFor: optional(
        one(
          sweptFor,
          "The successor whose leftovers were looked for as well: when it gets another token, they are looked for again.",
        ),
      ),
      revokedAt: optional(text("When it was revoked by this step, an instant.")),
      fault,
    },
  },
);
export type RetirementInputs = InputsOf<typeof retirement>;
export type RetirementOutputs = LeftBy<typeof retirement>;
