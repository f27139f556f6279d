import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { GitlabCiLocal, installGitlabCiLocal, type Pipeline } from "./gitlabCiLocal";
import { evil, merged, mergeRequest, nightly, nightlyOfEu, noting, withEu } from "./kinds";
import { Repository } from "./repository";
import { read } from "./template";

vi.setConfig({ testTimeout: 300_000 });

const template = "templates/rotation/template.yml";
const files = { ".gitlab-ci.yml": read(".gitlab-ci.yml"), [template]: read(template) };
let repository: Repository;
let local: GitlabCiLocal;
beforeAll(() => {
  installGitlabCiLocal();
  repository = new Repository(files);
  local = new GitlabCiLocal(repository.clone);
}, 300_000);
afterAll(() => {
  local.remove();
  repository.remove();
});

const unprivileged = { "rotation-check": "on_success", "rotation-plan": "on_success", "rotation-test": "on_success" };
const changed = ({ predefined, variables, without }: Pipeline, more: Readonly<Record<string, string>>): Pipeline => ({
  predefined: { ...predefined, ...more },
  ...(variables === undefined ? {} : { variables }),
  ...(without === undefined ? {} : { without }),
});

test("a merge request, of a fork too, is checked, tested and planned, and nothing else", async () => {
  expect(await local.jobs(mergeRequest)).toEqual(unprivileged);
});

test("what a merge request calls itself makes no difference, and neither do the variables that its author may set", async () => {
  const claims = { CI_COMMIT_REF_PROTECTED: "true", PAT_ROTATION_LIVE: "true", CI_COMMIT_BRANCH: evil };
  expect(await local.jobs(changed(mergeRequest, claims))).toEqual(unprivileged);
});

test("the default branch is previewed, and updated when a person says so", async () => {
  const live = { "rotation-doctor": "on_success", "rotation-preview": "on_success", "rotation-up": "manual" };
  const all = { ...unprivileged, ...live };
  expect(await local.jobs(merged)).toEqual(all);
  expect(await local.jobs(changed(merged, { CI_PIPELINE_SOURCE: "web" }))).toEqual(all);
});

test("where the environment asks for approvals, no hand is needed beside them", async () => {
  repository.commit({
    ".gitlab-ci.yml": files[".gitlab-ci.yml"].replace(
      "stack: prod",
      "stack: prod\n      approval: protected-environment",
    ),
  });
  repository.refresh();
  expect(await local.jobs(merged)).toMatchObject({ "rotation-up": "on_success" });
  repository.commit(files);
  repository.refresh();
});

test("no job with a credential runs elsewhere: not in a fork, on another branch, a tag, or a branch that is not protected", async () => {
  // A fork has the files, and none of the project's variables.
  expect(await local.jobs({ predefined: merged.predefined })).toEqual(unprivileged);
  expect(await local.jobs(changed(merged, { CI_COMMIT_REF_PROTECTED: "false" }))).toEqual(unprivileged);
  expect(await local.jobs(changed(merged, { CI_COMMIT_BRANCH: "feature" }))).toEqual({});
  const { CI_COMMIT_BRANCH: _branch, ...tagged }: Record<string, string> = {
    ...merged.predefined,
    CI_COMMIT_TAG: "main",
  };
  expect(await local.jobs({ ...merged, predefined: tagged, without: ["CI_COMMIT_BRANCH"] })).toEqual({});
  for (const source of ["trigger", "api", "pipeline", "parent_pipeline", "chat", "external_pull_request_event"]) {
    expect(await local.jobs(changed(merged, { CI_PIPELINE_SOURCE: source })), source).toEqual({});
  }
});

test("a schedule runs what it is named after", async () => {
  expect(await local.jobs(nightly)).toEqual({ "rotation-nightly": "on_success", "rotation-health": "always" });
  expect(await local.jobs(noting)).toEqual({ "rotation-notes": "on_success" });
  expect(await local.jobs(changed(nightly, { CI_PIPELINE_SCHEDULE_DESCRIPTION: "Weekly report" }))).toEqual({});
  expect(await local.jobs(changed(nightly, { CI_COMMIT_BRANCH: "feature" }))).toEqual({});
  expect(await local.jobs(changed(nightly, { CI_COMMIT_REF_PROTECTED: "false" }))).toEqual({});
  expect(await local.jobs({ predefined: nightly.predefined })).toEqual({});
});

test("the page is published where it is asked for, by the nightly schedule alone", async () => {
  repository.commit({
    ".gitlab-ci.yml": files[".gitlab-ci.yml"].replace("stack: prod", "stack: prod\n      pages: true"),
  });
  repository.refresh();
  expect(await local.jobs(nightly)).toEqual({
    "rotation-nightly": "on_success",
    "rotation-health": "always",
    "rotation-pages": "always",
  });
  expect(await local.jobs(noting)).toEqual({ "rotation-notes": "on_success" });
  expect(await local.jobs(mergeRequest)).toEqual(unprivileged);
  repository.commit(files);
  repository.refresh();
});

