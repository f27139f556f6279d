import { expect, it } from "vitest";
import { getTokens } from "../../../../providers/runbook/token/tokenList";
import { benches, inventory } from "../bench";

const bench = benches();
const of = { group: inventory.group, userId: 0 };

function userId(): number {
  const [token] = bench().sandbox.gitlab.liveTokens("gl-security-scanner");
  return token?.userId ?? 0;
}

it("lists what lives of an account, by one request", async () => {
  const { context, requests } = bench();
  const found = await getTokens({ ...of, userId: userId() }, context);
  expect(found).toEqual({
    tokens: [
      {
        id: 1202,
        name: "GitLab Security Service - Architecture - Scanner",
        scopes: ["api"],
        expiresAt: "2026-12-14",
        lastUsedAt: expect.any(String),
      },
    ],
  });
  expect(requests()).toEqual([`GET /groups/security/service_accounts/${userId()}/personal_access_tokens 200`]);
});

it("tells a refusal and a missing credential as data", async () => {
  const { context, sandbox } = bench();
  process.env.GITLAB_TOKEN = sandbox.gitlab.tokenValue("stranger");
  expect(await getTokens({ ...of, userId: userId() }, context)).toEqual({
    tokens: [],
    fault: expect.stringMatching(/^GET .* answered 40[34]/),
  });
  delete process.env.GITLAB_TOKEN;
  expect(await getTokens({ ...of, userId: userId() }, context)).toEqual({
    tokens: [],
    fault: expect.stringContaining("GITLAB_TOKEN"),
  });
});
