import type { Generation } from "../../rotation/calendar/generations";
import { placeTexts, proofText } from "../../rotation/declaration/places";
import { rotatesItself } from "../../rotation/declaration/self";
import type { AccountDeclaration } from "../../rotation/declaration/settings";
import { currentOf } from "../../rotation/plan/effects";

/** What an emergency is about to do. */
export interface Coming {
  /** The account with its leak declared. */
  readonly account: AccountDeclaration;
  /** Its generations then. */
  readonly all: readonly Generation[];
  /** The one that leaked. */
  readonly leaked: string;
  /** Its token, as people say it. */
  readonly title: string;
  /** The tokens that are there, by generation. */
  readonly minted: ReadonlyMap<string, number>;
  /** The file that the leak is declared in; absent where it is declared already. */
  readonly file?: string;
  readonly asksForMerge: boolean;
}

/** The steps of an emergency in their order, a sentence each. */
export function foretold({ account, all, leaked, title, minted, file, asksForMerge }: Coming): string[] {
  const next = currentOf(all)?.name;
  const there = next === undefined ? undefined : minted.get(next);
  const places = placeTexts(account);
  const pipelines = account.proof.map(proofText);
  const isSelf = rotatesItself(account.account);
  const take = isSelf
    ? `The token rotates itself into generation "${next}": it is dead in that moment.`
    : there === undefined
      ? `A new token, generation "${next}", is minted and tested.`
      : `Token ${there}, generation "${next}", is the one in use from then on.`;
  return [
    ...(file === undefined ? [] : [`The leak of generation "${leaked}" is declared in ${file}.`]),
    ...(next === undefined ? [] : [take, `It is stored in: ${places.join("; ") || "no place that is declared"}.`]),
    ...(isSelf ? [] : [`${title} is revoked, whoever still uses it.`]),
    ...(next === undefined || pipelines.length === 0
      ? []
      : [`These pipelines prove the new one: ${pipelines.join("; ")}.`]),
    ...account.external.map(({ name, owner }) => `${owner} has to update ${name}: it cannot be written from here.`),
    ...(asksForMerge ? ["A merge request with the same declaration is left."] : []),
  ];
}
