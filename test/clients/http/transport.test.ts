import { afterEach, expect, test } from "vitest";
import { transportFaults } from "../../../clients/http";
import { environmentFindings } from "../../../commands/doctor/credentials";
import { account } from "../../../providers/runbook/account/account";
import { accountInputs, benches } from "../../providers/runbook/bench";

const bench = benches();
const kept = process.env.NODE_TLS_REJECT_UNAUTHORIZED;

afterEach(() => {
  if (kept === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  else process.env.NODE_TLS_REJECT_UNAUTHORIZED = kept;
});

test("an address without TLS is told, unless it is on this machine", () => {
  const env = { GITLAB_BASE_URL: "http://gitlab.example.com", OP_CONNECT_HOST: "http://connect:8080" };
  expect(transportFaults(env)).toEqual([
    expect.stringContaining('"GITLAB_BASE_URL" has no TLS'),
    expect.stringContaining('"OP_CONNECT_HOST" has no TLS'),
  ]);
  expect(environmentFindings(env).map(({ verdict }) => verdict)).toEqual(["warning", "warning"]);
  const fine = { GITLAB_BASE_URL: "https://gitlab.example.com", OP_CONNECT_HOST: "http://127.0.0.1:8080" };
  expect(transportFaults({ ...fine, NODE_TLS_REJECT_UNAUTHORIZED: "1" })).toEqual([]);
  expect(environmentFindings(fine)).toEqual([]);
});

test("a run that rotates without looking at certificates says so once", async () => {
  const { context, said } = bench();
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  await account.create(accountInputs(), context);
  await account.create(accountInputs({ account: "again" }), context);
  expect(said.filter((line) => line.includes("NODE_TLS_REJECT_UNAUTHORIZED"))).toHaveLength(1);
});
