import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { readStack, stacksOf } from "../../settings/stackFile";
import { folderTree } from "../../settings/tree";
import { declared, filled, included, inputs, type Job, jobs, projectFolder, read, written } from "./template";

const names = Object.keys(jobs);
/** Those that may see a credential: they have an environment, and nothing else gives one. */
const privileged = names.filter((name) => jobs[name]?.environment !== undefined);
const ofStack = ["doctor", "preview", "up", "nightly", "health", "pages", "emergency"].map(
  (name) => `rotation-${name}`,
);
const rules = ({ rules }: Job) =>
  (rules as { if: string; when?: string }[]).filter(({ when }) => when !== "never").map((rule) => rule.if);

test.skipIf(included === undefined)("the project's own pipelines hand on the id of a token that leaked", () => {
  expect(included?.inputs?.["compromised-token"]).toBe("$[[ inputs.compromised-token ]]");
});

test("three jobs see no credential, one that of the notes, the others that of the stack", () => {
  expect(names).toEqual(["rotation-check", "rotation-test", "rotation-plan", ...privileged]);
  expect(privileged).toEqual([...ofStack, "rotation-notes"]);
});

describe.each(privileged)("%s", (name) => {
  const job = jobs[name] ?? {};

  test("runs only on the default branch, while that is protected, in the project that was set up", () => {
    for (const rule of rules(job)) {
      expect(rule).toContain("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH");
      expect(rule).toContain('$CI_COMMIT_REF_PROTECTED == "true"');
      expect(rule).toContain('$PAT_ROTATION_LIVE == "true"');
      expect(rule).not.toContain("merge_request");
      expect(rule).not.toContain("||");
    }
  });

  test("is not cancelled by a newer pipeline, waits for its turn, and runs on a runner of its own", () => {
    expect([job.interruptible, job.tags]).toEqual([false, "$[[ inputs.runner-tags ]]"]);
    expect(job.resource_group).toBeTypeOf("string");
  });

  test("leaves no artifact, but for the health of accounts as a test report, and the page that it was asked for", () => {
    const report = { junit: "rotation-health/health.xml" };
    const artifacts = { when: "always", access: "$[[ inputs.report-access ]]", expire_in: "30 days", reports: report };
    const page = { paths: ["public/"], access: "$[[ inputs.report-access ]]", expire_in: "1 day" };
    expect(job.artifacts).toEqual(
      name === "rotation-health" ? artifacts : name === "rotation-pages" ? page : undefined,
    );
  });
});

test("the jobs of one stack never run at the same time; the notes wait for nobody", () => {
  expect(ofStack.map((name) => filled(jobs[name]?.resource_group))).toEqual(ofStack.map(() => "rotation-prod"));
  expect(filled(jobs["rotation-notes"]?.resource_group)).toBe("rotation-notes");
});

test("only an approved update deploys, and what reads merge requests has an environment, thus a credential, of its own", () => {
  const environments = privileged.map((name) => jobs[name]?.environment as { name: string; action: string });
  expect(environments.map((one) => `${filled(one.name)}: ${one.action}`)).toEqual(
    privileged.map((name) =>
      name === "rotation-notes" ? "rotation-notes: access" : `rotation: ${name === "rotation-up" ? "start" : "access"}`,
    ),
  );
});

test("nothing is cached, inherited or left from another job", () => {
  expect(read("templates/rotation/template.yml")).not.toMatch(/^\s*cache:/m);
  for (const job of Object.values(jobs)) {
    expect(job.inherit).toEqual({ default: false, variables: false });
    expect(job.dependencies).toEqual([]);
    expect((job.variables as Record<string, string>).GIT_STRATEGY).toBe("clone");
    expect(job.before_script).toEqual(["npm ci --ignore-scripts --no-audit --no-fund --loglevel=error"]);
  }
});

