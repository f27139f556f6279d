import { describe, expect, test } from "vitest";
import type { World } from "../../../workshop/sandbox/world";
import { incident } from "../../../workshop/sandbox/worlds/incident";
import { type Call, gitlabOf, useSandbox } from "./harness";

const inventory = 201;
const builder = "/projects/security%2Finventory-builder";
const ownersRoute = `/groups/security/service_accounts/${inventory}/personal_access_tokens`;

/** The incident, with the service account as a member of its project, and with a fine-grained token of its own. */
function world(): World {
  const whole = incident();
  const projects = whole.projects.map((project) =>
    project.path === "security/inventory-builder"
      ? { ...project, members: { "gl-security-inventory": "developer" as const } }
      : project,
  );
  const base = { name: "narrow", scopes: ["granular"], createdAt: "2026-11-01T00:00:00Z", expiresAt: "2027-01-01" };
  const own = { access: "user" as const, allow: ["read_personal_access_token", "create_personal_access_token"] };
  const narrow = [own, { project: "security/inventory-builder", allow: ["read_job"] }];
  return {
    ...whole,
    projects,
    tokens: [
      ...whole.tokens,
      { ...base, id: 1900, handle: "narrow", user: "gl-security-inventory", permissions: narrow },
      { ...base, id: 1901, handle: "blind", user: "gl-security-inventory", permissions: narrow.slice(1) },
    ],
  };
}

const wanted = { name: "inventory", expires_at: "2027-11-01" };
const scope = { access: "selected_memberships", permissions: ["read_job"] };

describe("fine-grained tokens of GitLab 19.6", () => {
  const sandbox = useSandbox({ world: world(), limits: { version: "19.6" } });
  const of = (handle: string): Call => gitlabOf(sandbox(), handle);

  /** A legacy token of the service account's, made by the Owner's route. */
  async function helper(): Promise<Call> {
    const { body } = await of("owner")("POST", ownersRoute, { name: "helper", scopes: ["api"] });
    return gitlabOf(sandbox(), { value: body.token });
  }

  test("lists, the token itself and the answer that makes one tell what it may do", async () => {
    const listed = await of("owner")("GET", `${ownersRoute}?state=active`);
    expect(listed.body.find(({ id }: { id: number }) => id === 1900)).toMatchObject({
      granular: true,
      scopes: ["granular"],
      granular_scopes: [
        { access: "user", project_id: null, group_id: null },
        { access: "selected_memberships", permissions: ["read_job"], project_id: 301, group_id: null },
      ],
    });
    const self = await of("narrow")("GET", "/personal_access_tokens/self");
    expect(self.body.granular_scopes).toHaveLength(2);
    expect((await of("owner")("GET", "/personal_access_tokens/self")).body).not.toHaveProperty("granular_scopes");
  });

  test("it does what its permissions say, where they say, and nothing else", async () => {
    expect((await of("narrow")("GET", `${builder}/jobs`)).status).toBe(200);
    const denied = await of("narrow")("GET", `${builder}/pipelines`);
    expect([denied.status, denied.body]).toEqual([
      403,
      {
        error: "insufficient_granular_scope",
        error_description:
          "Access denied: This operation requires a fine-grained personal access token with the following project permissions: [Pipeline: Read].",
      },
    ]);
    const hidden = await of("narrow")("GET", "/projects/security%2Fscanner/jobs");
    expect([hidden.status, hidden.body]).toEqual([404, { message: "404 Not Found" }]);
    const own = await of("blind")("GET", "/personal_access_tokens/self");
    expect(own.body.error_description).toContain("user permissions: [Personal Access Token: Read]");
  });

  test("the account makes one for itself with a legacy token of scope api, as a member of what it names", async () => {
    const call = await helper();
    const made = await call("POST", "/user/personal_access_tokens", {
      ...wanted,
      granular_scopes: [{ ...scope, project_ids: [301] }],
    });
    expect([made.status, made.body.scopes]).toEqual([201, ["granular"]]);
    expect(made.body.granular_scopes).toEqual([{ ...scope, project_id: 301, group_id: null }]);
    expect((await gitlabOf(sandbox(), { value: made.body.token })("GET", `${builder}/jobs`)).status).toBe(200);
    const stranger = { ...wanted, granular_scopes: [{ ...scope, project_ids: [302] }] };
    expect((await call("POST", "/user/personal_access_tokens", stranger)).status).toBe(404);
  });

  test("a project that does not exist is left out without a word", async () => {
    const call = await helper();
    const both = { ...scope, project_ids: [301, 9999] };
    const made = await call("POST", "/user/personal_access_tokens", { ...wanted, granular_scopes: [both] });
    expect(made.body.granular_scopes).toHaveLength(1);
    const none = { ...wanted, granular_scopes: [{ ...scope, project_ids: [9999] }] };
    const refused = await call("POST", "/user/personal_access_tokens", none);
    expect([refused.status, refused.body.message]).toEqual([422, "At least one granular scope must be provided"]);
  });

  test("an administrator makes one for anybody; one of the two kinds of scopes is asked for", async () => {
    const route = `/users/${inventory}/personal_access_tokens`;
    const granular = { ...wanted, granular_scopes: [{ ...scope, project_ids: [301] }] };
    expect((await of("admin")("POST", route, granular)).status).toBe(201);
    expect((await of("owner")("POST", route, granular)).status).toBe(403);
    const neither = await of("admin")("POST", route, wanted);
    expect(neither.body.error).toBe("scopes, granular_scopes are missing, exactly one parameter must be provided");
    const both = await of("admin")("POST", route, { ...granular, scopes: ["api"] });
    expect(both.body.error).toBe("scopes, granular_scopes are mutually exclusive");
  });

  test("the Owner's route takes legacy scopes only", async () => {
    const made = await of("owner")("POST", ownersRoute, {
      ...wanted,
      granular_scopes: [{ ...scope, project_ids: [301] }],
    });
    expect([made.status, made.body.error]).toEqual([400, "scopes is missing"]);
  });

  test("a fine-grained token makes none that may do more than itself", async () => {
    const make = (permissions: readonly string[]) =>
      of("narrow")("POST", "/user/personal_access_tokens", {
        ...wanted,
        granular_scopes: [{ access: "selected_memberships", permissions, project_ids: [301] }],
      });
    expect((await make(["read_job"])).status).toBe(201);
    const more = await make(["read_job", "run_job"]);
    expect([more.status, more.body.message]).toEqual([
      403,
      "A granular token can only create tokens with equal or lesser permissions.",
    ]);
  });

  test("rotating one keeps what it may do, and kills the old one in the call", async () => {
    const rotated = await of("owner")("POST", `${ownersRoute}/1900/rotate`);
    expect(rotated.body.granular_scopes).toHaveLength(2);
    expect((await of("narrow")("GET", `${builder}/jobs`)).status).toBe(401);
  });

  test("a group asks for fine-grained tokens from a day on: people's legacy ones are refused below it", async () => {
    const { gitlab, clock } = sandbox();
    gitlab.state.enforcement = { groups: { security: "2026-12-01" } };
    expect((await of("owner")("GET", "/groups/security")).body).toMatchObject({
      enforce_granular_tokens: true,
      granular_tokens_enforced_after: "2026-12-01",
    });
    clock.set("2026-12-01T00:00:00Z");
    const refused = await of("owner")("GET", `${builder}/jobs`);
    expect([refused.status, refused.body.error]).toEqual([403, "insufficient_granular_scope"]);
    const own = await of("scanner-hand-made")("GET", "/groups/security");
    expect(own.status, "a service account is let be").toBe(200);
    gitlab.state.enforcement = { ...gitlab.state.enforcement, sparesServiceAccounts: false };
    expect((await of("scanner-hand-made")("GET", "/groups/security")).status).toBe(403);
  });

  test("an instance refuses to make or rotate people's legacy tokens, and lets the living ones be", async () => {
    const { state } = sandbox().gitlab;
    state.enforcement = { instance: "2026-11-01" };
    expect((await of("admin")("GET", "/application/settings")).body).toMatchObject({ enforce_granular_tokens: true });
    const legacy = { ...wanted, scopes: ["api"] };
    const refused = await of("admin")("POST", "/users/11/personal_access_tokens", legacy);
    expect([refused.status, refused.body.message]).toEqual([
      422,
      expect.stringContaining("legacy personal access tokens"),
    ]);
    const rotation = await of("owner")("POST", "/personal_access_tokens/self/rotate");
    expect([rotation.status, rotation.body.message]).toEqual([400, expect.stringContaining("Rotation of legacy")]);
    expect((await of("owner")("POST", ownersRoute, legacy)).status, "for a service account").toBe(201);
    state.enforcement = { ...state.enforcement, sparesServiceAccounts: false };
    expect((await of("owner")("POST", ownersRoute, legacy)).status).toBe(422);
  });
});

