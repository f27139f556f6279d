import { describe, expect, test } from "vitest";
import { gitlabOf, useSandbox } from "./harness";

const sandbox = useSandbox();
const project = "/projects/security%2Finventory-builder/variables";
const group = "/groups/security/variables";

describe("CI/CD variables", () => {
  test("a masked value is shown in clear to maintainers", async () => {
    const api = gitlabOf(sandbox(), "maintainer");
    expect((await api("GET", `${project}/GITLAB_API_TOKEN`)).body).toEqual({
      variable_type: "env_var",
      key: "GITLAB_API_TOKEN",
      value: sandbox().gitlab.tokenValue("inventory-hand-made"),
      hidden: false,
      protected: true,
      masked: true,
      raw: false,
      environment_scope: "*",
      description: null,
    });
  });

  test("PUT changes what it names and nothing else", async () => {
    const api = gitlabOf(sandbox());
    const before = (await api("GET", `${project}/GITLAB_API_TOKEN`)).body;
    const answer = await api("PUT", `${project}/GITLAB_API_TOKEN`, { value: "a-new-value" });
    expect([answer.status, answer.body]).toEqual([200, { ...before, value: "a-new-value" }]);
  });

  test("a hidden value is null in every answer, the first included, and can be replaced", async () => {
    const api = gitlabOf(sandbox());
    const made = await api("POST", project, { key: "HIDDEN", value: "hidden-value", masked_and_hidden: true });
    expect([made.status, made.body.value, made.body.masked, made.body.hidden]).toEqual([201, null, true, true]);
    const put = await api("PUT", `${project}/HIDDEN`, { value: "another-value" });
    expect([put.status, put.body.value]).toEqual([200, null]);
    expect((await api("GET", `${project}/HIDDEN`)).body.value).toBeNull();
    expect(sandbox().gitlab.variable("security/inventory-builder", "HIDDEN")).toBe("another-value");
  });

  test("visibility of a hidden variable is final, and none is hidden later", async () => {
    const api = gitlabOf(sandbox());
    await api("POST", project, { key: "HIDDEN", value: "hidden-value", masked_and_hidden: true });
    const shown = await api("PUT", `${project}/HIDDEN`, { masked: false });
    expect([shown.status, shown.body]).toEqual([
      400,
      { message: { base: ["The visibility setting cannot be changed for masked and hidden variables."] } },
    ]);
    const hidden = await api("PUT", `${project}/GITLAB_API_TOKEN`, { masked_and_hidden: true });
    expect([hidden.status, hidden.body]).toEqual([
      400,
      { message: { base: ["Only new variables can be set as masked and hidden."] } },
    ]);
  });

  test.each([
    ["too short", { value: "short" }, 400],
    ["with a blank", { value: "a value with blanks" }, 400],
    ["with a dollar sign", { value: "a$value-with-sign" }, 400],
    ["with a dollar sign, raw", { value: "a$value-with-sign", raw: true }, 201],
    ["plain", { value: "plain-value" }, 201],
  ])("a masked value %s", async (_name, body, status) => {
    const answer = await gitlabOf(sandbox())("POST", project, { key: "MASKED", masked: true, ...body });
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.body).toEqual({ message: { value: ["is invalid"] } });
  });

  test("one key may have several scopes; then the scope must be named", async () => {
    const api = gitlabOf(sandbox());
    const key = `${project}/GITLAB_API_TOKEN`;
    await api("POST", project, { key: "GITLAB_API_TOKEN", value: "of-production", environment_scope: "production" });
    for (const method of ["GET", "DELETE"]) {
      const answer = await api(method, key);
      expect([answer.status, answer.body]).toEqual([
        409,
        { message: "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'" },
      ]);
    }
    expect((await api("PUT", key, { value: "whatever-it-is" })).status).toBe(409);
    const filter = `${encodeURIComponent("filter[environment_scope]")}=production`;
    expect((await api("GET", `${key}?${filter}`)).body.value).toBe("of-production");
    expect((await api("PUT", `${key}?${filter}`, { value: "by-the-query" })).body.value).toBe("by-the-query");
    const body = { value: "by-the-body", filter: { environment_scope: "production" } };
    expect((await api("PUT", key, body)).body.value).toBe("by-the-body");
    expect((await api("GET", `${key}?filter[environment_scope]=prod*`)).body).toEqual({
      message: "404 Variable Not Found",
    });
    expect((await api("DELETE", `${key}?${filter}`)).status).toBe(204);
    expect((await api("GET", key)).status).toBe(200);
  });

  test("the same key and scope twice is refused, and so is an odd key", async () => {
    const api = gitlabOf(sandbox());
    const twice = await api("POST", project, { key: "GITLAB_API_TOKEN", value: "x" });
    expect([twice.status, twice.body]).toEqual([
      400,
      { message: { key: ["(GITLAB_API_TOKEN) has already been taken"] } },
    ]);
    const odd = await api("POST", project, { key: "A-B", value: "x" });
    expect(odd.body).toEqual({ message: { key: ["can contain only letters, digits and '_'."] } });
    expect((await api("POST", project, { key: " PADDED ", value: "x" })).body.key).toBe("PADDED");
    expect((await api("POST", project, { value: "x" })).body).toEqual({ error: "key is missing" });
  });

  test("each kind has its own 404, and its own role", async () => {
    const api = gitlabOf(sandbox());
    expect((await api("GET", `${project}/NO`)).body).toEqual({ message: "404 Variable Not Found" });
    expect((await api("GET", `${group}/NO`)).body).toEqual({ message: "404 GroupVariable Not Found" });
    expect((await api("POST", group, { key: "OF_GROUP", value: "x", environment_scope: "production" })).status).toBe(
      201,
    );
    expect((await gitlabOf(sandbox(), "maintainer")("GET", group)).status).toBe(403);
    expect((await api("GET", "/admin/ci/variables")).status).toBe(403);
    const made = await gitlabOf(sandbox(), "admin")("POST", "/admin/ci/variables", { key: "OF_ALL", value: "x" });
    expect(made.status).toBe(201);
    expect(made.body).not.toHaveProperty("environment_scope");
  });
});
