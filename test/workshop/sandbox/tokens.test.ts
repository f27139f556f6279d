import { describe, expect, test } from "vitest";
import { gitlabOf, useSandbox } from "./harness";

const sandbox = useSandbox();
const tokens = "/groups/security/service_accounts/201/personal_access_tokens";
const wanted = { name: "inventory", scopes: ["api"], description: "d [f/a/g]", expires_at: "2027-11-23" };

describe("tokens of a group's service account", () => {
  test("creating answers 201 with the value, which no list ever shows again", async () => {
    const api = gitlabOf(sandbox());
    const made = await api("POST", tokens, wanted);
    expect(made.status).toBe(201);
    const { token, ...shown } = made.body;
    expect(token).toMatch(/^glpat-[\w.-]{20,}$/);
    expect(shown).toEqual({
      id: 1203,
      name: "inventory",
      revoked: false,
      created_at: expect.any(String),
      description: "d [f/a/g]",
      scopes: ["api"],
      user_id: 201,
      last_used_at: null,
      active: true,
      expires_at: "2027-11-23",
      granular: false,
    });
    const listed = await api("GET", tokens);
    expect(listed.body.map((one: { id: number }) => one.id)).toEqual([1201, 1203]);
    expect(JSON.stringify(listed.body)).not.toContain(token);
    expect((await gitlabOf(sandbox(), { value: token })("GET", "/user")).body.username).toBe("gl-security-inventory");
  });

  test("a new value passes the rule for masked variables", async () => {
    const { body } = await gitlabOf(sandbox())("POST", tokens, wanted);
    expect(body.token).toMatch(/^[a-zA-Z0-9_+=/@:.~-]{8,}$/);
  });

  test("creating twice makes two: names are not unique", async () => {
    const api = gitlabOf(sandbox());
    const first = await api("POST", tokens, wanted);
    const second = await api("POST", tokens, wanted);
    expect(second.body.id).toBe(first.body.id + 1);
    expect(second.body.token).not.toBe(first.body.token);
    expect((await api("GET", `${tokens}?state=active`)).body).toHaveLength(2);
  });

  test.each([
    [{}, "name is missing, scopes is missing"],
    [{ name: "a", scopes: ["api", "everything"] }, "scopes does not have a valid value"],
    [{ name: "a", scopes: ["api"], expires_at: "soon" }, "expires_at is invalid"],
    [{ name: "a", scopes: ["api"], expires_at: "2027-02-30" }, "expires_at is invalid"],
  ])("a faulty parameter is a 400 in one line: %j", async (body, error) => {
    const answer = await gitlabOf(sandbox())("POST", tokens, body);
    expect([answer.status, answer.body]).toEqual([400, { error }]);
  });

  test("365 days ahead is allowed, 366 is a 422", async () => {
    const api = gitlabOf(sandbox());
    expect((await api("POST", tokens, { ...wanted, expires_at: "2027-11-23" })).status).toBe(201);
    const late = await api("POST", tokens, { ...wanted, expires_at: "2027-11-24" });
    expect([late.status, late.body]).toEqual([422, { message: "Expires at must be before 2027-11-23" }]);
  });

  test("a description may have 255 characters, not 256", async () => {
    const api = gitlabOf(sandbox());
    expect((await api("POST", tokens, { ...wanted, description: "d".repeat(255) })).status).toBe(201);
    const long = await api("POST", tokens, { ...wanted, description: "d".repeat(256) });
    expect([long.status, long.body]).toEqual([422, { message: "Description is too long (maximum is 255 characters)" }]);
  });

  test("without expires_at it lives as long as allowed", async () => {
    const { body } = await gitlabOf(sandbox())("POST", tokens, { name: "a", scopes: "read_api,read_user" });
    expect([body.expires_at, body.scopes]).toEqual(["2027-11-23", ["read_api", "read_user"]]);
  });

  test("revoking answers 204 without a body, also the second time, and is final at once", async () => {
    const api = gitlabOf(sandbox());
    const { body } = await api("POST", tokens, wanted);
    for (const _time of [1, 2]) {
      const gone = await api("DELETE", `${tokens}/${body.id}`);
      expect([gone.status, gone.body]).toEqual([204, undefined]);
    }
    expect((await gitlabOf(sandbox(), { value: body.token })("GET", "/user")).status).toBe(401);
    const [kept] = (await api("GET", `${tokens}?revoked=true`)).body;
    expect([kept.id, kept.active]).toEqual([body.id, false]);
  });

  test("another account's token is not found under this one", async () => {
    const answer = await gitlabOf(sandbox())("DELETE", `${tokens}/1202`);
    expect([answer.status, answer.body]).toEqual([404, { message: "404 Personal Access Token Not Found" }]);
  });

  test("only owners may, and only through the group that made the account", async () => {
    const maintainer = await gitlabOf(sandbox(), "maintainer")("POST", tokens, wanted);
    expect([maintainer.status, maintainer.body]).toEqual([403, { message: "403 Forbidden" }]);
    const person = await gitlabOf(sandbox())("GET", tokens.replace("201", "12"));
    expect([person.status, person.body]).toEqual([404, { message: "404 User Not Found" }]);
    const elsewhere = await gitlabOf(sandbox(), "admin")("GET", tokens.replace("groups/security", "projects/301"));
    expect([elsewhere.status, elsewhere.body]).toEqual([404, { message: "404 User Not Found" }]);
  });

  test("lists filter by state, dates and name; expires_before is strict", async () => {
    const api = gitlabOf(sandbox());
    await api("POST", tokens, wanted);
    const ids = async (query: string) =>
      (await api("GET", `${tokens}?${query}`)).body.map((one: { id: number }) => one.id);
    expect(await ids("state=active")).toEqual([1203]);
    expect(await ids("state=inactive")).toEqual([1201]);
    expect(await ids("expires_before=2026-11-23")).toEqual([]);
    expect(await ids("expires_before=2026-11-24")).toEqual([1201]);
    expect(await ids("expires_after=2026-11-23")).toEqual([1201, 1203]);
    expect(await ids("search=ARCHITECTURE")).toEqual([1201]);
    expect(await ids("sort=created_desc")).toEqual([1203, 1201]);
    expect(await ids("sort=nonsense")).toEqual([1201, 1203]);
    const wrong = await api("GET", `${tokens}?state=alive`);
    expect([wrong.status, wrong.body]).toEqual([400, { error: "state does not have a valid value" }]);
  });
});

