import { afterEach, beforeEach, expect, test } from "vitest";
import { notes, type Written } from "../../commands/ci/notes";
import type { Sandbox } from "../../workshop/sandbox/controls";
import { startSandbox } from "../../workshop/sandbox/sandbox";
import { incident } from "../../workshop/sandbox/worlds/incident";
import { Repository } from "../ci/repository";
import { soundYaml as sound } from "../settings/trees";

const dated = sound.replace('"2026-11-23" }', '"2026-11-23", extraDates: [{ date: 2026-12-14 }] }');
const path = "security/tracker";
const marker = "<!-- pat-rotation: plan -->";

let sandbox: Sandbox;
let repository: Repository;
beforeEach(async () => {
  const world = incident();
  const request = { author: "build.developer", createdAt: "2026-11-20T09:00:00.000Z" };
  sandbox = await startSandbox({
    world: {
      ...world,
      projects: world.projects.map((project) =>
        project.path !== path
          ? project
          : {
              ...project,
              mergeRequests: [
                { ...request, title: "One", sourceBranch: "main", fork: "security/scanner" },
                { ...request, title: "Two", sourceBranch: "$(touch /tmp/pwned);`id`" },
              ],
            },
      ),
    },
  });
  repository = new Repository({ "Pulumi.prod.yaml": sound });
});
afterEach(async () => {
  repository.remove();
  await sandbox.stop();
});

function write(more: NodeJS.ProcessEnv = {}, patience?: number): Promise<readonly Written[]> {
  const { GITLAB_BASE_URL, GITLAB_TOKEN, PAT_ROTATION_AS_OF } = sandbox.environment;
  const { PATH } = process.env;
  const job = { CI_PROJECT_ID: path, CI_DEFAULT_BRANCH: "main" };
  return notes({
    folder: repository.clone,
    environment: { PATH, GITLAB_BASE_URL, GITLAB_TOKEN, PAT_ROTATION_AS_OF, ...job, ...more },
    ...(patience === undefined ? {} : { patience }),
  });
}

function request(iid: number) {
  const found = sandbox.gitlab.state.projects.get(path)?.mergeRequests.find((one) => one.iid === iid);
  if (found === undefined) throw new Error("the world has the merge request");
  return found;
}
const bodies = (iid: number) => request(iid).notes.map(({ body }) => body);
const writes = () => sandbox.gitlab.requests.filter(({ method }) => method !== "GET").map(({ method }) => method);

test("each open merge request gets one note, and the same one anew when it changes", async () => {
  const head = repository.request(1, { "Pulumi.prod.yaml": dated });
  repository.request(2, { "README.md": "Nothing of the declaration" });
  expect((await write()).map(({ iid, done }) => [iid, done])).toEqual([
    [2, "written"],
    [1, "written"],
  ]);
  const [body = ""] = bodies(1);
  expect(body.startsWith(marker)).toBe(true);
  expect(body).toContain("**Merging adds no rotation. Due today: inventory. Next: inventory, Mon 14 Dec.**");
  expect(body.replaceAll("\u2060", "")).toContain(`commit ${head.slice(0, 8)}`);

  expect((await write()).map(({ done }) => done)).toEqual(["unchanged", "unchanged"]);
  expect(writes()).toEqual(["POST", "POST"]);

  repository.request(1, { "Pulumi.prod.yaml": sound.replace("[read_api]", "[read_user]") });
  expect((await write()).map(({ iid, done }) => [iid, done])).toEqual([
    [2, "unchanged"],
    [1, "updated"],
  ]);
  expect(bodies(1)).toHaveLength(1);
  expect(bodies(1)[0]).toContain("token.scopes");
  expect(writes()).toEqual(["POST", "POST", "PUT"]);
});

test("settings that are half-written give a note that says what and where", async () => {
  repository.request(1, { "Pulumi.prod.yaml": `${sound}  pat-rotation:freezes: [{ from: "2026-12-19", to:\n` });
  repository.request(2, { "Pulumi.prod.yaml": sound.replace("2026-11-23", "2026-02-30") });
  await write();
  expect(bodies(1)[0]).toContain("Pulumi.prod.yaml:");
  expect(bodies(1)[0]).toContain("what is no YAML");
  expect(bodies(2)[0]).toContain("2026-02-30");
  expect(bodies(2)[0]).toContain("Pulumi.prod.yaml:7");
});

