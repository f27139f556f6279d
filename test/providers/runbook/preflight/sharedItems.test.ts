import { afterEach, expect, it } from "vitest";
import type { AccountInputs } from "../../../../contract/account";
import type { DeclaredAccount } from "../../../../contract/run";
import { account } from "../../../../providers/runbook/account/account";
import { declareAccounts, forgetAccounts } from "../../../../providers/runbook/account/declaredAccounts";
import { accountInputs, benches, inventory, refusal } from "../bench";

const bench = benches();
afterEach(forgetAccounts);

function ids() {
  const [item] = bench().sandbox.onepassword.items("Security", inventory.title);
  const field = item?.fields?.find(({ label }) => label === "credential");
  if (item === undefined || field === undefined) throw new Error("the sandbox has no such item");
  return { vault: item.vault.id, item: item.id, field: field.id ?? "" };
}

type ItemPlace = { readonly vault?: string; readonly item?: string; readonly field?: string };

/** Has the stack declare another account, with one place. */
async function declareScanner(changes: ItemPlace): Promise<void> {
  const place = { kind: "item", vault: "Security", item: inventory.title, field: "credential", ...changes } as const;
  const scanner: DeclaredAccount = { name: "scanner", username: "gl-security-scanner", rotates: true, places: [place] };
  await declareAccounts({ accounts: [scanner] }, bench().context);
}

function looked(changes: Partial<AccountInputs> = {}) {
  return account.create(accountInputs(changes), bench().context);
}

it.each<readonly [what: string, named: () => ItemPlace]>([
  ["a vault by its id", () => ({ vault: ids().vault })],
  ["an item by its id", () => ({ item: ids().item })],
  ["a field by its id", () => ({ field: ids().field })],
  ["all by their ids", ids],
])("a place that another account names in another way is its fault, before a mint: %s", async (_, named) => {
  await declareScanner(named());
  const told = await refusal(looked());
  expect(told).toContain("1 fault was found, and nothing was changed.");
  expect(told).toContain('is one place with field "');
  expect(told).toContain('which account "scanner" declares: each would undo what the other stores.');
});

it("it is the other account's fault as well, in whichever order they come", async () => {
  await declareScanner({});
  expect(await refusal(looked({ items: [{ ...ids(), field: "credential" }] }))).toContain("one place");
});

it("so is a place that one account declares twice", async () => {
  const items = [
    { vault: "Security", item: inventory.title, field: "credential" },
    { vault: ids().vault, item: inventory.title, field: "credential" },
  ];
  expect(await refusal(looked({ items }))).toContain("which this account declares a second time");
});

it("so is an item that two are yet to make", async () => {
  const items = [
    { vault: "Security", newItem: "Fresh" },
    { vault: ids().vault, newItem: "Fresh" },
  ];
  expect(await refusal(looked({ items }))).toContain("one place");
});

it("so is an item that another account is yet to make in the same run", async () => {
  await declareScanner({ vault: ids().vault, item: "Fresh" });
  expect(await refusal(looked({ items: [{ vault: "Security", newItem: "Fresh" }] }))).toContain("one place");
});

it("another field, item or vault is no fault, and what names tell apart is not looked up", async () => {
  await declareScanner({ item: "GitLab Security Service - Architecture - Scanner" });
  await looked();
  const plain = bench().requests();
  expect(plain.filter((request) => request === "GET /vaults/<id>/items/<id> 200")).toHaveLength(1);
  await declareScanner({ item: ids().item, field: "username" });
  await looked();
});

it("each item is looked up once in a run, and no value is kept", async () => {
  await declareScanner({ item: ids().item, field: "username" });
  await looked();
  bench().requests();
  await looked();
  const again = bench()
    .requests()
    .filter((request) => request.startsWith("GET /vaults/<id>/items/<id>"));
  // The look at what a write would be refused for is made anew.
  expect(again).toHaveLength(1);
});
