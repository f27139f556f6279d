import { type InputsOf, resource } from "./form/declared";
import { integer, list, text } from "./form/kinds";
import { pipelineTarget, targetMark } from "./types/pipelines";
import { consumer } from "./types/places";
import { fault, issue, type LeftBy, stoppedBy } from "./types/step";

export const placement = resource(
  "Placement",
  "The moment from which all places hold a token, as GitLab counts time: the newest pipelines of then.",
  {
    kept: {
      account: text("The account's key in the declaration."),
      generation: text("The generation of the token."),
      tokenId: integer("GitLab's id of the token."),
      consumers: list(consumer, "The places that hold the token."),
      pipelines: list(pipelineTarget, "The pipelines that are to prove it."),
      issue,
    },
    inputs: {
      stoppedBy,
    },
    outputs: {
      marks: list(targetMark, "One for each pipeline that could be looked at."),
      run: text("The run that took them."),
      fault,
    },
  },
);
export type PlacementInputs = InputsOf<typeof placement>;
export type PlacementOutputs = LeftBy<typeof placement>;
