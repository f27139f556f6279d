import { expect, it } from "vitest";
import type { AccountInputs } from "../../../../contract/account";
import { account } from "../../../../providers/runbook/account/account";
import { accountInputs, benches, inventory, refusal, tokensPath } from "../bench";

const bench = benches();
const urn = (name: string) => `urn:pulumi:sandbox::pat-rotation::runbook:index:Account::${name}`;

/** The same account by another name: another account whose places lie in the same vault. */
const made = (name: string, changes: Partial<AccountInputs> = {}) =>
  account.create(accountInputs({ account: name, ...changes }), { ...bench().context, urn: urn(name) });

it("the right to write a vault is tried once in a run, however many accounts have an item in it", async () => {
  await Promise.all([made("one"), made("two"), made("three")]);
  const tries = bench()
    .requests()
    .filter((request) => request.startsWith("PATCH"));
  expect(tries).toEqual(["PATCH /vaults/<id>/items/<id> 200"]);
});

it("each account is told of a vault that may not be written, and one that was given the right since is not", async () => {
  const fault = { kind: "server-error", status: 403 } as const;
  const calm = bench().sandbox.onepassword.inject({ fault, method: "PATCH", times: 99 });
  const told = 'the 1Password vault "Security" may not be written';
  expect(await refusal(made("one"))).toContain(told);
  expect(await refusal(made("two"))).toContain(told);
  calm();
  expect((await made("two")).outputs.userId).toBe(inventory.userId);
});

it("the account's tokens are read once, for the one to adopt and for those that nobody knows", async () => {
  bench().sandbox.clock.set("2026-11-20T07:10:00Z");
  bench().tick();
  await made("inventory", { adopt: { tokenId: 1201, expiresAt: "2026-11-23" } });
  const lists = bench()
    .requests()
    .filter((request) => request.startsWith(`GET ${tokensPath}`));
  expect(lists).toEqual([`GET ${tokensPath} 200`]);
});
