import { type InputsOf, resource } from "./form/declared";
import { integer, list, optional, secret, text } from "./form/kinds";
import { permissions } from "./types/permissions";
import { consumer } from "./types/places";
import { fault, issue, type LeftBy, stoppedBy } from "./types/step";

export const tokenProof = resource(
  "TokenProof",
  "Proof that a token authenticates as the right user with exactly the declared scopes.",
  {
    kept: {
      account: text("The account's key in the declaration."),
      generation: text("The generation of the token."),
      tokenId: integer("GitLab's id of the token."),
      userId: integer("The user that it must belong to."),
      scopes: list(text(), "The scopes that it must have, no more and no fewer."),
      permissions,
      expiresAt: text("The day that it must expire on."),
      issue,
    },
    inputs: {
      token: secret(text("The token's value.")),
      adoptTokenId: optional(
        integer(
          "The hand-made token that is retired as soon as this one is proven: its value is looked for before any place is set.",
        ),
      ),
      consumers: optional(list(consumer, "The places where that is looked for.")),
      stoppedBy,
    },
    outputs: {
      provedAt: text("When it was proven, an instant."),
      adoptedToken: optional(
        secret(text("The value of the hand-made token, as a place held it before anything was set.")),
      ),
      fault,
    },
  },
);
export type TokenProofInputs = InputsOf<typeof tokenProof>;
export type TokenProofOutputs = LeftBy<typeof tokenProof>;