describe("releases", () => {
  const own = { ...wanted, granular_scopes: [{ access: "user", permissions: ["read_user"] }] };
  const admins = `/users/${inventory}/personal_access_tokens`;

  describe("18.11", () => {
    const sandbox = useSandbox({ world: world() });

    test("makes none by the API, and shows that a token is one, not what it may do", async () => {
      expect((await gitlabOf(sandbox())("GET", "/version")).body.version).toBe("18.11.0-ee");
      const made = await gitlabOf(sandbox())("POST", "/user/personal_access_tokens", own);
      expect([made.status, made.body.error]).toEqual([400, "scopes is missing"]);
      const self = await gitlabOf(sandbox(), "narrow")("GET", "/personal_access_tokens/self");
      expect(self.body).toMatchObject({ granular: true, scopes: ["granular"] });
      expect(self.body).not.toHaveProperty("granular_scopes");
    });
  });

  describe("19.2", () => {
    const sandbox = useSandbox({ world: world(), limits: { version: "19.2" } });

    test("lets an account make its own, an administrator none, and shows permissions in a user's list alone", async () => {
      const made = await gitlabOf(sandbox())("POST", "/user/personal_access_tokens", own);
      expect([made.status, "granular_scopes" in made.body]).toEqual([201, false]);
      expect((await gitlabOf(sandbox(), "admin")("POST", admins, own)).status).toBe(400);
      const narrow = gitlabOf(sandbox(), "narrow");
      expect((await narrow("GET", "/personal_access_tokens/self")).body).not.toHaveProperty("granular_scopes");
      expect((await narrow("GET", "/personal_access_tokens/1900")).body.granular_scopes).toHaveLength(2);
      const listed = await gitlabOf(sandbox())("GET", ownersRoute);
      expect(JSON.stringify(listed.body)).not.toContain("granular_scopes");
    });
  });
});