describe("rotation", () => {
  test("the old value is dead when the answer is there, the new one lives seven days unless told otherwise", async () => {
    const api = gitlabOf(sandbox());
    const old = (await api("POST", tokens, wanted)).body;
    const fresh = await api("POST", `${tokens}/${old.id}/rotate`);
    expect([fresh.status, fresh.body.expires_at, fresh.body.description]).toEqual([200, "2026-11-30", "d [f/a/g]"]);
    expect((await gitlabOf(sandbox(), { value: old.token })("GET", "/user")).status).toBe(401);
    expect((await gitlabOf(sandbox(), { value: fresh.body.token })("GET", "/user")).status).toBe(200);
  });

  test("rotating what was rotated is a 400 with another credential, and does no harm", async () => {
    const api = gitlabOf(sandbox());
    const old = (await api("POST", tokens, wanted)).body;
    const fresh = (await api("POST", `${tokens}/${old.id}/rotate`)).body;
    const again = await api("POST", `${tokens}/${old.id}/rotate`);
    expect([again.status, again.body]).toEqual([400, { message: "400 Bad request - Token already revoked" }]);
    expect((await gitlabOf(sandbox(), { value: fresh.token })("GET", "/user")).status).toBe(200);
  });

  test("authenticating a rotation with the rotated value kills all its descendants", async () => {
    const first = (await gitlabOf(sandbox())("POST", tokens, wanted)).body;
    const old = gitlabOf(sandbox(), { value: first.token });
    const second = (await old("POST", "/personal_access_tokens/self/rotate")).body;
    const third = (await gitlabOf(sandbox(), { value: second.token })("POST", "/personal_access_tokens/self/rotate"))
      .body;
    expect((await old("GET", "/user")).status).toBe(401);
    expect((await gitlabOf(sandbox(), { value: third.token })("GET", "/user")).status).toBe(200);
    const reused = await old("POST", "/personal_access_tokens/self/rotate");
    expect([reused.status, reused.body.error]).toEqual([401, "invalid_token"]);
    expect((await gitlabOf(sandbox(), { value: third.token })("GET", "/user")).status).toBe(401);
  });

  test("a token with self_rotate alone can do just that", async () => {
    const { body } = await gitlabOf(sandbox())("POST", tokens, { ...wanted, scopes: ["self_rotate"] });
    const self = gitlabOf(sandbox(), { value: body.token });
    expect((await self("GET", "/user")).status).toBe(403);
    expect((await self("GET", "/personal_access_tokens/self")).status).toBe(200);
    expect((await self("POST", "/personal_access_tokens/self/rotate", { expires_at: "2027-01-01" })).status).toBe(200);
  });
});

