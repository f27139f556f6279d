import { describe, expect, test } from "vitest";
import { noUser } from "../../../clients/gitlab/users/tokens";
import { servers } from "../../../clients/servers";
import { account } from "../../../providers/runbook/account/account";
import { declareAccounts, forgetAccounts } from "../../../providers/runbook/account/declaredAccounts";
import { revoke } from "../../../providers/runbook/retirement/revoke";
import { personalAccessToken } from "../../../providers/runbook/token/personalAccessToken";
import { accountInputs, benches, generationInputs, inventory, refusal } from "./bench";

const bench = benches();
const path = "/groups/security/access_tokens";
const ofGroup = { group: "security", accessToken: "developer", userId: noUser } as const;

async function created(changes: object = {}) {
  const inputs = generationInputs({ ...ofGroup, ...changes });
  const { id, outputs } = await personalAccessToken.create(inputs, bench().context);
  return { id, inputs, outputs };
}

const tokens = () => bench().sandbox.gitlab.state.tokens;
const isAlive = (id: number | undefined) =>
  tokens()
    .all()
    .some((token) => token.id === id && tokens().isActive(token));

describe("an access token of a group", () => {
  test("is looked for by one list, without a user, and is its account's by the owner alone", async () => {
    const inputs = accountInputs({ ...ofGroup, username: "", variables: [], items: [], pipelines: [] });
    const { id, outputs } = await account.create(inputs, bench().context);
    expect([id, outputs.userId]).toEqual(["group/security/access_tokens", noUser]);
    expect(bench().requests()).not.toContain("GET /groups/security/service_accounts 200");
  });

  test("where they may not be managed, that is said before anything is made", async () => {
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("maintainer");
    const inputs = accountInputs({ ...ofGroup, username: "", variables: [], items: [], pipelines: [] });
    const told = await refusal(account.create(inputs, bench().context));
    expect(told).toContain('the access tokens of group "security"');
    expect(told).toContain('the role Owner in group "security"');
  });

  test("with a role above that of our own user is a fault before anything is made", async () => {
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("maintainer");
    const { group: _group, ...ofProject } = { ...ofGroup, project: inventory.project, accessToken: "owner" };
    const { group: _none, ...inputs } = accountInputs({ username: "", variables: [], items: [], pipelines: [] });
    const told = await refusal(account.create({ ...inputs, ...ofProject }, bench().context));
    expect(told).toContain("is Maintainer of project");
    expect(told).toContain("no access token with the role owner");
    await account.create({ ...inputs, ...ofProject, accessToken: "maintainer" }, bench().context);
  });

  test("never takes the place of a service account's tokens under one name, nor these of it", async () => {
    const ofBot = accountInputs({ ...ofGroup, username: "", variables: [], items: [], pipelines: [] });
    const { accessToken: _role, ...ofUser } = { ...ofBot, username: inventory.username };
    const update = async (was: typeof ofBot, inputs: typeof ofBot) => {
      const { id, outputs } = await account.create(was, bench().context);
      return refusal(account.update?.({ id, inputs: was, outputs }, inputs, bench().context));
    };
    expect(await update(ofUser, ofBot)).toContain(
      "access tokens of the group or project are declared, and this account's tokens belong to user 201",
    );
    expect(await update(ofBot, ofUser)).toContain(
      '"gl-security-inventory" is now user 201, and this account\'s tokens are access tokens of the group or project',
    );
  });

  test("is made with its role and its mark; a lost answer is looked for, and another one is made", async () => {
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST" });
    const { outputs } = await created();
    expect(bench().requests()).toEqual([`GET ${path} 200`, `POST ${path} 201`, `GET ${path} 200`, `POST ${path} 201`]);
    expect(tokens().byId(outputs.tokenId ?? 0)?.description).toContain(`[${inventory.fleet}/inventory/2026-11-23]`);
    const bot = bench().sandbox.gitlab.state.user(tokens().byId(outputs.tokenId ?? 0)?.userId ?? 0);
    expect(bench().sandbox.gitlab.state.groups.get("security")?.members.get(bot.id)).toBe(30);
    expect(bench().said.join()).toContain("GitLab's answer was lost");
  });

  test("is dead when the answer to its revocation was lost, and the list that names it no more succeeded", async () => {
    const { inputs, outputs } = await created();
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "DELETE" });
    await revoke(inputs, outputs.tokenId ?? 0, servers(bench().context));
    expect(isAlive(outputs.tokenId)).toBe(false);
  });

  test("one that is replaced by force is not revoked while its account is declared; one that nobody declares is", async () => {
    const before = await created({ onRemoval: "revoke" });
    const declared = { name: "inventory", username: "", rotates: true, places: [] };
    await declareAccounts({ accounts: [declared] }, bench().context);
    const told = await refusal(personalAccessToken.delete?.(before, bench().context));
    expect(told).toContain('account "inventory" of this stack declares its tokens');
    expect(isAlive(before.outputs.tokenId)).toBe(true);
    await declareAccounts({ accounts: [{ ...declared, name: "other" }] }, bench().context);
    await personalAccessToken.delete?.(before, bench().context);
    expect(isAlive(before.outputs.tokenId)).toBe(false);
    forgetAccounts();
  });
});
