import { describe, expect, test } from "vitest";
import { call, connectOf, gitlabOf, useSandbox } from "./harness";

const sandbox = useSandbox();

describe("what GitLab's clients send, and what they look for", () => {
  test("truth values are read in all spellings that GitLab takes; an empty one is none", async () => {
    const api = gitlabOf(sandbox());
    const listed = async (revoked: string) => {
      const path = `/groups/security/service_accounts/202/personal_access_tokens?revoked=${revoked}`;
      const { status, body } = await api("GET", path);
      return status === 200 ? body.length : body.error;
    };
    for (const no of ["false", "False", "F", "no", "No", "n", "0", "off"]) expect(await listed(no), no).toBe(1);
    for (const yes of ["true", "True", "T", "yes", "YES", "y", "1", "On"]) expect(await listed(yes), yes).toBe(0);
    expect(await listed("")).toBe(1);
    expect(await listed("maybe")).toBe("revoked is invalid");
  });

  test("a path that has no such method says so, and which it has; one that is not there is not found", async () => {
    const api = gitlabOf(sandbox());
    const answer = await api("POST", "/groups/security/service_accounts/202", { name: "x" });
    expect([answer.status, answer.body, answer.headers.get("allow")]).toEqual([
      405,
      { error: "405 Not Allowed" },
      "DELETE, PATCH",
    ]);
    expect((await api("POST", "/groups/security/nothing", {})).status).toBe(404);
  });

  test("a service account of the instance is deleted as a user, by an administrator", async () => {
    const admin = gitlabOf(sandbox(), "admin");
    const { id } = (await admin("POST", "/service_accounts", { username: "gl-instance" })).body;
    expect((await admin("DELETE", `/service_accounts/${id}`)).status).toBe(405);
    expect((await gitlabOf(sandbox())("DELETE", `/users/${id}`)).status).toBe(403);
    expect((await admin("DELETE", `/users/${id}`)).status).toBe(204);
    // In the background.
    await expect.poll(async () => (await admin("GET", `/users/${id}`)).status).toBe(404);
    expect((await admin("DELETE", `/users/${id}`)).status).toBe(404);
  });

  test("direct members are listed, and a change of the role keeps the expiry", async () => {
    const api = gitlabOf(sandbox());
    const members = "/projects/security%2Fscanner/members";
    const added = await api("POST", members, { user_id: 14, access_level: 20, expires_at: "2027-01-31" });
    expect(added.body.expires_at).toBe("2027-01-31");
    expect((await api("GET", members)).body.map(({ id }: { id: number }) => id)).toEqual([14]);
    expect((await api("GET", `${members}?query=nobody`)).body).toEqual([]);
    const changed = await api("PUT", `${members}/14`, { access_level: 30 });
    expect([changed.body.access_level, changed.body.expires_at]).toEqual([30, "2027-01-31"]);
    const endless = await api("PUT", `${members}/14`, { access_level: 30, expires_at: "" });
    expect(endless.body.expires_at).toBeNull();
  });

  test("a blank name is as none for a new account, and refused for one that is there", async () => {
    const api = gitlabOf(sandbox());
    const accounts = "/groups/security/service_accounts";
    const { body } = await api("POST", accounts, { name: " ", username: "" });
    expect([body.name, body.username]).toEqual(["Service account user", expect.stringMatching(/^service_account_/)]);
    const renamed = await api("PATCH", `${accounts}/${body.id}`, { name: "" });
    expect([renamed.status, renamed.body]).toEqual([400, { message: "400 Bad request - Name can't be blank" }]);
  });

  test("a service account that is deleted leaves its memberships, and what it wrote is the Ghost User's", async () => {
    const api = gitlabOf(sandbox());
    const accounts = "/groups/security/service_accounts";
    const inherited = "/projects/security%2Finventory-builder/members/all";
    const { id } = (await api("POST", accounts, { username: "gl-leaving" })).body;
    const places = ["/groups/security", "/projects/security%2Ftracker"];
    for (const place of places) {
      const added = { user_id: id, access_level: 30, expires_at: "2027-01-31" };
      expect((await api("POST", `${place}/members`, added)).status).toBe(201);
    }
    const token = { name: "one", scopes: ["api"], expires_at: "2027-01-31" };
    const { body } = await api("POST", `${accounts}/${id}/personal_access_tokens`, token);
    const issue = await gitlabOf(sandbox(), { value: body.token })("POST", `${places[1]}/issues`, {
      title: "By a robot",
    });
    expect(issue.status).toBe(201);

    expect((await api("DELETE", `${accounts}/${id}`)).status).toBe(204);
    await expect.poll(async () => (await api("GET", `/users/${id}`)).status).toBe(404);
    for (const path of [...places.map((place) => `${place}/members`), inherited]) {
      const { status, body: members } = await api("GET", path);
      expect([path, status]).toEqual([path, 200]);
      expect(members.map((member: { id: number }) => member.id)).not.toContain(id);
    }
    const left = await api("GET", `${places[1]}/issues/${issue.body.iid}`);
    expect([left.status, left.body.author.username]).toEqual([200, "ghost"]);
  });

  test("an administrator sees the addresses of users, others do not", async () => {
    const admin = gitlabOf(sandbox(), "admin");
    expect((await admin("GET", "/users/201")).body.email).toContain("@");
    expect((await admin("GET", "/users?username=on.call")).body[0].email).toContain("@");
    expect((await gitlabOf(sandbox())("GET", "/users/201")).body.email).toBeUndefined();
  });

  test("the next run of a schedule is never in the past", async () => {
    sandbox().clock.set("2026-12-09T07:10:00Z");
    const { body } = await gitlabOf(sandbox())("GET", "/projects/security%2Finventory-builder/pipeline_schedules");
    expect(body[0].next_run_at).toBe("2026-12-14T06:00:00.000Z");
  });
});

