import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { propose } from "../../commands/propose";
import { gitlabOf, useSandbox } from "../workshop/sandbox/harness";

const sandbox = useSandbox();
const project = "security/pat-rotation";
const api = "/projects/security%2Fpat-rotation";
const path = "Pulumi.sandbox.yaml";
const declared = readFileSync(join(__dirname, "../..", path), "utf8");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "propose-"));
  writeFileSync(join(folder, path), declared);
});
afterEach(() => rmSync(folder, { recursive: true }));

const day = "2026-11-23";
const local = (...args: string[]) => propose(["--stack", "sandbox", ...args], { folder, environment: {}, today: day });

/** The command with the sandbox's GitLab, as the token of that handle. */
function run(args: readonly string[], handle = "owner", more: NodeJS.ProcessEnv = {}) {
  const environment = {
    CI_API_V4_URL: `${sandbox().gitlab.url}/api/v4`,
    CI_PROJECT_ID: project,
    GITLAB_TOKEN: sandbox().gitlab.tokenValue(handle),
    ...more,
  };
  return propose(["--stack", "sandbox", ...args], { folder, environment, today: day });
}

const requests = async () => (await gitlabOf(sandbox())("GET", `${api}/merge_requests`)).body;
const fileAt = async (ref: string) => {
  const { body } = await gitlabOf(sandbox())("GET", `${api}/repository/files/${path}?ref=${encodeURIComponent(ref)}`);
  return Buffer.from(body.content, "base64").toString();
};
const writes = () =>
  sandbox()
    .gitlab.requests.filter(({ method }) => method !== "GET")
    .map(({ method, path: asked }) => `${method} ${asked.split("/").slice(5).join("/")}`);

const extra = ["extra-date", "inventory", "--date", "2027-02-01", "--reason", "somebody left"];
const branch = "pat-rotation/sandbox/extra-date/inventory/2027-02-01";

