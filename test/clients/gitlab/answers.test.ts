import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { GitLab } from "../../../clients/gitlab/client";
import { closeIssue, createComment, createIssue } from "../../../clients/gitlab/issues/issues";
import { createRequestNote, editRequestNote } from "../../../clients/gitlab/issues/mergeRequestNotes";
import { openMergeRequest, updateMergeRequest } from "../../../clients/gitlab/issues/mergeRequests";
import { retryJob } from "../../../clients/gitlab/pipelines/jobs";
import { createPipeline, playSchedule } from "../../../clients/gitlab/pipelines/pipelines";
import { commitFile } from "../../../clients/gitlab/projects/repository";
import { createVariable, deleteVariable, updateVariable } from "../../../clients/gitlab/projects/variables";
import { addMember, removeMember, updateMember } from "../../../clients/gitlab/users/members";
import {
  createServiceAccount,
  deleteServiceAccount,
  updateServiceAccount,
} from "../../../clients/gitlab/users/serviceAccounts";
import { mintToken, revokeOwnToken, revokeToken, rotateOwnToken } from "../../../clients/gitlab/users/tokens";
import { mayHaveHappened, StrangeAnswer } from "../../../clients/http";

type Answered = readonly [status: number, body?: unknown];

/** What is answered, by the beginning of the request; the rest is 404. */
const answers = new Map<string, Answered>();
const asked: string[] = [];
const value = ["glpat", "the", "new", "value"].join("-");

const server = createServer((request, response) => {
  const line = `${request.method} ${request.url?.replace("/api/v4", "")}`;
  asked.push(line);
  const known = [...answers].find(([beginning]) => line.startsWith(beginning));
  answer(response, known?.[1] ?? [404, { message: "404 Not found" }]);
});

function answer(response: ServerResponse, [status, body]: Answered): void {
  const isPage = typeof body === "string";
  response.writeHead(status, { "content-type": isPage ? "text/html" : "application/json" });
  response.end(body === undefined || isPage ? body : JSON.stringify(body));
}

