import { afterEach, expect, test } from "vitest";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import { startSandbox } from "../../../workshop/sandbox/sandbox";
import { connectOf, gitlabOf, until } from "./harness";

const started: Sandbox[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((sandbox) => sandbox.stop()));
});

async function start(dump?: string): Promise<Sandbox> {
  const sandbox = await startSandbox({ jobMilliseconds: 10, workerMilliseconds: 5, ...(dump && { dump }) });
  sandbox.clock.freeze();
  started.push(sandbox);
  return sandbox;
}

const builder = "/projects/security%2Finventory-builder";

/** A sandbox in which some things happened. */
async function lived(): Promise<Sandbox> {
  const sandbox = await start();
  const gitlab = gitlabOf(sandbox);
  const minted = await gitlab("POST", "/groups/security/service_accounts/201/personal_access_tokens", {
    name: "a second one",
    scopes: ["api"],
    expires_at: "2027-11-01",
  });
  await gitlab("PUT", `${builder}/variables/GITLAB_API_TOKEN`, { value: minted.body.token });
  sandbox.clock.advance({ days: 2 });
  sandbox.gitlab.runSchedule("security/inventory-builder", "Weekly - Monday mornings");
  await until(
    () => gitlab("GET", `${builder}/pipelines`),
    ({ body }) => body[0].status === "success",
  );
  const commit = { branch: "next", start_branch: "main", commit_message: "Try", actions: [] as object[] };
  commit.actions = [{ action: "create", file_path: "notes.txt", content: "one" }];
  await gitlab("POST", `${builder}/repository/commits`, commit);
  return sandbox;
}

test("a sandbox goes on from what another one held", async () => {
  const one = await lived();
  const text = one.dump();
  const two = await start(text);
  expect(two.clock.today()).toBe(one.clock.today());
  two.clock.set(one.clock.now());
  expect(JSON.parse(two.dump())).toEqual(JSON.parse(text));
  expect(two.gitlab.issuedTokens()).toEqual(one.gitlab.issuedTokens());
  expect(two.environment.GITLAB_TOKEN).toBe(one.environment.GITLAB_TOKEN);
  expect(two.environment.OP_CONNECT_TOKEN).not.toBe(one.environment.OP_CONNECT_TOKEN);
  expect(two.traffic.requests).toEqual([]);

  const before = one.gitlab.liveTokens("gl-security-inventory").at(-1);
  expect(two.gitlab.liveTokens("gl-security-inventory").at(-1)).toEqual(before);
  expect(two.gitlab.variable("security/inventory-builder", "GITLAB_API_TOKEN")).toBe(before?.value);
  const gitlab = gitlabOf(two);
  expect((await gitlab("GET", `${builder}/repository/files/notes.txt?ref=next`)).status).toBe(200);
  const again = await gitlab("POST", "/groups/security/service_accounts/201/personal_access_tokens", {
    name: "a third one",
    scopes: ["api"],
    expires_at: "2027-11-01",
  });
  expect(again.body.id).toBe((before?.id ?? 0) + 1);
  two.gitlab.runSchedule("security/inventory-builder", "Weekly - Monday mornings");
  const ran = await until(
    () => gitlab("GET", `${builder}/pipelines`),
    ({ body }) => body.length === 3 && body[0].status === "success",
  );
  expect(new Set(ran.body.map(({ id }: { id: number }) => id)).size).toBe(3);
  const vaults = await connectOf(two)("GET", "/v1/vaults");
  expect(vaults.body).toMatchObject([{ name: "Security" }]);
});

test("a dump holds no token as it is", async () => {
  const sandbox = await lived();
  const text = sandbox.dump();
  expect(sandbox.gitlab.issuedTokens().filter((value) => text.includes(value))).toEqual([]);
  expect(text).not.toContain("glpat-");
  expect(text).not.toContain(sandbox.environment.OP_CONNECT_TOKEN);
});

test("a sandbox is not dumped while pipelines are under way", async () => {
  const sandbox = await start();
  sandbox.gitlab.runSchedule("security/inventory-builder", "Weekly - Monday mornings");
  expect(() => sandbox.dump()).toThrow("pipelines are under way");
});