describe("a merge request", () => {
  test("is opened with one commit of the one line and the plan; the branch is named after the change", async () => {
    const done = await run([...extra, "--label", "rotation", "--assignee", "on.call"], "developer");
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).toMatch(/^Opened: merge request !1, "Rotate inventory on Mon 1 Feb 2027 as well"\nhttp/);
    const [request] = await requests();
    expect(request).toMatchObject({
      title: "Rotate inventory on Mon 1 Feb 2027 as well",
      source_branch: branch,
      target_branch: "main",
      labels: ["rotation"],
    });
    expect(request.assignees[0].username).toBe("on.call");
    expect(request.description).toContain("**Why:** somebody left");
    expect(request.description).toContain("Rotation plan: <code>sandbox</code>");
    expect(request.description).toContain("| Mon 1 Feb 2027 |");
    // The plan is of this account alone.
    expect(request.description).not.toContain("<code>scanner</code>");
    const line = '{ date: "2027-02-01", reason: "somebody left" }]';
    expect(await fileAt(branch)).toBe(
      declared.replace("reason: a maintainer left the team }]", `reason: a maintainer left the team }, ${line}`),
    );
    expect(await fileAt("main")).toBe(declared);
    expect(writes()).toEqual(["POST repository/commits", "POST merge_requests"]);
  });

  test("the same change again updates it: no second branch, no second commit, no second request", async () => {
    await run(extra);
    const again = await run(extra);
    expect(again.stdout).toMatch(/^Brought up to date: merge request !1,/);
    expect(await requests()).toHaveLength(1);
    expect(writes()).toEqual(["POST repository/commits", "POST merge_requests", "PUT merge_requests/1"]);
    const other = await run([...extra.slice(0, -1), "two left"]);
    expect(other.code).toBe(0);
    expect((await requests())[0].description).toContain("**Why:** two left");
    expect(await fileAt(branch)).toContain('{ date: "2027-02-01", reason: "two left" }]');
    // What a person added on the branch stays.
    const own = (await fileAt(branch)).replace("# The accounts of the sandbox", "# Mine");
    await gitlabOf(sandbox())("POST", `${api}/repository/commits`, {
      branch,
      commit_message: "Mine",
      actions: [{ action: "update", file_path: path, content: own }],
    });
    await run(extra);
    expect(await fileAt(branch)).toContain("# Mine");
  });

  test("what the target branch declares already needs none", async () => {
    await run(extra);
    await gitlabOf(sandbox())("PUT", `${api}/merge_requests/1/merge`);
    const done = await run(extra);
    expect(done.stdout).toContain("the target branch declares that already");
    expect(await requests()).toHaveLength(1);
    // Its branch is gone, and a release that follows a hold has one of its own.
    await run(["hold", "scanner", "--generation", "adopted"]);
    await gitlabOf(sandbox())("PUT", `${api}/merge_requests/2/merge`);
    writeFileSync(join(folder, path), await fileAt("main"));
    expect((await run(["release-hold", "scanner"])).stdout).toMatch(/^Opened: merge request !3/);
  });

  test("a closed one is not opened again: its branch begins anew, from what the target holds now", async () => {
    await run(extra);
    await gitlabOf(sandbox())("PUT", `${api}/merge_requests/1`, { state_event: "close" });
    const moved = `${declared}# Later.\n`;
    await gitlabOf(sandbox())("POST", `${api}/repository/commits`, {
      branch: "main",
      commit_message: "Later",
      actions: [{ action: "update", file_path: path, content: moved }],
    });
    expect((await run(extra)).stdout).toMatch(/^Opened: merge request !2/);
    expect(await fileAt(branch)).toMatch(/# Later\.\n$/);
  });

  test("a file that changed between the look and the commit is left as it is", async () => {
    const { gitlab, traffic } = sandbox();
    let armed = true;
    traffic.watch({
      before: async ({ method, path: asked }) => {
        if (!armed || method !== "POST" || !asked.endsWith("/commits")) return;
        armed = false;
        await gitlabOf(sandbox(), "owner")("POST", `${api}/repository/commits`, {
          branch: "main",
          commit_message: "Quicker",
          actions: [{ action: "update", file_path: path, content: `${declared}# Quicker.\n` }],
        });
      },
    });
    const done = await run(extra);
    expect(done.code).toBe(12);
    expect(done.stderr).toContain("The file has changed since you started editing it");
    expect(done.stderr).toContain("Nothing was written");
    expect(await requests()).toEqual([]);
    expect(gitlab.state.projects.get(project)?.branches).toEqual(["main"]);
    expect((await run(extra)).code).toBe(0);
    expect(await fileAt(branch)).toContain("# Quicker.");
  });

  test("an answer that was lost is looked up, and nothing is written twice", async () => {
    const { gitlab } = sandbox();
    gitlab.inject({ method: "POST", path: "/commits", fault: { kind: "lost-answer" }, times: 1 });
    gitlab.inject({ method: "POST", path: "/merge_requests", fault: { kind: "lost-answer" }, times: 1 });
    expect((await run(extra)).code).toBe(0);
    expect(await requests()).toHaveLength(1);
    expect(writes()).toEqual(["POST repository/commits", "POST merge_requests", "PUT merge_requests/1"]);
  });

  test("a reason mentions nobody, links nothing and commands nothing", async () => {
    const reason = "left\n/close\n@all see #1 !2 <b>x</b> **y** [z](https://evil.example)";
    await run(["decommission", "scanner", "--reason", reason]);
    const [request] = await requests();
    expect(request.state).toBe("opened");
    expect(request.description).not.toMatch(/^\/close/m);
    for (const text of ["@all", "#1", "!2", "<b>", "**y**", "](https://"])
      expect(request.description).not.toContain(text);
    expect(request.title).toBe("Decommission account scanner");
    const commits = sandbox().gitlab.state.projects.get(project)?.repository;
    expect(commits?.find("pat-rotation/sandbox/decommission/scanner")?.message).toBe("Decommission account scanner");
  });

  test("a stale copy of the file here does not matter: the change is made to GitLab's", async () => {
    writeFileSync(
      join(folder, path),
      declared.replace("weekday: monday\n        extraDates", "weekday: any\n        extraDates"),
    );
    await run(extra);
    expect(await fileAt(branch)).toContain("weekday: monday\n        extraDates");
  });
});

