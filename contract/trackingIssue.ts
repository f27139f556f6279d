import { type InputsOf, type OutputsOf, resource } from "./form/declared";
import { flag, integer, list, optional, text } from "./form/kinds";
import { externalConsumer } from "./types/places";

export const trackingIssue = resource(
  "TrackingIssue",
  "The issue in which a rotation is announced and reported: a person's, or one that is opened for it, once. What goes wrong is a warning, and tried again by the next run.",
  {
    kept: {
      fleet: text("The fleet's id."),
      account: text("The account's key in the declaration."),
      generation: text("The generation that the rotation is to."),
      username: text("The service account's username."),
      plainUser: optional(
        flag("The username is a plain user's, who mints its tokens itself. Left out where they rotate themselves."),
      ),
      project: text("Full path of the project that the issue is in."),
      date: text("The day of the rotation, and the issue's due date."),
      expiresAt: text("The day on which the new token will die."),
      may: optional(list(text(), "What the new token may do, in words; left out for a legacy one.")),
      reasons: list(text(), "Why on that day."),
      confidential: flag("Whether an issue that is opened is for the project's reporters and up only."),
      labels: list(text(), "Labels of an issue that is opened."),
      places: list(text(), "Where the token is stored, in words."),
      pipelines: list(text(), "The pipelines that prove the token, in words."),
      overlapDays: integer("Days for which the old token lives beside the new one."),
      external: list(externalConsumer, "Consumers that cannot be written from here: their owners are told what to do."),
      notify: list(text(), "Users and groups to mention, each with its `@`. Nobody else is."),
    },
    inputs: {
      iid: optional(integer("A person's issue, used while it is open. One is opened when left out.")),
    },
    outputs: {
      iid: optional(integer("The number of the issue; absent when there is none.")),
      url: optional(text("Its page.")),
      isForeign: optional(flag("A person opened it.")),
      status: text<"opened" | "unopened" | "late">(
        "`opened`; `late` when the rotation was long ago, and has no issue; or `unopened` when GitLab could not be told: the next run tries again.",
      ),
    },
  },
);
export type TrackingIssueInputs = InputsOf<typeof trackingIssue>;
export type TrackingIssueOutputs = OutputsOf<typeof trackingIssue>;
