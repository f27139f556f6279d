import { expect, test } from "vitest";
import { account } from "../../../../providers/runbook/account/account";
import { getCredential } from "../../../../providers/runbook/account/ownCredential";
import { accountInputs, benches } from "../bench";

const bench = benches();

test("one request tells whose it is by id, its scopes and its expiry; its user's name is one more", async () => {
  const { context, requests } = bench();
  const known = { tokenId: 1001, name: "owner", userId: 11, scopes: ["api"], expiresAt: "2027-02-21" };
  expect(await getCredential({}, context)).toEqual(known);
  expect(requests()).toEqual(["GET /personal_access_tokens/self 200"]);
  expect(await getCredential({ withUser: true }, context)).toEqual({ ...known, username: "security-rotation" });
  expect(requests()).toEqual(["GET /user 200"]);
});

test("a dead one is a fault that is data", async () => {
  process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("owner-expired");
  expect(await getCredential({}, bench().context)).toEqual({ fault: expect.stringContaining("Token is expired") });
});

test("a run that rotates warns once when its own credential dies within 30 days, and asks nothing more for it", async () => {
  const { context, said, requests, tick } = bench();
  tick({ days: 70 });
  await account.create(accountInputs(), context);
  await account.create(accountInputs({ account: "again" }), context);
  expect(said.filter((line) => line.includes("GITLAB_TOKEN"))).toEqual([
    'the token in "GITLAB_TOKEN", with which this run itself works, dies on 2027-02-21, in 20 days: replace it in time, docs/credential.md tells how',
  ]);
  expect(requests().filter((request) => request.includes("/self "))).toHaveLength(1);
});

test("31 days before, nothing is said", async () => {
  const { context, said, tick } = bench();
  tick({ days: 59 });
  await account.create(accountInputs(), context);
  expect(said.filter((line) => line.includes("GITLAB_TOKEN"))).toEqual([]);
});