let gitlab: GitLab;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  gitlab = GitLab.fromEnvironment({ GITLAB_BASE_URL: `http://127.0.0.1:${port}`, GITLAB_TOKEN: "our-own-token" });
});
afterEach(() => {
  answers.clear();
  asked.length = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const group = { group: "security" };
const project = "security/inventory";
const token = { name: "robot", description: "", scopes: ["api"], expiresAt: "2027-11-23" };
const listed = { ...token, id: 7, user_id: 301, created_at: "2026-11-23T06:30:00Z", active: true, revoked: false };
const variable = { key: "KEY", value, environment_scope: "*" };
const issue = { iid: 4, title: "x", state: "opened", web_url: "https://x" };
const account = { id: 301, username: "robot", name: "Robot" };
const job = { id: 9, name: "build", status: "pending", created_at: "2026-11-23T06:30:00Z", web_url: "https://x" };
const commit = { branch: "b", message: "m", path: "p", text: "t" };

const writes: readonly [string, () => Promise<unknown>, ...wrong: object[]][] = [
  [
    "a mint",
    () => mintToken(gitlab, group, 301, token),
    listed,
    { ...listed, token: "" },
    { ...listed, token: value, user_id: 302 },
  ],
  ["a rotation", () => rotateOwnToken(gitlab, "2027-11-23"), listed, { ...listed, token: null }],
  [
    "a new variable",
    () => createVariable(gitlab, group, { key: "KEY", value }),
    { ...variable, value: "other" },
    { ...variable, key: "OTHER" },
  ],
  [
    "a changed variable",
    () => updateVariable(gitlab, group, "KEY", "*", { value }),
    { ...variable, value: "other" },
    { ...variable, environment_scope: "prod" },
  ],
  ["a pipeline", () => createPipeline(gitlab, project, "main"), { status: "created" }],
  ["a played schedule", () => playSchedule(gitlab, project, 5)],
  ["a retried job", () => retryJob(gitlab, project, 9), job],
  [
    "an issue",
    () =>
      createIssue(gitlab, project, {
        title: "x",
        description: "",
        confidential: true,
        labels: [],
        dueDate: "2026-11-23",
      }),
    { title: "x" },
  ],
  ["a closed issue", () => closeIssue(gitlab, project, 4), issue],
  ["a comment", () => createComment(gitlab, project, 4, "text"), { commands_changes: {} }],
  ["a note", () => createRequestNote(gitlab, project, 4, "text"), { body: "text" }],
  ["an edited note", () => editRequestNote(gitlab, project, 4, 8, "text"), { id: 9 }],
  [
    "a merge request",
    () => openMergeRequest(gitlab, project, "b", "main", { title: "x", description: "" }),
    { title: "x" },
  ],
  [
    "a changed merge request",
    () => updateMergeRequest(gitlab, project, 4, { title: "x", description: "" }),
    { iid: 5, title: "x", web_url: "https://x" },
  ],
  ["a commit", () => commitFile(gitlab, project, commit), { message: "m" }],
  ["a new account", () => createServiceAccount(gitlab, group, { username: "robot" }), { username: "robot" }],
  ["a changed account", () => updateServiceAccount(gitlab, group, 301, { name: "Robot" }), { ...account, id: 302 }],
  ["a new member", () => addMember(gitlab, group, 301, { accessLevel: "developer" }), { id: 302, access_level: 30 }],
  [
    "a changed member",
    () => updateMember(gitlab, group, 301, { accessLevel: "developer" }),
    { id: 302, access_level: 30 },
  ],
];

describe.each(writes)("%s", (_, write, ...wrong) => {
  it("is not believed on the word of a status: it may have been carried out, or not", async () => {
    for (const body of [{}, [], null, "<html>Sign in</html>", undefined, ...wrong]) {
      for (const method of ["POST", "PUT", "PATCH"]) answers.set(method, [200, body]);
      const error: unknown = await write().catch((cause: unknown) => cause);
      expect(error, JSON.stringify(body)).toBeInstanceOf(StrangeAnswer);
      expect(mayHaveHappened(error)).toBe(true);
      expect(String(error)).toContain("no proxy");
      expect(String(error)).not.toContain(value);
    }
  });
});

const tokens = "GET /groups/security/service_accounts/301/personal_access_tokens";
const members = "GET /groups/security/members/301";
const variables = "GET /groups/security/variables";
const deletions: readonly [string, () => Promise<void>, look: string, there: Answered, gone: Answered][] = [
  [
    "a token",
    () => revokeToken(gitlab, group, 301, 7),
    tokens,
    [200, [listed]],
    [200, [{ ...listed, active: false, revoked: true }]],
  ],
  ["our own token", () => revokeOwnToken(gitlab), "GET /personal_access_tokens/self", [200, listed], [401, {}]],
  ["a member", () => removeMember(gitlab, group, 301), members, [200, { id: 301, access_level: 30 }], [404, {}]],
  ["a variable", () => deleteVariable(gitlab, group, "KEY"), variables, [200, [variable]], [200, []]],
  [
    "an account",
    () => deleteServiceAccount(gitlab, group, 301),
    "GET /groups/security/service_accounts",
    [200, [account]],
    [200, []],
  ],
];

describe.each(deletions)("the end of %s", (_, end, look, there, gone) => {
  it("is known by 204, without a look", async () => {
    answers.set("DELETE", [204]);
    await end();
    expect(asked).toHaveLength(1);
  });

  it.each<[number, unknown?]>([[200, {}], [200, "<html>Sign in</html>"], [202], [200]])(
    "is looked at after %i %j",
    async (status, body) => {
      answers.set("DELETE", [status, body]);
      answers.set(look, gone);
      // What is not found is gone only where such things may be seen.
      answers.set("GET /groups/security/members?", [200, []]);
      await end();
      expect(asked.slice(1).map((line) => line.slice(0, 4))).toEqual(look === members ? ["GET ", "GET "] : ["GET "]);
      answers.set("GET /groups/security/members?", [404, {}]);

      for (const seen of [there, [200, {}], [200, "<html></html>"], [404, {}]] as Answered[]) {
        answers.set(look, seen);
        const error: unknown = await end().catch((cause: unknown) => cause);
        expect(error, JSON.stringify(seen)).toBeInstanceOf(StrangeAnswer);
        expect(mayHaveHappened(error)).toBe(true);
      }
    },
  );
});

it("a token that is in no list is not taken for dead", async () => {
  answers.set("DELETE", [200, {}]);
  answers.set(tokens, [200, []]);
  await expect(revokeToken(gitlab, group, 301, 7)).rejects.toThrow(
    /^DELETE \/groups\/security\/service_accounts\/301\/personal_access_tokens\/7: GitLab answered 200, which does not say that it is done, and a look does not show it/,
  );
});