describe("what 1Password's clients send", () => {
  const vaults = async () => (await connectOf(sandbox())("GET", "/v1/vaults/")).body as { id: string; name: string }[];
  const security = async () => `/v1/vaults/${(await vaults()).find(({ name }) => name === "Security")?.id}/items`;
  const item = (path: string, fields: object[]) => ({
    title: "x",
    category: "PASSWORD",
    vault: { id: path.split("/")[3] },
    fields,
  });

  test("a path may end in a slash", async () => {
    const api = connectOf(sandbox());
    const path = await security();
    expect((await api("GET", `${path}/`)).body).toHaveLength(2);
    expect((await api("POST", `${path}/`, item(path, []))).status).toBe(200);
    expect((await call(`${sandbox().onepassword.url}/heartbeat/`, "GET")).status).toBe(200);
  });

  test("fields with an empty id get ids of their own", async () => {
    const path = await security();
    const fields = [
      { id: "", type: "STRING", label: "one", value: "1" },
      { id: "", type: "STRING", label: "two", value: "2" },
    ];
    const { status, body } = await connectOf(sandbox())("POST", path, item(path, fields));
    expect(status).toBe(200);
    const ids = body.fields.map(({ id }: { id: string }) => id);
    expect([new Set(ids).size, ids.includes("")]).toEqual([4, false]);
  });

  test("a value that is to be made follows its recipe", async () => {
    const path = await security();
    const made = async (recipe: object) => {
      const field = { type: "CONCEALED", purpose: "PASSWORD", generate: true, recipe };
      const { status, body } = await connectOf(sandbox())("POST", path, item(path, [field]));
      return status === 200
        ? body.fields.find((one: { purpose: string }) => one.purpose === "PASSWORD").value
        : body.message;
    };
    expect(await made({ length: 12, characterSets: ["DIGITS"], excludeCharacters: "0" })).toMatch(/^[1-9]{12}$/);
    expect(await made({})).toHaveLength(32);
    expect(await made({ length: 65 })).toBe("Invalid recipe length");
  });

  test("an item without files has an empty list of them", async () => {
    const api = connectOf(sandbox());
    const path = await security();
    const [{ id }] = (await api("GET", path)).body;
    expect((await api("GET", `${path}/${id}/files`)).body).toEqual([]);
  });
});
