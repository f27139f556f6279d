import { expect, test } from "vitest";
import { incident } from "../../../workshop/sandbox/worlds/incident";
import { gitlabOf, useSandbox } from "./harness";

const world = incident();
const request = { author: "on.call", createdAt: "2026-11-20T09:00:00.000Z" };
const sandbox = useSandbox({
  world: {
    ...world,
    projects: world.projects.map((project) =>
      project.path !== "security/tracker"
        ? project
        : {
            ...project,
            mergeRequests: [
              { ...request, title: "An extra date", sourceBranch: "extra-date" },
              { ...request, title: "Draft: from a fork", sourceBranch: "main", fork: "security/scanner", sha: "a1b2" },
            ],
          },
    ),
  },
});
const requests = "/projects/security%2Ftracker/merge_requests";

test("open merge requests are listed with their heads and where they come from", async () => {
  const api = gitlabOf(sandbox());
  const { body } = await api("GET", `${requests}?state=opened&target_branch=main`);
  expect(body.map((one: { iid: number; sha: string; draft: boolean }) => [one.iid, one.sha.length, one.draft])).toEqual(
    [
      [2, 4, true],
      [1, 40, false],
    ],
  );
  expect(body[0].source_project_id).not.toBe(body[0].target_project_id);
  expect(body[1].source_project_id).toBe(body[1].target_project_id);
  expect((await api("GET", `${requests}?state=opened&source_branch=extra-date`)).body).toHaveLength(1);
  expect((await api("GET", `${requests}?state=merged`)).body).toEqual([]);
  expect((await api("GET", `${requests}/1`)).body.title).toBe("An extra date");
  expect((await api("GET", `${requests}/3`)).status).toBe(404);
});

test("a note is written, edited by its author alone, and never by another", async () => {
  const api = gitlabOf(sandbox());
  const note = await api("POST", `${requests}/1/notes`, { body: "The plan" });
  expect([note.status, note.body.noteable_type, note.body.noteable_iid]).toEqual([201, "MergeRequest", 1]);
  const edited = await api("PUT", `${requests}/1/notes/${note.body.id}`, { body: "A newer plan" });
  expect(edited.body.body).toBe("A newer plan");
  const other = await gitlabOf(sandbox(), "developer")("PUT", `${requests}/1/notes/${note.body.id}`, { body: "Mine" });
  expect(other.status).toBe(403);
  expect((await api("GET", `${requests}/1/notes`)).body).toHaveLength(1);
});

test("quick actions are carried out from new and from edited notes", async () => {
  const api = gitlabOf(sandbox());
  const note = await api("POST", `${requests}/1/notes`, { body: "No.\n/close" });
  expect([note.status, note.body.body]).toEqual([201, "No."]);
  expect((await api("GET", `${requests}/1`)).body.state).toBe("closed");
  await api("PUT", `${requests}/1/notes/${note.body.id}`, { body: "Yes.\n/reopen" });
  expect((await api("GET", `${requests}/1`)).body.state).toBe("opened");
});
