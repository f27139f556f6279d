import { describe, expect, test } from "vitest";
import type { TokenPermissions } from "../../../../contract/types/permissions";
import { account } from "../../../../providers/runbook/account/account";
import { mint } from "../../../../providers/runbook/token/minting";
import { tokenProof } from "../../../../providers/runbook/token/tokenProof";
import type { World } from "../../../../workshop/sandbox/world";
import { incident } from "../../../../workshop/sandbox/worlds/incident";
import { accountInputs, benches, generationInputs, inventory, refusal, tokensPath } from "../bench";

const permissions = [
  { user: true, allow: ["read_personal_access_token"] },
  { project: inventory.project, allow: ["read_job", "run_job"] },
];
const inputs = generationInputs({ scopes: ["granular"], permissions });

/** The incident, with the account as a member of its project, and another administrator's or owner's credential. */
function world(gitlab: "owner" | "admin" = "owner"): World {
  const whole = incident();
  const projects = whole.projects.map((project) =>
    project.path === inventory.project
      ? { ...project, members: { [inventory.username]: "developer" as const } }
      : project,
  );
  return { ...whole, projects, credentials: { ...whole.credentials, gitlab } };
}

const mark = "[security-platform/inventory/helper]";

describe("by the account itself, through a helper", () => {
  const bench = benches({ world: world(), limits: { version: "19.2" } });
  const alive = () => bench().sandbox.gitlab.liveTokens(inventory.username);

  test("a fine-grained token is made; the helper lived for this step, and a day at most", async () => {
    const { context, requests, sandbox } = bench();
    const made = await mint(inputs, context);
    expect(requests()).toEqual([
      `GET ${tokensPath} 200`,
      "GET /projects/security/inventory-builder 200",
      "GET /metadata 200",
      `GET ${tokensPath} 200`,
      `POST ${tokensPath} 201`,
      "POST /user/personal_access_tokens 201",
      `DELETE ${tokensPath}/1203 204`,
    ]);
    const helper = sandbox.gitlab.state.tokens.byId(1203);
    expect(helper).toMatchObject({ scopes: ["api"], expiresAt: "2026-11-24", revoked: true });
    expect(helper?.description).toBe(`Makes the token of 2026-11-23, and is revoked at once ${mark}`);
    expect(alive().map(({ id, granularScopes }) => ({ id, granularScopes }))).toEqual([
      {
        id: made.tokenId,
        granularScopes: [
          { access: "user", permissions: ["read_personal_access_token"] },
          {
            access: "selected_memberships",
            permissions: ["read_job", "run_job"],
            namespace: { kind: "project", id: 301 },
          },
        ],
      },
    ]);
    expect(made.token).toBe(alive()[0]?.value);
  });

  test("a helper that is made just before midnight lives through the next day", async () => {
    const { context, sandbox, tick } = bench();
    sandbox.clock.set("2026-11-23T23:59:59Z");
    tick();
    await mint(inputs, context);
    expect(sandbox.gitlab.state.tokens.byId(1203)?.expiresAt).toBe("2026-11-25");
  });

  test("the helper is revoked also where GitLab makes no token with it", async () => {
    const { context, sandbox } = bench();
    const elsewhere = [...permissions, { project: "security/scanner", allow: ["read_job"] }];
    const said = await refusal(mint({ ...inputs, permissions: elsewhere }, context));
    expect(said).toContain('must itself be a member of every place in "token.permissions"');
    expect(alive()).toEqual([]);
    expect(sandbox.gitlab.state.tokens.byId(1203)?.revoked).toBe(true);
  });

  test.each(["helper", "token"])(
    "a lost answer to the making of the %s leaves no helper alive, and one token in use",
    async (lost) => {
      const { context, sandbox } = bench();
      const path =
        lost === "helper" ? /service_accounts\/201\/personal_access_tokens$/ : /\/user\/personal_access_tokens$/;
      sandbox.gitlab.inject({ method: "POST", path, fault: { kind: "lost-answer" }, times: 1 });
      const made = await mint(inputs, context);
      const helpers = alive().filter(({ description }) => description?.endsWith(mark));
      expect(helpers).toEqual([]);
      expect(alive().map(({ id }) => id)).toContain(made.tokenId);
      expect(alive()).toHaveLength(lost === "helper" ? 1 : 2);
    },
  );

  test("a helper that an earlier run left behind is revoked first", async () => {
    const { context, sandbox, said } = bench();
    const { tokens } = sandbox.gitlab.state;
    const left = { id: 1300, userId: 201, name: "x (helper)", description: `Makes ${mark}`, scopes: ["api"] };
    tokens.issue({ ...left, expiresAt: "2026-11-24" });
    await mint(inputs, context);
    expect(tokens.byId(1300)?.revoked).toBe(true);
    expect(said.join("\n")).toContain(
      "token 1300, which bears the mark [security-platform/inventory/helper] of a helper",
    );
  });

  test("the test of the token finds just what was declared, whatever the release shows", async () => {
    const { context } = bench();
    const { tokenId = 0, token = "" } = await mint(inputs, context);
    const proof = { ...inputs, tokenId, token };
    const { outputs } = await tokenProof.create(proof, context);
    expect(outputs).toMatchObject({ scopes: ["granular"], permissions });
    const more = [permissions[0] ?? { allow: [] }, { project: inventory.project, allow: ["read_job", "update_job"] }];
    const said = await refusal(tokenProof.create({ ...proof, permissions: more }, context));
    expect(said).toContain(
      "it lacks update_job for project 301; it has run_job for project 301, which is not declared",
    );
  });
});

