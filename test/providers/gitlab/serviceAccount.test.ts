import { describe, expect, it } from "vitest";
import { MembershipResource } from "../../../providers/gitlab/membership";
import { ServiceAccountResource } from "../../../providers/gitlab/serviceAccount";
import { unknown } from "../../../providers/host/provider";
import { benches, refusal } from "../runbook/bench";

const bench = benches({ workerMilliseconds: 300 });
const ofGroup = new ServiceAccountResource("group");
const accounts = "/groups/security/service_accounts";
const robot = { group: "security", username: "gl-robot", name: "Robot" };

describe("a service account", () => {
  it("is made when there is none of its user name", async () => {
    const { id, outputs } = await ofGroup.create(robot, bench().context);
    const user = bench().sandbox.gitlab.state.userNamed("gl-robot");
    expect(id).toBe(`security:${user?.id}`);
    expect(outputs).toEqual({ ...robot, email: user?.email, serviceAccountId: String(user?.id) });
    expect(bench().requests()).toEqual([`GET ${accounts} 200`, `POST ${accounts} 201`]);
  });

  it("is taken over when it is there, and nothing is written that does not differ", async () => {
    const { outputs } = await ofGroup.create({ group: "security", username: "GL-security-inventory" }, bench().context);
    expect(outputs).toMatchObject({ serviceAccountId: "201", name: expect.stringContaining("Inventory") });
    expect(bench().requests()).toEqual([`GET ${accounts} 200`, "GET /users/201 200", `PATCH ${accounts}/201 200`]);
    const { name } = outputs;
    await ofGroup.create({ group: "security", username: "GL-security-inventory", name }, bench().context);
    expect(bench().requests()).toEqual([`GET ${accounts} 200`, "GET /users/201 200"]);
  });

  it("is renamed, also when the first answer is lost", async () => {
    const { id, outputs } = await ofGroup.create(robot, bench().context);
    bench().requests();
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "PATCH" });
    const inputs = { ...robot, name: "Builder" };
    const after = await ofGroup.update({ id, inputs: robot, outputs }, inputs, bench().context);
    expect(after).toEqual({ ...outputs, name: "Builder" });
    expect(bench().sandbox.gitlab.state.userNamed("gl-robot")?.name).toBe("Builder");
  });

  it("is not made twice when the answer is lost", async () => {
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST" });
    const { outputs } = await ofGroup.create(robot, bench().context);
    expect(outputs.serviceAccountId).toBe(String(bench().sandbox.gitlab.state.userNamed("gl-robot")?.id));
    expect(
      bench()
        .requests()
        .filter((request) => request.startsWith("POST")),
    ).toHaveLength(1);
  });

  it("is deleted, or was by somebody else; where it may not be seen, nothing is taken for that", async () => {
    const { context, sandbox } = bench();
    const { id, outputs } = await ofGroup.create(robot, context);
    const before = { id, inputs: robot, outputs };
    process.env.GITLAB_TOKEN = sandbox.gitlab.tokenValue("stranger");
    sandbox.gitlab.inject({ fault: { kind: "server-error", status: 404 }, path: accounts, times: 2 });
    expect(await refusal(ofGroup.delete(before, context))).toMatch(
      /^Deleting the service account "gl-robot" of group "security": DELETE .* answered 404.* to be an owner of the group/,
    );
    expect(sandbox.gitlab.state.userNamed("gl-robot")).toBeDefined();
    process.env.GITLAB_TOKEN = sandbox.gitlab.tokenValue("owner");
    for (const _ of ["once", "again"]) {
      await ofGroup.delete(before, context);
      expect(sandbox.gitlab.state.userNamed("gl-robot")).toBeUndefined();
    }
  });

  describe("that GitLab deletes in the background", () => {
    it("is waited for until it is gone, or for as long as is declared", async () => {
      const { context, sandbox } = bench();
      const { id, outputs } = await ofGroup.create({ ...robot, timeouts: { delete: "1ms" } }, context);
      expect(await refusal(ofGroup.delete({ id, inputs: robot, outputs }, context))).toMatch(
        /^Deleting the service account "gl-robot" of group "security": GitLab took the order, and the user \d+ is still there after 1ms\./,
      );
      expect(sandbox.gitlab.state.userNamed("gl-robot")).toBeDefined();
      const { timeouts: _none, ...patient } = outputs;
      await ofGroup.delete({ id, inputs: robot, outputs: patient }, context);
      expect(sandbox.gitlab.state.userNamed("gl-robot")).toBeUndefined();
    });

    it("is not taken over while it dies", async () => {
      const { context } = bench();
      const hasty = { ...robot, skipWaitForDeletion: true };
      const { id, outputs } = await ofGroup.create(hasty, context);
      await ofGroup.delete({ id, inputs: hasty, outputs }, context);
      bench().requests();
      expect(await refusal(ofGroup.create(robot, context))).toMatch(
        /^Making the service account "gl-robot" .*\("gl-robot"\) is blocked: GitLab is deleting it, or somebody blocked it/,
      );
      expect(bench().requests()).toEqual([`GET ${accounts} 200`, expect.stringMatching(/^GET \/users\/\d+ 200$/)]);
    });

    it("has a time that can be read", () => {
      const reason = 'found "ten minutes"; write a duration such as "30s" or "2h45m"';
      expect(ofGroup.check({ ...robot, timeouts: { delete: "ten minutes" } })).toEqual([
        { property: "timeouts.delete", reason },
      ]);
      expect(ofGroup.check({ ...robot, timeouts: { delete: "2h45m" } })).toEqual([]);
    });
  });

  it("is refused where somebody else has the user name", async () => {
    const error = await refusal(ofGroup.create({ ...robot, username: "on.call" }, bench().context));
    expect(error).toContain('Making the service account "on.call" of group "security"');
    expect(error).toContain("Another user has that name");
  });

  it("is known in a preview when it is there, and not known, without a fault, when it is not", async () => {
    const { context } = bench();
    expect(await ofGroup.previewCreate(robot, context)).toMatchObject({ ...robot, serviceAccountId: unknown });
    const there = { group: "security", username: "gl-security-inventory", name: "New name" };
    expect(await ofGroup.previewCreate(there, context)).toMatchObject({ name: "New name", serviceAccountId: "201" });
    const unseen = await ofGroup.previewCreate({ ...robot, group: "elsewhere" }, context);
    expect(unseen).toMatchObject({ serviceAccountId: unknown });
    expect(
      bench()
        .requests()
        .every((request) => request.startsWith("GET")),
    ).toBe(true);
  });

  it("is read back as it is, is gone when the list says so, and is kept when it may not be seen", async () => {
    const { context, sandbox } = bench();
    const { id, outputs } = await ofGroup.create(robot, context);
    const user = sandbox.gitlab.state.userNamed("gl-robot");
    if (user !== undefined) user.name = "By hand";
    expect(await ofGroup.read({ id, inputs: robot, outputs }, context)).toEqual({
      id,
      inputs: { ...robot, name: "By hand" },
      outputs: { ...outputs, name: "By hand" },
    });
    expect(await ofGroup.read({ id: "security:999", inputs: robot, outputs }, context)).toBeUndefined();
    process.env.GITLAB_TOKEN = sandbox.gitlab.tokenValue("developer");
    expect(await ofGroup.read({ id, inputs: robot, outputs }, context)).toEqual({ id, inputs: robot, outputs });
    expect(await refusal(ofGroup.read({ id, inputs: {}, outputs: {} }, context))).toContain("403");
  });

  it.each([
    [{ project: "security/inventory-builder" }, "project", "/projects/security/inventory-builder/service_accounts"],
    [{}, "instance", "/service_accounts"],
  ] as const)("of another owner is made at its place: %j", async (owner, kind, path) => {
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("admin");
    await new ServiceAccountResource(kind).create({ ...owner, username: "gl-robot" }, bench().context);
    expect(bench().requests()).toEqual([`GET ${path} 200`, `POST ${path} 201`]);
  });
});

