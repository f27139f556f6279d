import { describe, expect, test } from "vitest";
import { call, gitlabOf, useSandbox } from "./harness";

const sandbox = useSandbox();
const expired = {
  error: "invalid_token",
  error_description: "Token is expired. You can either do re-authorization or token refresh.",
};
const revoked = {
  error: "invalid_token",
  error_description: "Token was revoked. You have to re-authorize from the user.",
};

describe("who calls GitLab", () => {
  test("no token and an unknown token are the same 401, in GitLab's older form", async () => {
    for (const headers of [{}, { "private-token": "no-such-token" }]) {
      const answer = await call(`${sandbox().gitlab.url}/api/v4/user`, "GET", undefined, headers);
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({ message: "401 Unauthorized" });
      expect(answer.headers.get("www-authenticate")).toBeNull();
    }
  });

  test("a token passes as header, as bearer and in the query", async () => {
    const value = sandbox().gitlab.tokenValue("owner");
    const url = `${sandbox().gitlab.url}/api/v4/version`;
    expect((await call(url, "GET", undefined, { "private-token": value })).status).toBe(200);
    expect((await call(url, "GET", undefined, { authorization: `Bearer ${value}` })).status).toBe(200);
    expect((await call(`${url}?private_token=${value}`, "GET")).status).toBe(200);
    expect(JSON.stringify(sandbox().traffic.requests)).not.toContain(value);
  });

  test("a token lives to the last moment of the day before expires_at and is dead at 00:00 UTC of it", async () => {
    const api = gitlabOf(sandbox(), "owner-last-day");
    sandbox().clock.freeze();
    sandbox().clock.set("2026-11-23T23:59:59.999Z");
    expect((await api("GET", "/user")).status).toBe(200);
    sandbox().clock.set("2026-11-24T00:00:00.000Z");
    const answer = await api("GET", "/user");
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual(expired);
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  test("a revoked token says so, and one that is both says expired", async () => {
    const api = gitlabOf(sandbox(), "owner-last-day");
    expect((await api("DELETE", "/personal_access_tokens/self")).status).toBe(204);
    expect((await api("GET", "/user")).body).toEqual(revoked);
    sandbox().clock.set("2026-11-24");
    expect((await api("GET", "/user")).body).toEqual(expired);
  });

  test("a read-only token may read and gets the needed scope named when it writes", async () => {
    const api = gitlabOf(sandbox(), "owner-read-only");
    expect((await api("GET", "/groups/security")).status).toBe(200);
    const answer = await api("POST", "/groups/security/variables", { key: "A", value: "b" });
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      error: "insufficient_scope",
      error_description: "The request requires higher privileges than provided by the access token.",
      scope: "api",
    });
    expect(answer.headers.get("www-authenticate")).toBeNull();
  });

  test("who is no member sees no group and no project; a member with too little a role is forbidden", async () => {
    const stranger = gitlabOf(sandbox(), "stranger");
    expect((await stranger("GET", "/groups/security")).body).toEqual({ message: "404 Group Not Found" });
    expect((await stranger("GET", "/projects/security%2Fscanner")).body).toEqual({ message: "404 Project Not Found" });
    const developer = await gitlabOf(sandbox(), "developer")("GET", "/projects/security%2Fscanner/variables");
    expect([developer.status, developer.body]).toEqual([403, { message: "403 Forbidden" }]);
  });

  test("an unknown route has a body of its own", async () => {
    const answer = await gitlabOf(sandbox())("GET", "/no/such/route");
    expect([answer.status, answer.body]).toEqual([404, { error: "404 Not Found" }]);
  });

  test("groups and projects go by number or by encoded path, and a lone segment is no path", async () => {
    const api = gitlabOf(sandbox());
    const project = await api("GET", "/projects/security%2Finventory-builder");
    expect(project.body.path_with_namespace).toBe("security/inventory-builder");
    expect((await api("GET", `/projects/${project.body.id}`)).body.id).toBe(project.body.id);
    expect((await api("GET", "/projects/security/inventory-builder")).status).toBe(404);
  });

  test("last_used_at moves in steps of ten minutes", async () => {
    const api = gitlabOf(sandbox());
    const used = async () => (await api("GET", "/personal_access_tokens/self")).body.last_used_at;
    sandbox().clock.freeze();
    sandbox().clock.set("2026-11-23T08:00:00.000Z");
    expect(await used()).toBe("2026-11-23T08:00:00.000Z");
    sandbox().clock.set("2026-11-23T08:09:59.999Z");
    expect(await used()).toBe("2026-11-23T08:00:00.000Z");
    sandbox().clock.set("2026-11-23T08:10:00.000Z");
    expect(await used()).toBe("2026-11-23T08:10:00.000Z");
  });
});
