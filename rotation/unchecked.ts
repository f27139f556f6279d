import type { ItemDeclaration, Settings } from "./declaration";
import { itemText } from "./places";
import { mayBeSame, sorted } from "./sameness";

/** The most pairs of places that are told. */
const MOST = 5;

/** What the files of a stack cannot tell, a sentence or two each: a plan that is silent about it would seem to have looked. */
export function unchecked(settings: Settings): readonly string[] {
  const { accounts } = settings;
  if (accounts.length === 0) return [];
  const tokens = accounts.flatMap(({ name, adopt }) => (adopt === undefined ? [] : [`${adopt.tokenId} (${name})`]));
  const adopted = tokens.length === 0 ? "" : `, or adopts the token ${listed(tokens)}`;
  const pairs = doubtful(settings);
  const more = pairs.length > MOST ? [`And ${pairs.length - MOST} more pairs of places that may be one.`] : [];
  return [
    `Whether another stack declares one of these places${adopted}: what it holds or adopts cannot be seen from this one. Two that set one place undo each other's work; of two that adopt one token the first to retire it revokes it for both.`,
    "The day on which GitLab has each token die. One that was minted with another lifetimeDays than is declared now keeps its own, and is replaced before that.",
    ...pairs.slice(0, MOST),
    ...more,
  ];
}

interface Named {
  readonly account: string;
  readonly item: ItemDeclaration;
}

/** Places that may be one, which only 1Password can tell. */
function doubtful({ accounts }: Settings): readonly string[] {
  const all = accounts.flatMap(({ name: account, onePassword }) => onePassword.map((item) => ({ account, item })));
  const result: string[] = [];
  const compare = (one: Named, others: readonly Named[]) => {
    for (const other of others) if (mayBeSame(one.item, other.item)) result.push(pairText(one, other));
  };
  for (const some of grouped(all, ({ item }) => sorted(item).item))
    for (const [position, one] of some.entries()) compare(one, some.slice(position + 1));
  const forms = grouped(all, ({ item }) => sorted(item).form);
  for (const [position, some] of forms.entries())
    for (const others of forms.slice(position + 1)) for (const one of some) compare(one, others);
  return result;
}

function grouped<T>(all: readonly T[], by: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(by(one));
    if (group === undefined) groups.set(by(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function pairText(one: Named, other: Named): string {
  return `Whether ${placeText(one)} and ${placeText(other)} are one place: only 1Password can tell an id, or a field without its section, from a title. Name both in the same way, with the section.`;
}

function placeText({ account, item }: Named): string {
  return `${itemText(item)} (${account})`;
}

function listed(texts: readonly string[]): string {
  return texts.length <= 4 ? texts.join(", ") : `${texts.slice(0, 3).join(", ")} or ${texts.length - 3} others`;
}