describe("personal access tokens", () => {
  test("a single token is shown to its owner and to admins; to all others it is a 401, existing or not", async () => {
    const api = gitlabOf(sandbox());
    expect((await api("GET", "/personal_access_tokens/1001")).body.id).toBe(1001);
    for (const id of [1201, 99999]) {
      const answer = await api("GET", `/personal_access_tokens/${id}`);
      expect([answer.status, answer.body]).toEqual([401, { message: "401 Unauthorized" }]);
    }
    const admin = gitlabOf(sandbox(), "admin");
    expect((await admin("GET", "/personal_access_tokens/1201")).body.user_id).toBe(201);
    expect((await admin("GET", "/personal_access_tokens/99999")).status).toBe(404);
  });

  test("the list is one's own; somebody else's is a 401; an admin sees all", async () => {
    const api = gitlabOf(sandbox());
    const own = await api("GET", "/personal_access_tokens");
    expect(own.body.every((one: { user_id: number }) => one.user_id === 11)).toBe(true);
    expect((await api("GET", "/personal_access_tokens?user_id=201")).status).toBe(401);
    const admin = gitlabOf(sandbox(), "admin");
    expect((await admin("GET", "/personal_access_tokens?user_id=201")).body).toHaveLength(1);
    expect((await admin("GET", "/personal_access_tokens?user_id=99999")).status).toBe(404);
  });

  test("revoking what is not one's own is a 400, an unknown one a 404 with a small f", async () => {
    const api = gitlabOf(sandbox());
    const foreign = await api("DELETE", "/personal_access_tokens/1201");
    expect([foreign.status, foreign.body]).toEqual([400, { message: "400 Bad request - Not permitted to revoke" }]);
    const unknown = await api("DELETE", "/personal_access_tokens/99999");
    expect([unknown.status, unknown.body]).toEqual([404, { message: "404 Not found" }]);
    expect((await api("DELETE", "/personal_access_tokens/1003")).status).toBe(204);
  });

  test("an admin makes tokens for anyone; a person cannot make an api token for itself", async () => {
    const made = await gitlabOf(sandbox(), "admin")("POST", "/users/201/personal_access_tokens", wanted);
    expect([made.status, made.body.user_id]).toEqual([201, 201]);
    expect((await gitlabOf(sandbox())("POST", "/users/201/personal_access_tokens", wanted)).status).toBe(403);
    const own = await gitlabOf(sandbox())("POST", "/user/personal_access_tokens", wanted);
    expect([own.status, own.body]).toEqual([400, { error: "scopes does not have a valid value" }]);
  });
});

describe("service accounts", () => {
  test("a group's accounts are listed newest first, and a new one has the name it was given", async () => {
    const api = gitlabOf(sandbox());
    const listed = await api("GET", "/groups/security/service_accounts");
    expect(listed.body.map((one: { username: string }) => one.username)).toEqual([
      "gl-security-scanner",
      "gl-security-inventory",
    ]);
    const made = await api("POST", "/groups/security/service_accounts", { name: "Third", username: "gl-third" });
    expect([made.status, made.body.username]).toEqual([201, "gl-third"]);
    const taken = await api("POST", "/groups/security/service_accounts", { username: "gl-third" });
    expect([taken.status, taken.body]).toEqual([400, { message: "400 Bad request - Username has already been taken" }]);
    const renamed = await api("PATCH", `/groups/security/service_accounts/${made.body.id}`, { username: "gl-3" });
    expect(renamed.body.username).toBe("gl-3");
    expect((await api("GET", "/users?username=GL-3")).body).toHaveLength(1);
    expect((await api("DELETE", `/groups/security/service_accounts/${made.body.id}`)).status).toBe(204);
    // In the background: it is blocked first.
    await expect.poll(async () => (await api("GET", "/users?username=gl-3")).body).toEqual([]);
  });

  test("a project's maintainer manages the project's accounts, an admin the instance's", async () => {
    const maintainer = gitlabOf(sandbox(), "maintainer");
    const account = (await maintainer("POST", "/projects/security%2Fscanner/service_accounts", { name: "P" })).body;
    const made = await maintainer(
      "POST",
      `/projects/security%2Fscanner/service_accounts/${account.id}/personal_access_tokens`,
      wanted,
    );
    expect([made.status, made.body.user_id]).toEqual([201, account.id]);
    const admin = gitlabOf(sandbox(), "admin");
    expect((await admin("POST", "/service_accounts", { username: "gl-instance" })).status).toBe(201);
    expect((await admin("GET", "/service_accounts")).body).toHaveLength(1);
    expect((await maintainer("GET", "/service_accounts")).status).toBe(403);
  });
});
