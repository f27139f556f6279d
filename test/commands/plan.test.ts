import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Outcome } from "../../commands/command";
import { plan } from "../../commands/plan";
import type { StackPlan } from "../../rotation/plan/plan";
import { accountYaml, soundYaml as stack, stackYaml } from "../settings/trees";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function project(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "plan-"));
  folders.push(root);
  put(root, files);
  return root;
}

function put(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function committed(files: Readonly<Record<string, string>>): string {
  const root = project(files);
  execFileSync("git", ["init", "-q", "-b", "main"], { cwd: root });
  commit(root);
  return root;
}

function commit(root: string): void {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  execFileSync("git", ["add", "-A"], { cwd: root });
  execFileSync("git", [...who, "commit", "-q", "-m", "A step"], { cwd: root });
}

function run(folder: string, ...args: readonly string[]): Outcome {
  return plan(args, { folder, environment: {}, today: "2026-12-01" });
}

const first = ({ stdout }: Outcome) => stdout.split("\n")[1];

test("an edit in the working tree is compared with where the branch left the default branch", () => {
  const root = committed({ "Pulumi.prod.yaml": stack });
  put(root, {
    "Pulumi.prod.yaml": stack.replace('"2026-11-23" }', '"2026-11-23", extraDates: [{ date: 2026-12-14 }] }'),
  });
  const outcome = run(root);
  expect([outcome.code, first(outcome)]).toEqual([0, "Merging rotates nothing today. Next: inventory, Mon 14 Dec."]);
  expect(outcome.stdout).toMatch(/^prod \(2026-12-01, the working tree against commit [0-9a-f]{8}\)\n/);
});

test("any two commits are compared", () => {
  const root = committed({ "Pulumi.prod.yaml": stack });
  put(root, { "Pulumi.prod.yaml": stack.replace("[read_api]", "[read_user]") });
  commit(root);
  put(root, { "Pulumi.prod.yaml": "no settings at all" });
  const outcome = run(root, "--against", "HEAD~1", "--to", "HEAD");
  expect(outcome.code).toBe(0);
  expect(outcome.stdout).toContain('token.scopes: "read_user" instead of "read_api"');
});

test("nothing to compare with is a note, not a failure", () => {
  const outcome = run(project({ "Pulumi.prod.yaml": stack }));
  expect([outcome.code, first(outcome)]).toEqual([0, "Nothing rotates today. Next: inventory, Mon 25 Oct 2027."]);
  expect(outcome.stdout).toContain(
    "Nothing was compared: where this branch left the default branch is not known here.",
  );
});

test("a base that could not be used is a note", () => {
  const root = committed({ "Pulumi.prod.yaml": "config: [" });
  put(root, { "Pulumi.prod.yaml": stack });
  const outcome = run(root);
  expect(outcome.code).toBe(0);
  expect(outcome.stdout).toMatch(/prod was not compared: its settings in commit [0-9a-f]{8} cannot be used\./);
});

test("settings that cannot be used end in 3, in every format, and say what and where", () => {
  const root = project({
    "Pulumi.prod.yaml": stack.replace("2026-11-23", "2026-02-30"),
    "Pulumi.eu.yaml": "config: [",
  });
  for (const format of ["text", "markdown", "html"]) {
    const { code, stdout, stderr } = run(root, "--format", format);
    expect([code, stderr]).toEqual([3, ""]);
    expect(stdout).toContain("Pulumi.prod.yaml:7");
    expect(stdout).toContain("2026-02-30");
    expect(stdout).toContain("Pulumi.eu.yaml:1");
    expect(stdout).not.toMatch(/\.ts:\d+/);
  }
  const { stacks } = JSON.parse(run(root, "--format", "json").stdout);
  expect(stacks.map((one: StackPlan) => one.faults.map(({ file, line }) => [file, line]))).toEqual([
    [["Pulumi.eu.yaml", 1]],
    [["Pulumi.prod.yaml", 7]],
  ]);
  expect(run(root, "--format", "ics").code).toBe(3);
});

test("where a run would go on without the accounts at fault, that is said", () => {
  const account = (name: string, more: string) => ({ [`accounts/${name}.yaml`]: accountYaml(name, more) });
  const files = {
    "Pulumi.prod.yaml": `${stack}  pat-rotation:accountFiles: [accounts/*.yaml]\n`,
    ...account("scanner", "holdAt: 2027-01-01"),
  };
  const said = (all: typeof files) => JSON.parse(run(project(all), "--format", "json").stdout).stacks[0].summary;
  expect(said(files)).toBe(
    "The settings cannot be used: a fault. Until then a run fails the accounts at fault; the other one goes on.",
  );
  expect(said({ ...files, ...{ "accounts/half.yaml": "name: [" } })).toBe(
    "The settings cannot be used: 2 faults. Until then no run does anything.",
  );
});

test("a violated policy ends in 4, an edit of history in 5", () => {
  const bare = committed({ "Pulumi.prod.yaml": stackYaml() });
  expect(run(bare).code).toBe(4);
  const root = committed({ "Pulumi.prod.yaml": stack });
  put(root, { "Pulumi.prod.yaml": stack.replace("2026-11-23", "2026-11-16") });
  expect(run(root).code).toBe(5);
});

test("a time without a living token ends in 8: before a violated policy, behind an edit of history", () => {
  const adopting = (expiresAt: string) =>
    stack.replace("      rotation:", `      adopt: { tokenId: 7, expiresAt: "${expiresAt}" }\n      rotation:`);
  const late = adopting("2026-12-10").replace('"2026-11-23"', '"2026-12-21"');
  const outcome = run(project({ "Pulumi.prod.yaml": late }));
  expect([outcome.code, first(outcome)]).toEqual([
    8,
    "NO LIVING TOKEN of inventory from Thu 10 Dec until Mon 21 Dec. Nothing rotates today. Next:",
  ]);
  expect(outcome.stdout).toContain("Have a rotation on Wed 9 Dec 2026 or before");
  const wide = late.replace("read_api", "api");
  expect(run(project({ "Pulumi.prod.yaml": wide })).code).toBe(8);
  expect(
    run(project({ "Pulumi.prod.yaml": adopting("2026-12-22").replace('"2026-11-23"', '"2026-12-21"') })).code,
  ).toBe(0);
  // Dead already, and replaced by the run of this day: no plan can do better.
  expect(
    run(project({ "Pulumi.prod.yaml": adopting("2026-11-20").replace('"2026-11-23"', '"2026-12-01"') })).code,
  ).toBe(0);
});

test("a misspelt scope is a fault that names the one that was meant; one that is nothing like a known one may be new", () => {
  const outcome = run(project({ "Pulumi.prod.yaml": stack.replace("read_api", "read_apy") }));
  expect(outcome.code).toBe(3);
  expect(outcome.stdout).toContain(
    'found "read_apy", which is no scope that is known. Write "read_api", if that is what you',
  );
  expect(run(project({ "Pulumi.prod.yaml": stack.replace("read_api", "mcp") })).code).toBe(0);
});

test("a plan that looked at no stack is red", () => {
  const odd = run(project({ "Pulumi.prod eu.yaml": stack, "Pulumi.sandbox.yaml": stack }));
  expect(odd.code).toBe(3);
  expect(odd.stdout).toContain("found nothing that was looked at");
  expect(run(project({ "Pulumi.sandbox.yaml": stack })).code).toBe(2);
  const linked = project({ "elsewhere.yaml": stack });
  symlinkSync("elsewhere.yaml", join(linked, "Pulumi.prod.yaml"));
  expect(run(linked).stdout).toContain("found a symbolic link");
  const gone = committed({ "Pulumi.prod.yaml": "config: [" });
  rmSync(join(gone, "Pulumi.prod.yaml"));
  expect(run(gone, "--against", "main").code).toBe(3);
});

test("an exception in the stack's file lets a plan end well", () => {
  const policies = `  pat-rotation:policies: { exceptions: [{ account: inventory, policy: vault-for-every-token, reason: moves, until: "2027-01-01" }] }`;
  expect(run(project({ "Pulumi.prod.yaml": stackYaml(policies) })).code).toBe(0);
});

test("accounts of their own files are planned, and compared as the commit holds them", () => {
  const files = {
    "Pulumi.prod.yaml": `${stack}  pat-rotation:accountFiles: [accounts/*.yaml]\n`,
    "accounts/scanner.yaml": accountYaml("scanner", "onePassword: [{ vault: Security, item: Scanner }]"),
  };
  const root = committed(files);
  put(root, { "accounts/other.yaml": accountYaml("other", "onePassword: [{ vault: Security, item: Other }]") });
  const outcome = run(root);
  expect(outcome.stdout).toContain("Merging mints a new token of other (due since Mon 23 Nov).");
  expect(outcome.stdout.match(/: (?:added|removed|renamed|changed)$/gm)).toEqual([": added"]);
});

test("all stacks but the sandbox are planned, and those that are named", () => {
  const root = project({ "Pulumi.prod.yaml": stack, "Pulumi.eu.yaml": stack, "Pulumi.sandbox.yaml": stack });
  const stacks = (...args: readonly string[]) =>
    JSON.parse(run(root, "--format", "json", ...args).stdout).stacks.map((one: { stack: string }) => one.stack);
  expect(stacks()).toEqual(["eu", "prod"]);
  expect(stacks("--stack", "sandbox", "-s", "prod")).toEqual(["sandbox", "prod"]);
});

test("any day can be planned for", () => {
  const root = project({ "Pulumi.prod.yaml": stack });
  expect(first(run(root, "--as-of", "2027-10-25"))).toBe("Due today: inventory. Next: inventory, Mon 25 Sep 2028.");
  const environment = { PAT_ROTATION_AS_OF: "2027-10-25T09:00:00Z" };
  expect(first(plan([], { folder: root, environment, today: "2026-12-01" }))).toBe(
    "Due today: inventory. Next: inventory, Mon 25 Sep 2028.",
  );
});

test("files are written by their extension, and the plan is printed beside them", () => {
  const root = project({ "Pulumi.prod.yaml": stack });
  const names = ["plan.md", "plan.json", "plan.ics", "deep/plan.html"];
  const outcome = run(root, ...names.flatMap((name) => ["--output", name]));
  expect([outcome.code, outcome.stderr]).toEqual([0, names.map((name) => `Wrote ${name}.\n`).join("")]);
  expect(first(outcome)).toBe("Nothing rotates today. Next: inventory, Mon 25 Oct 2027.");
  const begins = names.map((name) => readFileSync(join(root, name), "utf8").slice(0, 14).trim());
  expect(begins).toEqual(["<!-- pat-rotat", expect.stringMatching(/^{/), "BEGIN:VCALENDA", "<!doctype html"]);
});

test("why explains a day, and says what it needs when it cannot", () => {
  const root = project({ "Pulumi.prod.yaml": stack, "Pulumi.broken.yaml": "config: [" });
  expect(run(root, "why", "inventory", "2027-10-25")).toEqual({
    code: 0,
    stderr: "",
    stdout:
      "prod, inventory, 2027-10-25:\n  Generation 2027-10-25 opens.\n  Due on Mon 25 Oct 2027: 336 days after Mon 23 Nov 2026.\n",
  });
  expect(run(root, "why", "nobody").code).toBe(3);
  expect(run(root, "why", "nobody", "-s", "prod").stderr).toContain(
    'Looking for account "nobody" in stack prod: not declared; there is inventory.',
  );
  expect(run(root, "why").code).toBe(2);
});

test("a command line that cannot be understood ends in 2, and says what to write", () => {
  const root = project({ "Pulumi.prod.yaml": stack });
  const wrong = [
    ["--stack", "gone"],
    ["--stack", "../x"],
    ["--as-of", "tomorrow"],
    ["--as-of", "2026-12-14T23:30:00-05:00"],
    ["--as-of", "2026-12-14T25:00Z"],
    ["--days", "0"],
    ["--format", "pdf"],
    ["--format", "constructor"],
    ["--output", "plan.pdf"],
    ["--against", "--help"],
    ["--against=--output=x"],
    ["--colour"],
    ["explain"],
  ];
  expect(wrong.map((args) => run(root, ...args).code)).toEqual(wrong.map(() => 2));
  expect(run(root, "--stack", "gone").stderr).toBe(
    'Looking for stack "gone": the working tree has no Pulumi.gone.yaml; there is prod.\nnpm run plan -- --help tells how it is used.\n',
  );
  expect(run(project({})).code).toBe(2);
});

test("the command runs by itself, in colour only where that is wanted, and loads no engine and no date library", () => {
  const root = project({ "Pulumi.prod.yaml": stack });
  const script = resolve(__dirname, "../../commands/pat-rotation.cjs");
  const spy = join(root, "spy.cjs");
  writeFileSync(
    spy,
    'process.on("exit", () => { const m = Object.keys(require.cache).filter((f) => /@pulumi|temporal-polyfill|grpc/.test(f)); if (m.length) console.error("LOADED " + m[0]); });',
  );
  const start = (environment: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, ["--require", spy, script, "plan", "-C", root, "--as-of", "2026-12-01"], {
      cwd: resolve(__dirname, "../.."),
      encoding: "utf8",
      env: { PATH: process.env.PATH, ...environment },
    });
  const plainRun = start({});
  expect([plainRun.status, plainRun.stderr]).toEqual([0, ""]);
  expect(plainRun.stdout).toContain("Next: inventory, Mon 25 Oct 2027.");
  const escapes = (text: string) => text.includes(String.fromCharCode(27));
  expect(
    [plainRun, start({ FORCE_COLOR: "1" }), start({ FORCE_COLOR: "1", NO_COLOR: "1" })].map(({ stdout }) =>
      escapes(stdout),
    ),
  ).toEqual([false, true, false]);
});

test("a credential that was pasted into a declaration, or beside it, fails the plan, which does not show it", () => {
  const pasted = ["glpat", "a1".repeat(10)].join("-");
  const edits: readonly (readonly [string, string])[] = [
    ["pat-rotation:accounts[0].token.description", stack.replace("scopes:", `description: "use ${pasted}", scopes:`)],
    ["line 1", `# ${pasted}\n${stack}`],
    ["line 2", stack.replace("config:\n", `config:\n  gitlab:token: ${pasted}\n`)],
  ];
  for (const [path, text] of edits) {
    const { code, stdout, stderr } = run(project({ "Pulumi.prod.yaml": text }));
    expect([path, code]).toEqual([path, 3]);
    expect(`${stdout}${stderr}`.replace(/\s+/g, " ")).toContain(
      `${path} found what looks like a credential, not shown here.`,
    );
    expect(`${stdout}${stderr}`).not.toContain(pasted);
  }
});
