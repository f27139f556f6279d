import { type InputsOf, resource } from "./form/declared";
import { flag, integer, list, object, one, optional, text, type ValueOf } from "./form/kinds";
import type { Lifecycle } from "./personalAccessToken";
import { owner } from "./types/owner";
import { permissions } from "./types/permissions";
import { pipelineTarget } from "./types/pipelines";
import { itemTarget, secretTarget, variableTarget } from "./types/places";
import { fault, issue, type LeftBy, stoppedBy } from "./types/step";

export const generation = object(
  "Generation",
  "A generation of an account's token, as the calendar has it on the day of the run.",
  {
    name: text("Its date, `2026-11-23`; a second one on a day `2026-11-23.2`; `adopted` for the hand-made token."),
    lifecycle: text<Lifecycle>("`current`, `previous` or `retired`."),
    expiresAt: text("The day (UTC, `YYYY-MM-DD`) at whose beginning its token dies."),
  },
);
export type Generation = ValueOf<typeof generation>;

export const compromise = object("Compromise", "A generation whose token leaked.", {
  generation: text("Its name."),
  reason: text("Why it is so."),
  on: optional(text("The day (UTC, `YYYY-MM-DD`) on which a generation opens to replace it.")),
});
export type Compromise = ValueOf<typeof compromise>;

export const adopt = object("Adopt", "The hand-made token to take over as generation zero.", {
  tokenId: integer("GitLab's id of it."),
  expiresAt: text("The day at whose beginning it dies, `YYYY-MM-DD`."),
});
export type Adopt = ValueOf<typeof adopt>;

export const opened = object("Opened", "A generation that was opened and has not expired.", {
  name: text("Its name."),
  expiresAt: text("The day at whose beginning its token dies."),
});
export type Opened = ValueOf<typeof opened>;

export const account = resource(
  "Account",
  "A service account, or a plain user: looked up, guarded against a rewritten history, and checked before a generation opens.",
  {
    kept: {
      account: text("The account's key in the declaration."),
      fleet: text("The fleet's id, part of the mark that each token's description ends with."),
      ...owner,
      group: optional(
        text(
          "Full path or id of the group that owns the account. Exactly one of `group`, `project`, `instance`, `self` and `keptIn` is given.",
        ),
      ),
      self: optional(flag("True for a plain user, whose token nobody else may make: it rotates itself.")),
      released: optional(
        flag("The token that rotates itself is released: it may be taken over as one beside which the next is minted."),
      ),
      username: text("The account's user name."),
      scopes: list(text(), "The scopes that its tokens get."),
      legacyReason: optional(text("Why legacy tokens may follow fine-grained ones; without it none does.")),
      permissions,
      generations: list(generation, "The generations that exist on the day of the run."),
      variables: list(variableTarget, "The CI/CD variables that are to hold the token."),
      items: list(itemTarget, "The places in 1Password that are to hold the token."),
      secrets: optional(list(secretTarget, "The keys of secrets in OpenBao or Vault that are to hold the token.")),
      pipelines: list(pipelineTarget, "The pipelines whose success proves a token."),
      adopt: optional(one(adopt, "The hand-made token to take over.")),
      tokenName: optional(
        text("GitLab's name of the token; for a plain user's, which keeps it when it rotates itself."),
      ),
      compromised: optional(list(compromise, "The generations whose token leaked: none of them is ever in use again.")),
      issue,
      faults: optional(
        list(
          text(),
          "What is wrong with the account's declaration: it fails, with nothing looked up or changed. None when left out.",
        ),
      ),
      serviceAccountId: optional(
        text("The account's number where the stack owns it: one that is not made yet is not looked for in a preview."),
      ),
      beginsOn: optional(
        text(
          "The day (UTC, `YYYY-MM-DD`) of the account's first rotation, while that is to come: what its places hold until then must live so long.",
        ),
      ),
    },
    inputs: {
      stoppedBy,
    },
    outputs: {
      userId: integer("GitLab's id of the account's user."),
      opened: list(
        opened,
        "The generations that were opened and have not expired: the history that no edit may rewrite.",
      ),
      unchecked: optional(
        list(text(), "What could not be looked at that a step of the run may be refused for; of a preview alone."),
      ),
      fault,
    },
  },
);
export type AccountInputs = InputsOf<typeof account>;
export type AccountOutputs = LeftBy<typeof account>;
