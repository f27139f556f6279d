import { type InputsOf, resource } from "./form/declared";
import { integer, list, object, optional, text, type ValueOf } from "./form/kinds";
import { run } from "./types/pipelines";
import { externalConsumer } from "./types/places";
import { fault, type LeftBy, stoppedBy } from "./types/step";

export const predecessor = object("Predecessor", "An older token of the account.", {
  generation: text("Its generation."),
  lifecycle: text("`previous` or `retired`."),
  tokenId: optional(integer("GitLab's id of it.")),
  status: text("`unminted`, `live`, `revoked` or `expired`."),
  expiresAt: text("The day on which it dies."),
});
export type Predecessor = ValueOf<typeof predecessor>;

export const notice = resource(
  "Notice",
  "What came of a rotation, told on its issue: the facts, a record for auditors, those concerned mentioned, the issue closed. What goes wrong is a warning, and tried again by the next run.",
  {
    kept: {
      fleet: text("The fleet's id."),
      account: text("The account's key in the declaration."),
      generation: text("The generation that the rotation is to."),
      username: text("The service account's username."),
      project: text("Full path of the project that the issue is in."),
      iid: optional(integer("The number of the issue; while it is left out, nothing is told.")),
      issueUrl: optional(text("The issue's page, for the webhook.")),
      tokenId: integer("GitLab's id of the token."),
      expiresAt: text("The day on which the token dies."),
      provedAt: optional(text("When it was proven, an instant; while it is left out, nothing is told.")),
      places: list(text(), "Where the token is stored, in words."),
      runs: list(run, "The pipelines that proved it."),
      predecessors: list(predecessor, "The older tokens."),
      external: list(externalConsumer, "Consumers that cannot be written from here: their owners are told what to do."),
      notify: list(text(), "Users and groups to mention, each with its `@`. Nobody else is."),
      may: optional(list(text(), "What the token may do, in words; left out for a legacy one.")),
      nextDate: optional(text("The day of the next rotation.")),
    },
    inputs: {
      stoppedBy,
    },
    outputs: {
      status: text<"waiting" | "told" | "untold">(
        "`told`; `waiting` for the proof or for an issue; or `untold` when GitLab could not be told: the next run tries again.",
      ),
      toldAt: optional(text("When, an instant.")),
      ended: list(integer(), "Ids of the older tokens whose end was told."),
      fault,
    },
  },
);
export type NoticeInputs = InputsOf<typeof notice>;
export type NoticeOutputs = LeftBy<typeof notice>;
