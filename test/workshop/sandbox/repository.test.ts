import { describe, expect, test } from "vitest";
import { gitlabOf, useSandbox } from "./harness";

const sandbox = useSandbox();
const project = "/projects/security%2Fpat-rotation";
const file = `${project}/repository/files/Pulumi.sandbox.yaml`;
const path = "Pulumi.sandbox.yaml";

const commit = (branch: string, content: string, more: object = {}) => ({
  branch,
  start_branch: "main",
  commit_message: "Change it\n\nFor a reason.",
  actions: [{ action: "update", file_path: path, content, ...more }],
});
const text = ({ content }: { content: string }) => Buffer.from(content, "base64").toString();

describe("files and commits", () => {
  test("a commit on a new branch changes the file there and nowhere else", async () => {
    const api = gitlabOf(sandbox());
    const { body: before } = await api("GET", `${file}?ref=main`);
    expect(text(before)).toContain("pat-rotation:fleet: sandbox");
    const made = await api(
      "POST",
      `${project}/repository/commits`,
      commit("one", "a\n", { last_commit_id: before.last_commit_id }),
    );
    expect([made.status, made.body.title, made.body.parent_ids]).toEqual([201, "Change it", [before.commit_id]]);
    const { body: after } = await api("GET", `${file}?ref=one`);
    expect([text(after), after.last_commit_id, after.commit_id]).toEqual(["a\n", made.body.id, made.body.id]);
    expect((await api("GET", `${project}/repository/branches/one`)).body.commit.id).toBe(made.body.id);
    expect((await api("GET", `${file}?ref=main`)).body.last_commit_id).toBe(before.last_commit_id);
    const tree = await api("GET", `${project}/repository/tree?ref=one&recursive=true`);
    expect(tree.body.map((one: { path: string }) => one.path)).toEqual([path]);
  });

  test("what was changed meanwhile, a branch that exists, and a protected one are refused", async () => {
    const api = gitlabOf(sandbox());
    const { body: before } = await api("GET", `${file}?ref=main`);
    const commits = `${project}/repository/commits`;
    await api("POST", commits, { ...commit("main", "b\n"), start_branch: "main" });
    const stale = await api("POST", commits, commit("one", "c\n", { last_commit_id: before.last_commit_id }));
    expect([stale.status, stale.body.message]).toEqual([
      400,
      `The file has changed since you started editing it: ${path}`,
    ]);
    expect((await api("POST", commits, commit("one", "c\n"))).status).toBe(201);
    const again = await api("POST", commits, commit("one", "d\n"));
    expect([again.status, again.body.message]).toEqual([
      400,
      "A branch called 'one' already exists. Switch to that branch in order to make changes",
    ]);
    expect((await api("POST", commits, { ...commit("one", "d\n"), force: true })).status).toBe(201);
    const developer = gitlabOf(sandbox(), "developer");
    expect((await developer("POST", commits, commit("main", "e\n"))).body.message).toBe(
      "403 Forbidden - You are not allowed to push into this branch",
    );
    expect((await developer("POST", commits, commit("two", "e\n"))).status).toBe(201);
  });

  test("files that are not there can be made, and no others changed", async () => {
    const api = gitlabOf(sandbox());
    const commits = `${project}/repository/commits`;
    const other = (action: string) => ({
      ...commit("one", "", {}),
      actions: [{ action, file_path: "accounts/a.yaml", content: "a" }],
    });
    expect((await api("POST", commits, other("update"))).body.message).toBe("A file with this name doesn't exist");
    expect((await api("POST", commits, other("create"))).status).toBe(201);
    expect(text((await api("GET", `${project}/repository/files/accounts%2Fa.yaml?ref=one`)).body)).toBe("a");
    expect((await api("GET", `${project}/repository/files/accounts%2Fa.yaml?ref=main`)).body.message).toBe(
      "404 File Not Found",
    );
    expect((await gitlabOf(sandbox(), "stranger")("GET", `${file}?ref=main`)).status).toBe(404);
  });
});

describe("merge requests", () => {
  const requests = `${project}/merge_requests`;
  const wanted = { source_branch: "one", target_branch: "main", title: "One", remove_source_branch: true };

  test("one is opened, follows its branch, and is merged once", async () => {
    const api = gitlabOf(sandbox());
    await api("POST", `${project}/repository/commits`, commit("one", "a\n"));
    const made = await api("POST", requests, { ...wanted, labels: "a,b", assignee_id: 12, description: "Why\n/close" });
    expect([made.status, made.body.iid, made.body.labels, made.body.assignees[0].username]).toEqual([
      201,
      1,
      ["a", "b"],
      "on.call",
    ]);
    // The description held a quick action, which GitLab carries out.
    expect([made.body.description, made.body.state]).toEqual(["Why", "closed"]);
    expect((await api("PUT", `${requests}/1`, { state_event: "reopen", title: "Two" })).body.title).toBe("Two");
    const again = await api("POST", requests, wanted);
    expect([again.status, again.body.message]).toEqual([
      409,
      ["Another open merge request already exists for this source branch: !1"],
    ]);
    const { body: next } = await api("POST", `${project}/repository/commits`, {
      ...commit("one", "b\n"),
      start_branch: "one",
    });
    expect((await api("GET", `${requests}/1`)).body.sha).toBe(next.id);
    expect((await gitlabOf(sandbox(), "developer")("PUT", `${requests}/1/merge`)).status).toBe(401);
    expect((await api("PUT", `${requests}/1/merge`)).body.state).toBe("merged");
    expect(text((await api("GET", `${file}?ref=main`)).body)).toBe("b\n");
    expect((await api("GET", `${project}/repository/branches/one`)).status).toBe(404);
    expect((await api("PUT", `${requests}/1/merge`)).status).toBe(405);
  });

  test("one that conflicts is not merged; one without its branch is not opened", async () => {
    const api = gitlabOf(sandbox());
    expect((await api("POST", requests, wanted)).body).toEqual({ message: { source_branch: ["does not exist"] } });
    expect((await api("POST", requests, { title: "One" })).body).toEqual({
      error: "source_branch is missing, target_branch is missing",
    });
    await api("POST", `${project}/repository/commits`, commit("one", "a\n"));
    await api("POST", `${project}/repository/commits`, commit("main", "b\n"));
    await api("POST", requests, wanted);
    const merged = await api("PUT", `${requests}/1/merge`);
    expect([merged.status, merged.body.message]).toEqual([422, "Branch cannot be merged"]);
  });
});