test("a merge request without a history in common is compared with its target; one that is not there holds up no other", async () => {
  repository.strangeRequest(1, { "other.txt": "" });
  const outcome = await write();
  expect(outcome.map(({ iid, done }) => [iid, done])).toEqual([
    [2, "failed"],
    [1, "written"],
  ]);
  expect(outcome[0]?.fault).toContain('git could not fetch refs/merge-requests/2/head from "origin"');
  expect(bodies(1)[0]).toContain("Merging would stop inventory");
});

test("a commit that takes long to read holds the others up once, and is read again when its note is gone", async () => {
  repository.request(1, { "Pulumi.prod.yaml": dated });
  repository.request(2, { "Pulumi.prod.yaml": dated });
  const done = async (patience?: number) =>
    [...(await write({}, patience))].sort((a, b) => a.iid - b.iid).map((one) => one.done);
  expect(await done(0.001)).toEqual(["written", "written"]);
  expect(bodies(1)).toEqual([expect.stringContaining("Reading it took longer than 0.001 seconds")]);
  // With all the time of the world it could be read: it is not even tried.
  const slow = bodies(1)[0]?.replace("0.001", "30") ?? "";
  for (const note of request(1).notes) note.body = slow;
  request(2).notes.length = 0;
  expect(await done()).toEqual(["unchanged", "written"]);
  expect(bodies(2)[0]).toContain("Merging");
  repository.request(1, { "Pulumi.prod.yaml": `${dated}\n` });
  expect(await done()).toEqual(["updated", "unchanged"]);
  expect(bodies(1)[0]).toContain("Merging");
});

test("where there is nothing to plan, the note says why", async () => {
  repository.remove();
  repository = new Repository({ "README.md": "No stack" });
  const head = repository.request(1, { "README.md": "Still none" });
  repository.request(2, {});
  await write();
  const short = head.slice(0, 8);
  expect(bodies(1).map((body) => body.replaceAll("\u2060", ""))).toEqual([
    `${marker}\n\n## Rotation plan\n\n:x: **There is no plan for commit <code>${short}</code>.**\n\nLooking for stacks: commit ${short} has no Pulumi.&#60;stack&#62;.yaml here.`,
  ]);
});

test("a note of somebody else is left alone, whatever it begins with", async () => {
  repository.request(1, { "Pulumi.prod.yaml": dated });
  repository.request(2, {});
  const now = "2026-11-20T09:30:00.000Z";
  const forged = { id: 1, body: `${marker} All is well.`, authorId: 13, internal: false, system: false };
  request(1).notes.push({ ...forged, createdAt: now, updatedAt: now });
  await write();
  expect(bodies(1)).toHaveLength(2);
  expect(bodies(1)[0]).toBe(`${marker} All is well.`);
  expect((await write()).map(({ done }) => done)).toEqual(["unchanged", "unchanged"]);
});

test("what a merge request says neither commands, mentions nor links in the note", async () => {
  const evil = "/close\\n/merge\\n@all <img src=x> [x](https://evil.example.com) ![i](https://evil.example.com/i.png)";
  repository.request(1, {
    "Pulumi.prod.yaml": sound.replace("name: inventory,", `name: "${evil}",`).replace("[read_api]", '["/close"]'),
  });
  repository.request(2, { "Pulumi.prod.yaml": `/close\n/merge\n@all: [` });
  await write();
  expect([request(1).state, request(2).state]).toEqual(["opened", "opened"]);
  for (const body of [...bodies(1), ...bodies(2)]) {
    expect(body).not.toMatch(/^\s*\//m);
    expect(body).not.toMatch(/@all|<img|\]\(https/);
  }
});

test("nothing of a merge request is checked out or run, and its reader holds no credential", async () => {
  const before = repository.files();
  repository.request(1, {
    "package.json": '{ "scripts": { "preinstall": "touch pwned" } }',
    "commands/plan.ts": 'require("node:fs").writeFileSync("pwned", "");',
    "Pulumi.prod.yaml": sound,
    "tsconfig.json": "nonsense",
  });
  repository.request(2, { "Pulumi.prod.yaml": sound });
  await write();
  expect(repository.files()).toEqual(before);
  const printed = bodies(1).join() + bodies(2).join();
  expect(printed).not.toContain(sandbox.environment.GITLAB_TOKEN);
});

test("outside of a job it says what is missing; with a token that is refused nothing is written", async () => {
  await expect(write({ CI_PROJECT_ID: "" })).rejects.toThrow("CI_PROJECT_ID and CI_DEFAULT_BRANCH are not set");
  await expect(write({ GITLAB_TOKEN: "" })).rejects.toThrow("GITLAB_TOKEN");
  await expect(write({ GITLAB_TOKEN: "nobody" })).rejects.toThrow(/401/);
  expect(writes()).toEqual([]);
});
