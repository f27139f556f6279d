import type { OutputsOf } from "../form/declared";
import { flag, integer, object, one, optional, text, type ValueOf } from "../form/kinds";

export const stepIssue = object("StepIssue", "The tracking issue that a step tells of its failure.", {
  project: text("Full path of the project that it is in."),
  iid: optional(integer("A person's issue, used while it is open.")),
  fleet: text("The fleet's id."),
  account: text("The account's key in the declaration."),
  generation: optional(
    text("The generation that the rotation is to; when left out, that of the account's newest issue which is open."),
  ),
  rotatesItself: optional(
    flag("The token is a plain user's, which rotates itself: what fails may come after the old one died."),
  ),
});
export type StepIssue = ValueOf<typeof stepIssue>;

/** The input by which a step gets to know it. */
export const issue = optional(one(stepIssue, "The tracking issue that is told of a failure; none when left out."));

/** The input by which a step of an account gets to know that an earlier one failed. */
export const stoppedBy = optional(
  text("What an earlier step of the account failed of: then this one does nothing. Empty or left out: nothing failed."),
);

/** The output by which it tells the steps after it that it failed. */
export const fault = text(
  "Inside an `Account` component: what stopped this step, or a step before it; empty when nothing did. A step of its own fails instead.",
);

/** What a step of an account makes; whether it failed is told for it. */
export type LeftBy<D> = Omit<OutputsOf<D>, "fault">;