describe("by an administrator, from 19.6 on", () => {
  const bench = benches({ world: world("admin"), limits: { version: "19.6" } });

  test("a fine-grained token is made without a helper", async () => {
    const { context, requests, sandbox } = bench();
    await mint(inputs, context);
    expect(requests().filter((one) => !one.startsWith("GET"))).toEqual(["POST /users/201/personal_access_tokens 201"]);
    expect(sandbox.gitlab.liveTokens(inventory.username)).toHaveLength(1);
  });
});

describe("by an administrator before that", () => {
  const bench = benches({ world: world("admin"), limits: { version: "19.2" } });

  test("an account of the instance makes its own, through a helper that the administrator makes", async () => {
    const { context, requests } = bench();
    const { group: _group, ...of } = inputs;
    await mint({ ...of, instance: true }, context);
    expect(requests().filter((one) => !one.startsWith("GET"))).toEqual([
      "POST /users/201/personal_access_tokens 201",
      "POST /user/personal_access_tokens 201",
      "DELETE /personal_access_tokens/1203 204",
    ]);
  });
});

describe("where neither works", () => {
  const bench = benches({ world: world() });

  test("nothing is minted, and the error says which release does", async () => {
    const { context, requests } = bench();
    expect(await refusal(mint(inputs, context))).toContain(
      "GitLab 18.11.0-ee makes no fine-grained token by its API: an account makes its own from 19.2 on",
    );
    expect(requests().filter((one) => !one.startsWith("GET"))).toEqual([]);
  });

  test("the look before a rotation says so", async () => {
    const { context } = bench();
    const said = await refusal(account.create(accountInputs({ scopes: ["granular"], permissions }), context));
    expect(said).toContain("- GitLab 18.11.0-ee makes no fine-grained token by its API");
  });
});

describe("the look before a rotation", () => {
  const bench = benches({ world: world(), limits: { version: "19.6" } });

  test("finds a place that the account is no member of", async () => {
    const strange = [...permissions, { project: "security/scanner", allow: ["read_job"] }];
    const said = await refusal(
      account.create(accountInputs({ scopes: ["granular"], permissions: strange }), bench().context),
    );
    expect(said).toContain('its permissions name the project "security/scanner", which the account is no member of');
    await account.create(accountInputs({ scopes: ["granular"], permissions }), bench().context);
  });

  test("lets no legacy token follow a fine-grained one, unless there is a reason", async () => {
    const { context } = bench();
    const fine = accountInputs({ scopes: ["granular"], permissions });
    const before = { id: "x", inputs: fine, outputs: (await account.create(fine, context)).outputs };
    const said = await refusal(account.update?.(before, accountInputs(), context));
    expect(said).toContain("its tokens are fine-grained, and legacy ones would follow");
    await account.update?.(before, accountInputs({ legacyReason: "an old script" }), context);
  });

  test("adopts no fine-grained token for legacy successors, unless there is a reason", async () => {
    const { context, sandbox } = bench();
    const { tokens } = sandbox.gitlab.state;
    const narrow = {
      name: "x",
      description: null,
      scopes: ["granular"],
      granularScopes: [{ access: "user" as const, permissions: ["read_user"] }],
    };
    tokens.issue({ id: 1300, userId: 201, ...narrow, expiresAt: "2026-12-24" });
    const adopt = { adopt: { tokenId: 1300, expiresAt: "2026-12-24" } };
    const said = await refusal(account.create(accountInputs(adopt), context));
    expect(said).toContain("token 1300 is fine-grained, and its successors would be legacy ones");
    await account.create(accountInputs({ ...adopt, legacyReason: "an old script" }), context);
    await account.create(accountInputs({ ...adopt, scopes: ["granular"], permissions }), context);
  });
});

describe("a plain user, whose fine-grained token rotates itself", () => {
  const bench = benches({ world: world(), limits: { version: "19.6" } });
  const own = { user: true, allow: ["read_personal_access_token", "rotate_personal_access_token"] };

  /** The user's token in the item that is to keep it, and what is declared of it. */
  function declared(permissions: readonly TokenPermissions[]) {
    const { gitlab, onepassword } = bench().sandbox;
    const { value } = gitlab.state.tokens.issue({
      id: 1300,
      userId: 12,
      name: "own",
      description: null,
      scopes: ["granular"],
      granularScopes: [{ access: "user", permissions: own.allow }],
      expiresAt: "2026-12-24",
    });
    for (const { title, fields = [] } of onepassword.state.vaultNamed("Security").items.values())
      for (const field of fields) if (title === inventory.title && field.label === "credential") field.value = value;
    const { group: _group, ...rest } = accountInputs({ username: "on.call", scopes: ["granular"], permissions });
    const adopt = { tokenId: 1300, expiresAt: "2026-12-24" };
    return { ...rest, self: true, tokenName: "own", adopt, variables: [], pipelines: [] };
  }

  test("is looked at before: it must be permitted just what is declared, which GitLab keeps", async () => {
    await account.create(declared([own]), bench().context);
  });

  test("is told where it is permitted something else", async () => {
    const more = { user: true, allow: [...own.allow, "read_user"] };
    const said = await refusal(account.create(declared([more]), bench().context));
    expect(said).toContain("it lacks read_user for user. GitLab keeps what it may do when a token rotates itself");
  });
});
