import { describe, expect, test } from "vitest";
import { gitlabOf, useSandbox } from "./harness";

const sandbox = useSandbox();
const issues = "/projects/security%2Ftracker/issues";

describe("issues", () => {
  test("a person's issue is there, and can be commented on and closed", async () => {
    const api = gitlabOf(sandbox());
    const [issue] = (await api("GET", `${issues}?state=opened&search=inventory&in=title`)).body;
    expect([issue.iid, issue.author.username]).toEqual([1, "on.call"]);
    const note = await api("POST", `${issues}/1/notes`, { body: "Rotated." });
    expect([note.status, note.body.body, note.body.noteable_iid]).toEqual([201, "Rotated.", 1]);
    const edited = await api("PUT", `${issues}/1/notes/${note.body.id}`, { body: "Rotated today." });
    expect(edited.body.body).toBe("Rotated today.");
    const closed = await api("PUT", `${issues}/1`, { state_event: "close", add_labels: "done" });
    expect([closed.body.state, closed.body.closed_by.username]).toEqual(["closed", "security-rotation"]);
    expect(closed.body.labels).toEqual(["token rotation", "done"]);
    expect((await api("PUT", `${issues}/1`, { state_event: "close" })).body.closed_at).toBe(closed.body.closed_at);
    expect((await api("GET", `${issues}?state=opened`)).body).toEqual([]);
    expect((await api("GET", `${issues}/1/notes`)).body).toHaveLength(1);
  });

  test("a note of quick actions alone is carried out and not kept: 202 without an id", async () => {
    const api = gitlabOf(sandbox());
    const answer = await api("POST", `${issues}/1/notes`, { body: "/close" });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ commands_changes: { state_event: "close" }, summary: ["Closed this issue."] });
    expect((await api("GET", `${issues}/1/notes`)).body).toEqual([]);
    const both = await api("POST", `${issues}/1/notes`, { body: "Not yet.\n/reopen" });
    expect([both.status, both.body.body]).toEqual([201, "Not yet."]);
    expect((await api("GET", `${issues}/1`)).body.state).toBe("opened");
  });

  test("a new one has the next number; a title is needed", async () => {
    const api = gitlabOf(sandbox());
    const made = await api("POST", issues, { title: "Second", labels: "a,b", confidential: true });
    expect([made.status, made.body.iid, made.body.labels]).toEqual([201, 2, ["a", "b"]]);
    expect((await api("POST", issues, {})).body).toEqual({ error: "title is missing" });
    expect((await api("POST", issues, { title: "t".repeat(256) })).status).toBe(400);
    const [listed] = (await api("GET", `${issues}?labels=a,b&iids[]=2`)).body;
    expect(listed.title).toBe("Second");
  });

  test("a confidential one is not there for outsiders", async () => {
    await gitlabOf(sandbox())("POST", issues, { title: "Secret", confidential: true });
    expect((await gitlabOf(sandbox(), "developer")("GET", `${issues}/2`)).status).toBe(200);
    expect((await gitlabOf(sandbox(), "stranger")("GET", `${issues}/2`)).status).toBe(404);
    const unknown = await gitlabOf(sandbox())("GET", `${issues}/99`);
    expect([unknown.status, unknown.body]).toEqual([404, { message: "404 Not found" }]);
  });
});
