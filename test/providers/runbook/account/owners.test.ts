import { describe, expect, it } from "vitest";
import { account } from "../../../../providers/runbook/account/account";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { incident } from "../../../../workshop/sandbox/worlds/incident";
import { accountInputs, benches, generationInputs, refusal } from "../bench";

const world = incident();
const bench = benches({
  world: {
    ...world,
    users: [
      ...(world.users ?? []),
      { id: 301, username: "gl-instance", name: "Instance robot", serviceAccountOf: "instance" },
      {
        id: 302,
        username: "gl-project",
        name: "Project robot",
        serviceAccountOf: { project: "security/inventory-builder" },
      },
    ],
  },
});

const project = "/projects/security/inventory-builder/service_accounts";

describe.each([
  {
    of: "a project",
    owner: { project: "security/inventory-builder" },
    username: "gl-project",
    id: "project/security/inventory-builder/302",
    accounts: `GET ${project} 200`,
    mint: `POST ${project}/302/personal_access_tokens 201`,
    list: `GET ${project}/302/personal_access_tokens 200`,
    revoke: (token: number) => `DELETE ${project}/302/personal_access_tokens/${token} 204`,
  },
  {
    of: "the instance",
    owner: { instance: true },
    username: "gl-instance",
    id: "instance/301",
    accounts: "GET /service_accounts 200",
    mint: "POST /users/301/personal_access_tokens 201",
    list: "GET /personal_access_tokens 200",
    revoke: (token: number) => `DELETE /personal_access_tokens/${token} 204`,
  },
])("an account of $of", ({ owner, username, id, accounts, mint, list, revoke }) => {
  const { group: _group, ...accountBase } = accountInputs();
  const { group: _owner, ...generationBase } = generationInputs();

  it("is found, gets its token, and has it revoked at the right places", async () => {
    const { sandbox, context, requests } = bench();
    process.env.GITLAB_TOKEN = sandbox.gitlab.tokenValue("admin");
    const made = await account.create({ ...accountBase, ...owner, username }, context);
    expect(made.id).toBe(id);
    expect(requests()).toContain(accounts);
    const inputs = { ...generationBase, ...owner, userId: made.outputs.userId, onRemoval: "revoke" } as const;
    const { outputs, id: name } = await personalAccessToken.create(inputs, context);
    const state = { id: name, inputs, outputs };
    expect(await personalAccessToken.read?.(state, context)).toEqual(state);
    await personalAccessToken.delete?.(state, context);
    expect(requests()).toEqual([mint, list, list, `GET /users/${inputs.userId} 200`, revoke(outputs.tokenId ?? 0)]);
    expect(sandbox.gitlab.liveTokens(username)).toEqual([]);
  });
});

describe("a plain user", () => {
  const { group: _group, ...base } = accountInputs();
  const generation = (name: string) => [{ name, lifecycle: "current" as const, expiresAt: "2027-12-14" }];
  const before = {
    id: "user/13",
    inputs: { ...base, self: true, generations: generation("2026-12-14") },
    outputs: {
      ...base,
      self: true,
      generations: generation("2026-12-14"),
      userId: 13,
      opened: generation("2026-12-14"),
    },
  };

  it.each(["adopted", "2026-11-23"])("cannot go back to a token that died when it rotated itself: %s", async (name) => {
    const inputs = { ...before.inputs, generations: generation(name) };
    const error = await refusal(account.update?.(before, inputs, bench().context));
    expect(error).toContain(`generation "${name}" is declared to be current, but "2026-12-14" has taken its place`);
    expect(bench().requests()).toEqual([]);
  });

  it("is looked for among all users", async () => {
    const inputs = { ...base, self: true, username: "nobody", generations: generation("2026-12-14") };
    const error = await refusal(account.create(inputs, bench().context));
    expect(error).toContain('GitLab shows no user "nobody". Correct "account.username"');
  });
});
