import { describe, expect, test } from "vitest";
import { descriptionsAtHand, descriptionsExpected, validateExchange } from "../../openapi";

const variable = {
  variable_type: "env_var",
  key: "A",
  value: null,
  hidden: true,
  protected: false,
  masked: true,
  raw: false,
  environment_scope: "*",
  description: null,
};
const put = { method: "PUT", path: "/api/v4/projects/a%2Fb/variables/A", status: 200, responseBody: variable };
const itemPath = `/v1/vaults/${"v".repeat(26)}/items/${"i".repeat(26)}`;
const item = { id: "i".repeat(26), title: "t", vault: { id: "v".repeat(26) }, category: "LOGIN" };

test.runIf(!descriptionsAtHand)(
  "the servers' published descriptions are not beside the project: nothing is held against them",
  () => {
    expect(descriptionsExpected).toBe(false);
    expect(validateExchange("gitlab", { ...put, responseBody: "nonsense" })).toEqual([]);
  },
);

describe.runIf(descriptionsAtHand)("held against the published descriptions", () => {
  test("what GitLab describes passes, null values and scope filters included", () => {
    expect(
      validateExchange("gitlab", { ...put, requestBody: { value: "x" }, query: "filter[environment_scope]=*" }),
    ).toEqual([]);
    const group = { ...put, path: "/api/v4/groups/7/variables/A", query: "filter%5Benvironment_scope%5D=*" };
    expect(validateExchange("gitlab", group)).toEqual([]);
  });

  test("a wrong type, an unknown property and an unknown parameter are named, their values are not", () => {
    const name = "gitlab PUT /api/v4/projects/{id}/variables/{key}";
    expect(
      validateExchange("gitlab", { ...put, requestBody: { value: 1, secret: "hush" }, query: "force=hush" }),
    ).toEqual([
      `${name}: query parameter force is not described`,
      `${name}: body: the whole must NOT have additional properties: secret`,
      `${name}: body: /value must be string`,
    ]);
    const answer = { ...put, responseBody: { ...variable, masked: "yes" } };
    expect(validateExchange("gitlab", answer)).toContain(`${name} answered 200: /masked must be boolean`);
  });

  test("an operation, a status or an error body that is not described is named", () => {
    expect(validateExchange("gitlab", { method: "GET", path: "/api/v4/nowhere", status: 200 })).toHaveLength(2);
    expect(validateExchange("gitlab", { ...put, status: 202 })).toEqual([
      "gitlab PUT /api/v4/projects/{id}/variables/{key} answered 202: the description has no such status",
    ]);
    expect(validateExchange("gitlab", { ...put, status: 404, responseBody: { oops: 1 } })).toHaveLength(1);
  });

  test("rotation is held to what GitLab answers, not to what its description says", () => {
    const path = "/api/v4/groups/7/service_accounts/1/personal_access_tokens/2/rotate";
    const exchange = { method: "POST", path, status: 200, responseBody: { id: "two" } };
    const name = "gitlab POST /api/v4/groups/{id}/service_accounts/{user_id}/personal_access_tokens/{token_id}/rotate";
    expect(validateExchange("gitlab", exchange)).toContain(`${name} answered 200: /id must be integer`);
  });

  test("a list is a list, although GitLab describes one row of it", () => {
    const exchange = { method: "GET", path: "/api/v4/projects/1/variables", status: 200 };
    expect(validateExchange("gitlab", { ...exchange, responseBody: [variable] })).toEqual([]);
    expect(validateExchange("gitlab", { ...exchange, responseBody: variable })).toHaveLength(1);
  });

  test("Connect's items and patches", () => {
    const patch = { method: "PATCH", path: itemPath, status: 200, responseBody: item };
    const good = [{ op: "replace", path: "/fields/a/value", value: "x" }];
    expect(validateExchange("onepassword", { ...patch, requestBody: good })).toEqual([]);
    const bad = validateExchange("onepassword", { ...patch, requestBody: [{ op: "move", path: "/a" }] });
    expect(bad).toEqual([
      "onepassword PATCH /v1/vaults/{vaultUuid}/items/{itemUuid}: body: /*/op must be equal to one of the allowed values",
    ]);
    const short = validateExchange("onepassword", { ...patch, path: "/v1/vaults/v/items/i", requestBody: good });
    expect(short).toHaveLength(2);
    const post = { method: "POST", path: `/v1/vaults/${"v".repeat(26)}/items`, status: 200, responseBody: item };
    const fields = [{ type: "CONCEALED", label: "a", value: "x" }];
    expect(validateExchange("onepassword", { ...post, requestBody: { ...item, fields } })).toEqual([]);
  });
});
