import { expect, test } from "vitest";
import type { ItemDeclaration } from "../../../places/item/declared";
import { unchecked } from "../../../rotation/plan/unchecked";
import { workSince } from "../../work";
import { account, settings } from "../declarations";

const id = "a".repeat(25);
const item = (parts: Partial<ItemDeclaration> = {}): ItemDeclaration => ({
  vault: "Security",
  item: "Builder",
  field: "token",
  ...parts,
});
const told = (...items: readonly ItemDeclaration[]) =>
  unchecked(settings(items.map((one, at) => account({ name: `a${at}`, onePassword: [one] })))).slice(2);

test("what another stack declares, and when GitLab has a token die, is told as not checked", () => {
  const adopting = account({ adopt: { tokenId: 7, expiresAt: "2027-01-01" } });
  expect(unchecked(settings([adopting, account({ name: "other" })]))).toEqual([
    "Whether another stack declares one of these places, or adopts the token 7 (inventory): what it holds or adopts cannot be seen from this one. Two that set one place undo each other's work; of two that adopt one token the first to retire it revokes it for both.",
    "The day on which GitLab has each token die. One that was minted with another lifetimeDays than is declared now keeps its own, and is replaced before that.",
  ]);
  expect(unchecked(settings([account()]))[0]).toContain("Whether another stack declares one of these places: what it");
  expect(unchecked(settings([]))).toEqual([]);
});

test("what counts before a variable in the pipelines that prove it is told as not checked", () => {
  const variables = [{ project: "security/builder", key: "TOKEN", environmentScope: "*" }];
  const proof = [{ project: "security/builder", schedule: "Weekly", jobs: [], waitMinutes: 30 }];
  const [, , found] = unchecked(settings([account({ variables, proof }), account({ name: "other", variables })]));
  expect(found).toContain("Whether something counts before the variables that pipelines prove (inventory): ");
  expect(unchecked(settings([account({ proof })]))).toHaveLength(2);
});

test.each<[string, ItemDeclaration, ItemDeclaration]>([
  ["a vault by its id and by its name", item(), item({ vault: `${id}v` })],
  ["an item by its id and by its title", item(), item({ item: `${id}i` })],
  ["a field by its id and by its label", item(), item({ field: `${id}f` })],
  ["a field with its section and without", item(), item({ section: "Production" })],
  ["a section by its id and by its label", item({ section: "Section_1A" }), item({ section: "Production" })],
  ["an item by its id and one that is made", item({ item: `${id}i`, field: "credential" }), made("Builder")],
])("%s may be one place", (_, one, other) => {
  expect(told(one, other)).toHaveLength(1);
  expect(told(other, one)).toHaveLength(1);
});

test.each<[string, ItemDeclaration, ItemDeclaration]>([
  ["two titles", item(), item({ item: "Other" })],
  ["two ids", item({ item: `${id}i` }), item({ item: `${id}j` })],
  ["two sections", item({ section: "A" }), item({ section: "B" })],
  ["two fields, one with its section", item(), item({ field: "other", section: "A" })],
  ["an item by its id in another vault", item(), item({ vault: "Other", item: `${id}i` })],
  ["an item that is made, and another field of that title", item(), made("Builder")],
])("%s are two places", (_, one, other) => {
  expect(told(one, other)).toEqual([]);
});

test("places that may be one are told with their accounts, and how to write them", () => {
  expect(told(item(), item({ item: `${id}i`, section: "A" }))).toEqual([
    `Whether the field "token" of 1Password item "Builder" in vault "Security" (a0) and the field "token" in section "A" of 1Password item "${id}i" in vault "Security" (a1) are one place: only 1Password can tell an id, or a field without its section, from a title. A run looks before it mints, and fails the accounts that share one. Name both in the same way, with the section.`,
  ]);
});

test("not more pairs are told than can be read, and many places are compared fast", () => {
  const byTitle = Array.from({ length: 1_000 }, () => item());
  const byId = Array.from({ length: 10 }, (_, at) => item({ item: `${id}${at}` }));
  const pairs = told(...byTitle.slice(0, 2), ...byId.slice(0, 4));
  expect(pairs).toHaveLength(6);
  expect(pairs.at(-1)).toBe("And 3 more pairs of places that may be one.");
  const titles = byTitle.map((one, at) => ({ ...one, item: `Builder ${at}`, vault: `Vault ${at}` }));
  const ids = byTitle.map((one, at) => ({ ...one, item: `${"a".repeat(22)}${1_000 + at}`, vault: `Other ${at}` }));
  const work = workSince();
  expect(told(...titles, ...ids)).toEqual([]);
  expect(work()).toBeLessThan(3_000);
});

function made(newItem: string): ItemDeclaration {
  return { vault: "Security", newItem, field: "credential" };
}