test("no script holds what the author of a merge request may choose, and every variable in one is quoted", () => {
  const lines = Object.values(written).flatMap((job) => [...(job.script ?? []), ...((job.before_script as []) ?? [])]);
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) {
    expect(line).not.toMatch(/CI_COMMIT|CI_MERGE_REQUEST|CI_EXTERNAL|GITLAB_USER|CI_BUILD/);
    for (const [, before] of line.matchAll(/(.)\$(?!\[\[)/g)) expect(before, line).toBe('"');
  }
});

test("what is written into a script is an input that can hold no shell", () => {
  const scripts = Object.values(jobs).flatMap((job) => job.script ?? []);
  const used = new Set(
    scripts.flatMap((line) => [...line.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name ?? "")),
  );
  expect([...used].sort()).toEqual(["compromised-token", "environment", "name", "stack"]);
  for (const name of used) {
    const regex = new RegExp(inputs[name]?.regex ?? "");
    for (const bad of ["a b", "a;b", "$(a)", "`a`", "a\nb", "--flag", "a'b", 'a"b']) {
      expect(regex.test(bad), `${name}: ${bad}`).toBe(false);
    }
  }
});

test("a pattern is one of RE2, without slashes, and fits its input's default, which says something", () => {
  const every = { ...inputs, "of the project": declared["compromised-token"] };
  for (const [name, input] of Object.entries(every)) {
    if (input?.regex === undefined) continue;
    expect(input.regex, name).toMatch(/^\^.+\$$/);
    expect(String(input.default), name).toMatch(new RegExp(input.regex));
    expect(input.default, name).not.toBe("");
  }
});

test("the plan's report is not for everybody, also when the settings cannot be used, and ends", () => {
  expect(jobs["rotation-plan"]?.artifacts).toEqual({
    when: "always",
    paths: ["rotation-plan/"],
    access: "$[[ inputs.report-access ]]",
    expose_as: "Rotation plan",
    expire_in: "30 days",
    reports: { junit: "rotation-plan/plan.xml" },
  });
  expect(inputs["report-access"]).toMatchObject({ default: "developer", options: ["developer", "maintainer", "none"] });
});

test("nothing is published unless it is asked for, and then what the job writes, whatever that tells", () => {
  expect([inputs.pages?.default, jobs["rotation-pages"]?.pages]).toEqual([false, { publish: "public" }]);
  for (const rule of rules(jobs["rotation-pages"] ?? {}))
    expect(rule).toMatch(/ && "\$\[\[ inputs\.pages \]\]" == "true"$/);
  expect(jobs["rotation-pages"]?.script?.at(-1)).toBe(
    "npm run status -- --output public/index.html || test -s public/index.html",
  );
});

test("what hangs on the stack has the stack's own name: only what is the project's is named alike for all", () => {
  const own = Object.keys(parseAllDocuments(read("templates/rotation/template.yml"))[1]?.toJS() as object).filter(
    (name) => name.startsWith("$[[ inputs.name ]]-") || name.startsWith(".$[[ inputs.name ]]-"),
  );
  expect(own.map(filled).sort()).toEqual([".rotation-privileged", ...ofStack].sort());
  const ofProject = Object.entries(written).filter(([name]) => !own.map(filled).includes(name));
  const ofStacks =
    /inputs\.(name|stack|environment|approval|nightly-schedule|timeout|pulumi-image|compromised-stack)\b/;
  expect(ofProject.filter(([, job]) => ofStacks.test(JSON.stringify(job))).map(([name]) => name)).toEqual([]);
  for (const [name, { needs = [] }] of Object.entries(jobs))
    for (const one of needs as string[]) expect(names, `${name} needs ${one}`).toContain(filled(one));
});

test("an update starts by a person's hand, or by the approvals of the environment", () => {
  const up: Job = jobs["rotation-up"] ?? {};
  const [, manual, environment] = up.rules as Record<string, unknown>[];
  expect([manual?.when, manual?.allow_failure, environment?.when]).toEqual(["manual", false, undefined]);
  expect(rules(up).map((rule) => rule.split(" && ").at(-1))).toEqual([
    '"$[[ inputs.approval ]]" == "manual-job"',
    '"$[[ inputs.approval ]]" == "protected-environment"',
  ]);
});

test("every run of the declaration says first what emergencies did", () => {
  for (const [name, { script = [] }] of Object.entries(jobs)) {
    const run = script.findIndex((line) => /^npm run (up|preview|health|doctor)\b/.test(line));
    const carry = script.findIndex((line) => line.includes("--carry-over"));
    expect(run === -1 ? carry : run - carry, name).toBe(run === -1 ? -1 : 1);
  }
});

test("the watchdog is told last, when all else has passed", () => {
  const script = jobs["rotation-nightly"]?.script ?? [];
  expect(script.at(-1)).toBe("npm run heartbeat");
  expect(JSON.stringify(written).match(/heartbeat/g)).toHaveLength(1);
  expect(jobs["rotation-nightly"]?.after_script).toBeUndefined();
});

// Of what the user declares this is all that a test looks at; whether it can be used at all, rotation-plan tells.
describe.each(stacksOf(folderTree(projectFolder)))("stack %s", (stack) => {
  test("is over before the timeout of its jobs, however long its pipelines may take", () => {
    const accounts = readStack(folderTree(projectFolder), stack)?.settings?.accounts ?? [];
    const waits = accounts.flatMap(({ proof = [] }) => proof.map(({ waitMinutes }) => waitMinutes ?? 30));
    // Once for GitLab to take the pipeline, once for the pipeline; accounts wait side by side.
    const longest = 2 * Math.max(0, ...waits) + 30;
    const asked = String(included?.inputs?.timeout ?? inputs.timeout?.default);
    const [, hours = 0, minutes = 0] = /^(?:(\d+) hours?)? ?(?:(\d+) minutes?)?$/.exec(asked) ?? [];
    const says = `.gitlab-ci.yml: raise the input "timeout", "${asked}", above ${longest} minutes, as "3 hours 30 minutes"`;
    expect(Number(hours) * 60 + Number(minutes), says).toBeGreaterThan(longest);
  });
});
