import { describe, expect, test } from "vitest";
import { account } from "../../../../providers/runbook/account/account";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { accountInputs, benches, generationInputs, inventory, refusal } from "../bench";

const bench = benches({ limits: { lifetimeDays: 90 } });
const urn = "urn:pulumi:sandbox::pat-rotation::runbook:index:Account::inventory";
const context = () => ({ ...bench().context, urn });

/** An account whose token, about to be made, lives until a day. */
function opening(expiresAt: string) {
  const { generation: name } = generationInputs();
  return accountInputs({ generations: [{ name, lifecycle: "current", expiresAt }] });
}

function as(handle: string): void {
  process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue(handle);
}

const asked = () =>
  bench()
    .requests()
    .filter((request) => /settings|license/.test(request));
const minted = () => bench().sandbox.gitlab.liveTokens(inventory.username);

describe("the longest that this GitLab lets a token live", () => {
  test("is known to an administrator before a mint, and a longer one is refused in the declaration's words", async () => {
    as("admin");
    expect(await refusal(account.create(opening("2027-11-23"), context()))).toContain(
      'its token is to live for 365 days, and this GitLab allows 90 at most: lower "rotation.lifetimeDays".',
    );
    expect(minted()).toEqual([]);
    const { outputs } = await account.create(opening("2027-02-21"), context());
    expect(outputs.userId).toBe(inventory.userId);
    expect(asked()).toEqual(["GET /application/settings 200", "GET /license 200"]);
  });

  test("makes a preview tell the account that would fail", async () => {
    as("admin");
    const foreseen = await account.previewCreate?.(opening("2027-11-23"), context());
    expect(foreseen?.fault).toContain("this GitLab allows 90 at most");
  });

  test("is handed to a preview of anybody else as not looked at, with no line of its own, and not kept by an update", async () => {
    const { outputs } = await account.create(opening("2027-11-23"), context());
    expect(outputs).not.toHaveProperty("unchecked");
    for (const _ of [1, 2]) {
      const foreseen = await account.previewCreate?.(opening("2027-11-23"), context());
      expect(foreseen?.unchecked).toEqual([
        'the longest that this GitLab lets a token live: only an administrator may ask; a mint of more is refused, and says so: lower "rotation.lifetimeDays" then',
      ]);
    }
    expect(bench().said).toEqual([]);
    expect(asked()).toEqual(["GET /application/settings 403"]);
  });
});

describe.each(["premium", null] as const)("where the plan of the license is %s", (plan) => {
  const other = benches({ limits: { lifetimeDays: 90, plan } });

  test("a limit is shown that GitLab does not hold to: it is no fault, and a longer token is made", async () => {
    const { sandbox, context: doing } = other();
    process.env.GITLAB_TOKEN = sandbox.gitlab.tokenValue("admin");
    const { outputs } = await account.create(opening("2027-11-23"), { ...doing, urn });
    expect(outputs.userId).toBe(inventory.userId);
    await personalAccessToken.create(generationInputs(), doing);
    expect(sandbox.gitlab.liveTokens(inventory.username).map(({ expiresAt }) => expiresAt)).toEqual(["2027-11-23"]);
  });
});
