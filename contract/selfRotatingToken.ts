import { adopt } from "./account";
import { type InputsOf, resource } from "./form/declared";
import { integer, list, object, one, optional, preset, secret, text, type ValueOf } from "./form/kinds";
import type { OnRemoval } from "./personalAccessToken";
import { permissions } from "./types/permissions";
import { itemTarget } from "./types/places";
import { fault, issue, type LeftBy, stoppedBy } from "./types/step";

export const rotated = object("Rotated", "A token that rotated itself into another one.", {
  generation: text("Its generation."),
  tokenId: integer("GitLab's id of it."),
  expiresAt: text("The day on which it would have died."),
});
export type Rotated = ValueOf<typeof rotated>;

export const selfRotatingToken = resource(
  "SelfRotatingToken",
  "A plain user's personal access token, which nobody else may make: it rotates itself when a generation opens. GitLab revokes the old value in the same moment; the new one is in 1Password before the step ends.",
  {
    kept: {
      account: text("The account's key in the declaration."),
      fleet: text("The fleet's id: part of the note that is kept beside the token."),
      username: text("The user's name."),
      userId: integer("GitLab's id of the user."),
      generation: text(
        "The generation that is current; `adopted` for the token that was made by hand. When it changes, the token rotates itself.",
      ),
      name: text("GitLab's name of the token, which it keeps."),
      scopes: list(text(), "The token's scopes, which it keeps; `api` or `self_rotate` is among them."),
      permissions,
      expiresAt: text("The day on which the token of the generation dies."),
      place: one(
        itemTarget,
        "The field in 1Password that holds the token in use. A note beside it tells, after a crash, that a rotation had begun.",
      ),
      adopt: one(adopt, "The token that was made by hand: only that one is taken over."),
      onRemoval: preset(
        text<OnRemoval>(
          "What deleting the resource does while the token lives: `refuse`, `revoke` or `release` (leave it alive and forget it).",
        ),
        "refuse",
      ),
      issue,
      decommission: optional(text("Why the account ends: then the token is revoked.")),
    },
    inputs: {
      stoppedBy,
      renewDays: optional(
        integer(
          "Days before its real expiry from which the token rotates once more within its generation, when the declaration says that it lives longer than GitLab does. Left out: never.",
        ),
      ),
    },
    outputs: {
      tokenId: integer("GitLab's id of the token in use."),
      token: secret(text("Its value.")),
      status: text<"live" | "revoked">("`live` or `revoked`."),
      rotatedAt: optional(
        text("When it took over, an instant; absent while the token that was made by hand is in use."),
      ),
      predecessor: optional(one(rotated, "The token that it took over from, which died in that moment.")),
      fault,
    },
  },
);
export type SelfRotatingTokenInputs = InputsOf<typeof selfRotatingToken>;
export type SelfRotatingTokenOutputs = LeftBy<typeof selfRotatingToken>;
