import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GitLab } from "../../../clients/gitlab/client";
import {
  createVariable,
  deleteVariable,
  getVariable,
  listVariables,
  updateVariable,
} from "../../../clients/gitlab/projects/variables";
import { listServiceAccounts } from "../../../clients/gitlab/users/serviceAccounts";
import { ownToken } from "../../../clients/gitlab/users/tokens";
import { NotFound, Refused } from "../../../clients/http";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import { startSandbox } from "../../../workshop/sandbox/sandbox";
import { lookAlikes } from "../../../workshop/sandbox/worlds/fleet";

const project = { project: "security/robot-0001" };
let sandbox: Sandbox;
let gitlab: GitLab;

beforeAll(async () => {
  sandbox = await startSandbox({ world: lookAlikes(230) });
  gitlab = GitLab.fromEnvironment(sandbox.environment);
});
beforeEach(() => sandbox.traffic.clear());
afterAll(() => sandbox.stop());

describe("the GitLab client", () => {
  it("reads a list to its last page, a hundred at a time", async () => {
    const accounts = await listServiceAccounts(gitlab, { group: "security" });
    expect(new Set(accounts.map(({ id }) => id)).size).toBe(230);
    expect(sandbox.gitlab.requests.map(({ query }) => new URLSearchParams(query).get("page"))).toEqual([
      null,
      "2",
      "3",
    ]);
  });

  it("takes the base address with or without the API's path", async () => {
    const { GITLAB_BASE_URL } = sandbox.environment;
    const other = GitLab.fromEnvironment({ ...sandbox.environment, GITLAB_BASE_URL: `${GITLAB_BASE_URL}/api/v4/` });
    expect(other.baseUrl).toBe(GITLAB_BASE_URL);
    expect((await ownToken(other)).scopes).toEqual(["api"]);
  });

  it("has no instance and no credential by default", () => {
    const { GITLAB_BASE_URL = "", GITLAB_TOKEN = "" } = sandbox.environment;
    expect(() => GitLab.fromEnvironment({ GITLAB_TOKEN })).toThrow(/"GITLAB_BASE_URL" is not set/);
    expect(() => GitLab.fromEnvironment({ GITLAB_BASE_URL: "gitlab.example.com", GITLAB_TOKEN })).toThrow(
      /"GITLAB_BASE_URL" holds no address such as .*: write it with its scheme/,
    );
    expect(() => GitLab.fromEnvironment({ GITLAB_BASE_URL })).toThrow(/"GITLAB_TOKEN" is not set/);
  });

  it("speaks as another token's user when asked to", async () => {
    const other = gitlab.withToken(sandbox.gitlab.tokenValue("robot-0002"));
    expect((await ownToken(other)).userId).toBe(202);
    expect((await ownToken(gitlab)).userId).toBe(11);
  });

  it("keeps variables of one key apart by their scope", async () => {
    const made = { key: "KEY", value: "one-value", masked: true } as const;
    await createVariable(gitlab, project, made);
    await createVariable(gitlab, project, { ...made, value: "two-value", environmentScope: "prod/*" });
    await updateVariable(gitlab, project, "KEY", "prod/*", { value: "new-value" });
    expect(await getVariable(gitlab, project, "KEY")).toMatchObject({
      value: "one-value",
      masked: true,
      protected: false,
    });
    expect((await getVariable(gitlab, project, "KEY", "prod/*")).value).toBe("new-value");
    await expect(createVariable(gitlab, project, made)).rejects.toBeInstanceOf(Refused);
    await deleteVariable(gitlab, project, "KEY", "prod/*");
    await expect(getVariable(gitlab, project, "KEY", "prod/*")).rejects.toBeInstanceOf(NotFound);
    expect((await listVariables(gitlab, project)).map(({ key }) => key)).toEqual(["GITLAB_API_TOKEN", "KEY"]);
  });

  it("never sees a hidden value again", async () => {
    const made = await createVariable(
      gitlab,
      { group: "security" },
      { key: "HIDDEN", value: "some-value", hidden: true },
    );
    expect(made).toMatchObject({ value: undefined, hidden: true, masked: true });
    expect((await getVariable(gitlab, { group: "security" }, "HIDDEN")).value).toBeUndefined();
  });
});

describe("a list without end", () => {
  it.each([
    ["names the page itself as the next", () => "1", 2],
    ["names ever new pages", (count: number) => String(count), 500],
  ])("that %s ends in an error", async (_, page, most) => {
    let count = 0;
    const server = createServer((_request, response) => {
      count += 1;
      const link = `<http://127.0.0.1/api/v4/x?per_page=100&page=${page(count)}>; rel="next"`;
      response.writeHead(200, { "content-type": "application/json", link }).end("[]");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const other = GitLab.fromEnvironment({ GITLAB_BASE_URL: `http://127.0.0.1:${port}`, GITLAB_TOKEN: "a-token" });
    await expect(listServiceAccounts(other, { group: "security" })).rejects.toThrow(
      /^reading the list at GET \/groups\/security\/service_accounts: after \d+ pages GitLab still names/,
    );
    expect(count).toBe(most);
    server.closeAllConnections();
    server.close();
  });
});