describe("a membership", () => {
  const ofProject = new MembershipResource("project");
  const project = "security/inventory-builder";
  const inputs = { project, userId: 201, accessLevel: "developer" } as const;
  const members = `/projects/${project}/members`;
  const level = () => bench().sandbox.gitlab.state.projects.get(project)?.members.get(201);

  it("is made, and not written again when it is as declared", async () => {
    const { id, outputs } = await ofProject.create(inputs, bench().context);
    expect([id, outputs]).toEqual([`${project}:201`, { ...inputs, expiresAt: "" }]);
    expect(level()).toBe(30);
    expect(bench().requests()).toEqual([`GET ${members}/201 404`, `POST ${members} 201`]);
    await ofProject.create(inputs, bench().context);
    expect(bench().requests()).toEqual([`GET ${members}/201 200`]);
  });

  it("is brought to the declared level and end, and read back", async () => {
    const { context } = bench();
    const { id, outputs } = await ofProject.create(inputs, context);
    const next = { ...inputs, accessLevel: "reporter", expiresAt: "2027-01-01" } as const;
    expect(await ofProject.update({ id, inputs, outputs }, next, context)).toEqual(next);
    expect(level()).toBe(20);
    expect(await ofProject.read({ id, inputs: next, outputs: next }, context)).toEqual({
      id,
      inputs: next,
      outputs: next,
    });
  });

  it("is gone when the members may be seen without it, and is kept, with a warning, when they may not", async () => {
    const { context, said, sandbox } = bench();
    const { id, outputs } = await ofProject.create(inputs, context);
    const before = { id, inputs, outputs };
    for (const [handle, found] of [
      ["stranger", `Importing "${project}:201": the members of project "${project}" cannot be seen.`],
      ["owner-expired", `GET /projects/${encodeURIComponent(project)}/members/201: GitLab answered 401: `],
    ] as const) {
      process.env.GITLAB_TOKEN = sandbox.gitlab.tokenValue(handle);
      expect(await ofProject.read(before, context)).toEqual(before);
      expect(said.pop()).toBe(
        `The membership of user 201 in project "${project}" may not be seen with GITLAB_TOKEN. What is remembered of it is kept.`,
      );
      expect(await refusal(ofProject.read({ id, inputs: {}, outputs: {} }, context))).toContain(found);
    }
    expect(said).toEqual([]);
    process.env.GITLAB_TOKEN = sandbox.gitlab.tokenValue("owner");
    sandbox.gitlab.state.projects.get(project)?.members.delete(201);
    expect(await ofProject.read(before, context)).toBeUndefined();
  });

  it("is ended, or was ended by somebody else; where it may not be seen, nothing is taken for that", async () => {
    const { context, sandbox } = bench();
    const { id, outputs } = await ofProject.create(inputs, context);
    process.env.GITLAB_TOKEN = sandbox.gitlab.tokenValue("stranger");
    expect(await refusal(ofProject.delete({ id, inputs, outputs }, context))).toMatch(
      /^Ending the membership of user 201 in project "security\/inventory-builder": DELETE .* answered 404.* to be a maintainer of the project\.$/,
    );
    expect(level()).toBe(30);
    process.env.GITLAB_TOKEN = sandbox.gitlab.tokenValue("owner");
    for (const _ of ["once", "again"]) {
      await ofProject.delete({ id, inputs, outputs }, context);
      expect(level()).toBeUndefined();
    }
  });

  it("is there after a lost answer, with one write", async () => {
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST" });
    await ofProject.create(inputs, bench().context);
    expect(level()).toBe(30);
    expect(
      bench()
        .requests()
        .filter((request) => !request.startsWith("GET")),
    ).toHaveLength(1);
  });

  it("says which right is missing", async () => {
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("developer");
    const error = await refusal(ofProject.create(inputs, bench().context));
    expect(error).toContain(`Making user 201 a member of project "${project}"`);
    expect(error).toContain("to be a maintainer of the project");
  });

  it("knows GitLab's access levels only", () => {
    expect(ofProject.check({ ...inputs, accessLevel: "boss" })).toEqual([
      { property: "accessLevel", reason: expect.stringContaining("write one of minimal, guest, planner, reporter") },
    ]);
    expect(ofProject.check({ ...inputs, accessLevel: unknown })).toEqual([]);
  });

  it("of a group goes by the group's number", async () => {
    const group = bench().sandbox.gitlab.state.groups.get("security");
    const groupId = group?.id ?? 0;
    const { id } = await new MembershipResource("group").create(
      { groupId, userId: 201, accessLevel: "guest" },
      bench().context,
    );
    expect(id).toBe(`${groupId}:201`);
    expect(group?.members.get(201)).toBe(10);
  });
});
