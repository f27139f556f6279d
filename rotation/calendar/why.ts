import { type Day, show } from "../../ground/day";
import type { AccountDeclaration, Freeze } from "../declaration/declaration";
import { openings } from "./calendar";
import { generations } from "./generations";
import { nextRotation } from "./upcoming";

/** Why an account rotates on a day; or why it does not, and what is in use then. A sentence each. */
export function why(account: AccountDeclaration, freezes: readonly Freeze[], date: Day): readonly string[] {
  const { rotation } = account;
  const opening = openingsOn(account, freezes, date);
  if (opening.length > 0) return opening;
  const frozen = freezes.filter(({ from, to }) => from <= date && date <= to);
  const current = generations(account, freezes, date).find(({ lifecycle }) => lifecycle === "current");
  const next = nextRotation(account, freezes, date);
  return [
    `Nothing rotates on ${show(date)}.`,
    ...frozen.map(({ from, to }) => `It lies in the freeze ${show(from)} to ${show(to)}.`),
    current === undefined
      ? `No generation has opened: startsOn is ${show(rotation.startsOn)}.`
      : `Generation ${current.name}: ${current.explanation}`,
    next === undefined ? "None comes any more." : `The next rotation is on ${show(next.date)}.`,
  ];
}

function openingsOn(account: AccountDeclaration, freezes: readonly Freeze[], date: Day): readonly string[] {
  const result: string[] = [];
  for (const opening of openings(account.rotation, freezes, date)) {
    if (opening.date > date) break;
    result.push(`Generation ${opening.name} opens.`, ...opening.reason);
  }
  return result;
}
