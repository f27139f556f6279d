import { call } from "./form/declared";
import { flag, integer, list, object, optional, text, type ValueOf } from "./form/kinds";
import { consumer } from "./types/places";

export const declaredAccount = object("DeclaredAccount", "An account of the stack, as far as others must know of it.", {
  name: text("The account's key in the declaration."),
  username: text("Its user in GitLab."),
  rotates: flag("A first token of its own was due: its places are known to be written."),
  places: list(consumer, "The places that it declares."),
});
export type DeclaredAccount = ValueOf<typeof declaredAccount>;

export const declareAccounts = call(
  "declareAccounts",
  "Tells the provider, for the length of a run, the day it works for, and which places the accounts of the stack declare: no token dies while one of them holds it. Asks nobody anything.",
  {
    accounts: list(declaredAccount, "All accounts of the stack."),
    fleet: optional(text("The fleet's id, for the webhook.")),
    day: optional(
      text("The day that the run works for, such as `2026-11-23`, in UTC; the provider's own clock when left out."),
    ),
    preview: optional(
      flag(
        "Whether the run is a preview, in which a pretended day holds against any GitLab; it is none when left out.",
      ),
    ),
  },
  {
    count: integer("How many."),
  },
);

export const deed = object("Deed", "Something that this run did to a token.", {
  account: text("The account's key in the declaration."),
  does: text<"mint" | "take over" | "prove" | "revoke">("`mint`, `take over`, `prove` or `revoke`."),
  tokenId: integer("GitLab's id of the token."),
  generation: optional(text("Name of its generation; absent of a leftover.")),
});
export type Deed = ValueOf<typeof deed>;

export const getDeeds = call(
  "getDeeds",
  "What this run did to tokens so far, in order, for the program to tell when all accounts have come to their end.",
  {
    account: optional(text("Those of one account only, by its key; all when left out.")),
  },
  {
    deeds: list(deed, "Each deed."),
  },
);

export const failedStep = object("FailedStep", "A step that failed in this run.", {
  urn: text("Pulumi's name of its resource."),
  message: text("What failed, in words."),
});
export type FailedStep = ValueOf<typeof failedStep>;

export const getFailures = call(
  "getFailures",
  "The steps that failed in this run and whose faults were data, so that the program can end in an error when all accounts have come to their end.",
  {
    account: optional(text("Those of one account only, by its key; all when left out.")),
  },
  {
    steps: list(failedStep, "Each step."),
  },
);
