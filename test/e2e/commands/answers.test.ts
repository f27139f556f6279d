import { describe, expect, test } from "vitest";
import { pulumiCli } from "../../../engines/engine";
import { Judge, recorded } from "../../settings/pulumi/judge";
import { table } from "../../settings/pulumi/table";

const { answers } = recorded();
const cli = pulumiCli();

describe.skipIf(cli === undefined)("the Pulumi CLI on this machine", () => {
  test("answers about every stack of the table as the record says", { timeout: 600_000 }, () => {
    const judge = new Judge(cli?.command[0] ?? "");
    try {
      const asked = table.map((one) => [one.name, judge.ask(one, false).config] as const);
      expect(asked).toEqual(table.map(({ name }) => [name, answers[name]?.config] as const));
    } finally {
      judge.close();
    }
  });
});
