import { expect, test } from "vitest";
import { edited } from "../../../workshop/soak/sight/weakened";
import { weakenings } from "../../../workshop/soak/sight/weakenings";

test.each(weakenings.flatMap(({ name, edits }) => edits.map((edit) => [name, edit] as const)))(
  "%s: what is taken out is there, once",
  (_name, edit) => {
    expect(edited(edit)).toContain(edit.put);
  },
);
