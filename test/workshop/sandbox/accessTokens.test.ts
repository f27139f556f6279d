import { describe, expect, test } from "vitest";
import { gitlabOf, useSandbox } from "./harness";

const project = "/projects/security%2Finventory-builder/access_tokens";
const wanted = { name: "registry", description: "Pulls images", scopes: ["read_api"], expires_at: "2027-01-01" };

describe.each([
  ["group", "/groups/security/access_tokens", "owner"],
  ["project", project, "maintainer"],
] as const)("access tokens of a %s", (kind, base, handle) => {
  const sandbox = useSandbox();

  test("come with a bot, live side by side, tell who they are, and leave the list when revoked", async () => {
    const by = gitlabOf(sandbox(), handle);
    const first = await by("POST", base, { ...wanted, access_level: 20 });
    const second = await by("POST", base, wanted);
    expect([first.status, first.body.access_level, first.body.resource_type]).toEqual([201, 20, kind]);
    expect([second.status, second.body.access_level]).toEqual([201, 40]);
    expect(second.body.user_id).not.toBe(first.body.user_id);
    const self = await gitlabOf(sandbox(), { value: first.body.token })("GET", "/personal_access_tokens/self");
    expect(self.body).toMatchObject({ id: first.body.id, user_id: first.body.user_id, scopes: ["read_api"] });
    const ids = async () => (await by("GET", `${base}?state=active`)).body.map(({ id }: { id: number }) => id);
    expect(await ids()).toEqual([first.body.id, second.body.id]);
    expect((await by("GET", `${base}/${first.body.id}`)).body.description).toBe("Pulls images");
    expect((await by("DELETE", `${base}/${first.body.id}`)).status).toBe(204);
    expect(await ids()).toEqual([second.body.id]);
    expect((await by("DELETE", `${base}/${first.body.id}`)).status).toBe(404);
    const dead = await gitlabOf(sandbox(), { value: first.body.token })("GET", "/personal_access_tokens/self");
    expect(dead.status).toBe(401);
  });

  test("rotating one kills it at once", async () => {
    const by = gitlabOf(sandbox(), handle);
    const { body: old } = await by("POST", base, wanted);
    const rotated = await by("POST", `${base}/${old.id}/rotate`, { expires_at: "2027-01-02" });
    expect([rotated.status, rotated.body.user_id]).toEqual([200, old.user_id]);
    expect((await gitlabOf(sandbox(), { value: old.token })("GET", "/personal_access_tokens/self")).status).toBe(401);
  });

  test("are nobody's to manage who has too low a role, and none may be above one's own", async () => {
    expect((await gitlabOf(sandbox(), "developer")("GET", base)).status).toBe(401);
    if (kind === "group") return;
    const above = await gitlabOf(sandbox(), handle)("POST", base, { ...wanted, access_level: 50 });
    expect([above.status, above.body.message]).toEqual([400, expect.stringContaining("can't be greater")]);
  });
});