test("a pipeline that is run by hand for a leaked token does that alone, and only on the protected default branch", async () => {
  const byHand = { CI_PIPELINE_SOURCE: "web" };
  const leak = { "compromised-token": "1201" };
  expect(await local.jobs(changed(merged, byHand), leak)).toEqual({ "rotation-emergency": "on_success" });
  expect(await local.jobs(changed(merged, { ...byHand, CI_COMMIT_REF_PROTECTED: "false" }), leak)).toEqual({});
  expect(await local.jobs(changed(merged, { ...byHand, CI_COMMIT_BRANCH: "feature" }), leak)).toEqual({});
  expect(await local.jobs(mergeRequest, leak)).toEqual({});
});

describe("two stacks in one project", () => {
  beforeAll(() => {
    repository.commit({ ".gitlab-ci.yml": withEu(files[".gitlab-ci.yml"]) });
    repository.refresh();
  });
  afterAll(() => {
    repository.commit(files);
    repository.refresh();
  });

  test("are checked, tested and planned once, and have jobs of their own, each with its own approval", async () => {
    expect(await local.jobs(mergeRequest)).toEqual(unprivileged);
    expect(await local.jobs(merged)).toEqual({
      ...unprivileged,
      "rotation-doctor": "on_success",
      "rotation-preview": "on_success",
      "rotation-up": "manual",
      "rotation-eu-doctor": "on_success",
      "rotation-eu-preview": "on_success",
      "rotation-eu-up": "on_success",
    });
  });

  test("rotate by schedules of their own, or by one; notes are written once", async () => {
    expect(await local.jobs(nightly)).toEqual({ "rotation-nightly": "on_success", "rotation-health": "always" });
    expect(await local.jobs(nightlyOfEu)).toEqual({
      "rotation-eu-nightly": "on_success",
      "rotation-eu-health": "always",
    });
    expect(await local.jobs(noting)).toEqual({ "rotation-notes": "on_success" });
  });

  test("a leaked token is looked for in the stack that was named, or in each", async () => {
    const byHand = changed(merged, { CI_PIPELINE_SOURCE: "web" });
    const leak = { "compromised-token": "1201" };
    const [own, other] = [{ "rotation-emergency": "on_success" }, { "rotation-eu-emergency": "on_success" }];
    expect(await local.jobs(byHand, leak)).toEqual({ ...own, ...other });
    expect(await local.jobs(byHand, { ...leak, "compromised-stack": "prod" })).toEqual(own);
    expect(await local.jobs(byHand, { ...leak, "compromised-stack": "eu" })).toEqual(other);
  });

  test("neither waits for the other, nor ends it, nor sees its credentials", async () => {
    const jobs = await local.whole(merged);
    const of = (name: string) => {
      const { resource_group, environment, needs, interruptible, script } = jobs[name] ?? {};
      return { resource_group, environment, needs, interruptible, script };
    };
    expect(of("rotation-up")).toMatchObject({
      resource_group: "rotation-prod",
      environment: { name: "rotation", action: "start" },
      interruptible: false,
    });
    expect(of("rotation-eu-up")).toMatchObject({
      resource_group: "rotation-eu",
      environment: { name: "rotation-eu", action: "start" },
      interruptible: false,
    });
    expect(JSON.stringify(of("rotation-up"))).not.toMatch(/\beu\b/);
    expect(JSON.stringify(of("rotation-eu-up"))).not.toMatch(/prod/);
    expect(JSON.stringify(of("rotation-eu-nightly").script)).toContain(
      "--environment rotation-eu --job rotation-eu-up",
    );
    const needed = (name: string) => (of(name).needs as { job: string }[]).map(({ job }) => job);
    expect(needed("rotation-up")).toEqual(["rotation-check", "rotation-test", "rotation-plan", "rotation-preview"]);
    expect(needed("rotation-eu-up")).toEqual([
      "rotation-check",
      "rotation-test",
      "rotation-plan",
      "rotation-eu-preview",
    ]);
    expect(needed("rotation-eu-health")).toEqual(["rotation-eu-nightly"]);
  });
});

test("the pipelines are what GitLab's published schema of CI/CD configuration describes", async () => {
  const broken: readonly [string, string][] = [
    ["access: $[[ inputs.report-access ]]", "access: everybody"],
    ["    action: start", "    action: deploy"],
    ["interruptible: false", "interruptible: sometimes"],
    ["resource_group:", "resource_groups:"],
  ];
  for (const [from, to] of broken) {
    const text = files[template];
    expect(text).toContain(from);
    repository.commit({ [template]: text.replace(from, to) });
    repository.refresh();
    await expect(local.jobs(merged), to).rejects.toThrow("Invalid .gitlab-ci.yml configuration");
  }
  repository.commit(files);
  repository.refresh();
  expect(Object.keys(await local.jobs(merged))).toHaveLength(6);
});
