import { expect, test } from "vitest";
import { levels } from "../../../workshop/soak/levels/levels";
import { playOn } from "../../../workshop/soak/soak";
import { histories } from "./histories";

test.each(Object.entries(histories))("%s violates nothing", { timeout: 120_000 }, async (_name, history) => {
  const level = levels(false).model;
  if (level === undefined) throw new Error("there is no model level");
  const { violations, said } = await playOn(level, history, () => false, { print: () => undefined });
  const told = violations.map(({ judge, account, what, detail }) => `${judge}, ${account}: ${what}; ${detail}`);
  expect(told, said.join("\n")).toEqual([]);
});
