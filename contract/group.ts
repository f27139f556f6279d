import { type InputsOf, type OutputsOf, resource } from "./form/declared";
import { integer, replacing, text } from "./form/kinds";

export const group = resource(
  "Group",
  "A group that is looked up, since memberships go by its number. Nothing is made of it.",
  {
    kept: {
      group: replacing(text("Its full path.")),
    },
    inputs: {},
    outputs: {
      groupId: integer("Its number."),
    },
  },
);
export type GroupInputs = InputsOf<typeof group>;
export type GroupOutputs = OutputsOf<typeof group>;