describe("without GitLab", () => {
  test("--dry-run prints the difference and the plan, and writes nothing", async () => {
    const { code, stdout } = await local(...extra, "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("+        extraDates:");
    expect(stdout).toContain("Merging adds no rotation.");
    expect(readFileSync(join(folder, path), "utf8")).toBe(declared);
  });

  test("--local writes the file here", async () => {
    const { stdout } = await local("adopt", "mirror", "--block", "-", "--local");
    expect(stdout).toBe("");
    const block =
      'name: mirror\naccount: { group: security, username: mirror }\ntoken: { name: M, scopes: [read_api] }\nrotation: { startsOn: "2027-01-11" }\n';
    const done = await propose(["--stack", "sandbox", "adopt", "mirror", "--block", "-", "--local"], {
      folder,
      environment: {},
      today: day,
      input: () => block,
    });
    expect(done.stdout).toContain("Wrote Pulumi.sandbox.yaml.");
    expect(readFileSync(join(folder, path), "utf8")).toContain("    - name: mirror\n      account:");
  });

  test("the current generation is found although another account is at fault", async () => {
    writeFileSync(join(folder, path), declared.replace('startsOn: "2026-11-30"', 'startsOn: "2026-02-30"'));
    const { code, stdout } = await local("hold", "inventory", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("Hold inventory at generation 2026-11-23");
  });

  test("what is declared already changes nothing", async () => {
    const { stdout } = await local("release-hold", "inventory", "--dry-run");
    expect(stdout).toBe("Release the hold of inventory\n\nPulumi.sandbox.yaml declares that already.\n");
  });

  test("no credential is missed before GitLab is asked, and no request is sent without one", async () => {
    const done = await local(...extra);
    expect([done.code, done.stderr]).toEqual([1, expect.stringContaining('"GITLAB_BASE_URL" is not set')]);
  });
});

describe("a change is refused", () => {
  test.each([
    [
      "an extra date that has passed",
      ["extra-date", "inventory", "--date", "2026-11-01", "--reason", "x"],
      "has passed",
    ],
    ["a hold of what does not live", ["hold", "inventory", "--generation", "adopted"], "has no token that lives"],
    ["a hold of what nothing opens", ["hold", "inventory", "--generation", "2026-11-24"], "a day on which none opens"],
    [
      "a leak of what does not live",
      ["compromise", "inventory", "--generation", "adopted", "--reason", "x"],
      "has no token",
    ],
  ])("%s", async (_, args, expected) => {
    const done = await local(...args, "--dry-run");
    expect([done.code, done.stderr]).toEqual([5, expect.stringContaining(expected)]);
  });

  test.each([
    ["no reason", ["decommission", "inventory"], "Reading --reason"],
    ["an unknown change", ["destroy", "inventory"], '"destroy" is no change'],
    ["a misspelt change of an unknown account", ["hodl", "nobody"], '"hodl" is no change'],
    [
      "a day that does not exist",
      ["extra-date", "inventory", "--date", "2027-02-30", "--reason", "x"],
      "Reading --date",
    ],
    ["no account", ["hold"], "write a change and an account"],
    [
      "an account that is misspelt",
      ["hold", "inventroy", "--generation", "adopted"],
      'not declared; there are inventory, scanner. Did you mean "inventory"?',
    ],
    ["an account that is not declared", ["retry", "nobody"], "not declared; there are inventory, scanner.\n"],
  ])("%s is a wrong command line", async (_, args, expected) => {
    const done = await local(...args, "--dry-run");
    expect([done.code, done.stderr]).toEqual([2, expect.stringContaining(expected)]);
  });

  test("a reason that seems to hold a token, without repeating it", async () => {
    const value = ["glpat", "x".repeat(20)].join("-");
    const done = await local("decommission", "inventory", "--reason", `leaked ${value}`, "--dry-run");
    expect(done.code).toBe(2);
    expect(done.stderr).not.toContain(value);
  });
});

describe("a migration to fine-grained tokens", () => {
  test("takes the place of the scopes alone, says what cannot be known, and is a rotation like any other", async () => {
    const done = await local("migrate", "inventory", "--local");
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).toContain("Give inventory fine-grained tokens");
    expect(done.stdout).toContain("- What it writes with the scope api is told nowhere");
    expect(done.stdout).toContain('token.scopes: nothing instead of "api": with the next token, on Mon 14 Dec 2026.');
    const text = readFileSync(join(folder, path), "utf8");
    const gone = declared.split("\n").filter((line) => !text.split("\n").includes(line));
    expect(gone.map((line) => line.trim())).toEqual(["scopes: [api]"]);
    expect(text).toContain(
      "permissions: [{ user: true, allow: [read_personal_access_token, read_user] }, { project: security/inventory-builder, allow: [",
    );
    const again = await local("migrate", "inventory");
    expect([again.code, again.stderr]).toEqual([5, expect.stringContaining("its tokens are fine-grained already")]);
  });

  test("is a merge request that tells when", async () => {
    const done = await run(["migrate", "scanner"], "developer");
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).toMatch(/^Opened: merge request !1, "Give scanner fine-grained tokens"\nhttp/);
    const [request] = await requests();
    expect(request.source_branch).toBe("pat-rotation/sandbox/migrate/scanner");
  });
});
