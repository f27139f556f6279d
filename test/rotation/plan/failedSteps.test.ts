import { expect, test } from "vitest";
import { failedAccounts, failedSteps, failureLines } from "../../../rotation/plan/failedSteps";

const stack = "urn:pulumi:prod::pat-rotation::pat-rotation:index:Account$";
const step = (type: string, name: string, message: string) => ({ urn: `${stack}${type}::${name}`, message });

test("each account that failed is told in one line, with the step and what it said", () => {
  const steps = [
    step("runbook:index:PipelineProof", "scanner", "proving by its pipelines: it failed\nPut back: the token"),
    step("onepassword:index/itemField:ItemField", "inventory/Security/credential", "looking for the vault: none"),
  ];
  expect(failureLines(steps)).toEqual([
    "inventory: onepassword:ItemField failed: looking for the vault: none",
    "scanner: runbook:PipelineProof failed: proving by its pipelines: it failed",
  ]);
});

test("a list of faults gives its first one, and how many more there are", () => {
  const message = "checking account: 3 faults were found.\n- the group.\n- the scope.\n- the vault.";
  expect(failureLines([step("runbook:index:Account", "a", message)])).toEqual([
    "a: runbook:Account failed: checking account: 3 faults were found. the group. (and 2 more)",
  ]);
});

test("several failed steps of one account are one line", () => {
  const steps = ["security/b/KEY", "security/c/KEY"].map((place) =>
    step("gitlab:index/projectVariable:ProjectVariable", `a/${place}`, `setting ${place}`),
  );
  expect(failureLines(steps)).toEqual([
    "a: gitlab:ProjectVariable failed: setting security/b/KEY (and 1 more: gitlab:ProjectVariable)",
  ]);
});

test("the resources of a token, its end and its issue bear the account's name and the generation's", () => {
  const names = ["a-b-2026-11-23", "a-b-2026-11-23.2", "a-b-adopted"];
  const lines = names.map((name) => failureLines([step("runbook:index:PersonalAccessToken", name, "minting")]));
  expect(lines).toEqual(names.map(() => ["a-b: runbook:PersonalAccessToken failed: minting"]));
  expect(failureLines([step("runbook:index:Retirement", "a-b-2026-11-23.2/leaked", "revoking")])).toEqual([
    "a-b: runbook:Retirement failed: revoking",
  ]);
  expect(failureLines([step("runbook:index:Account", "a-2026-11-23", "x")])).toEqual([
    "a-2026-11-23: runbook:Account failed: x",
  ]);
});

test("a line that was cut short is passed over", () => {
  const whole = step("runbook:index:Account", "a", "x");
  expect(failedSteps(`${JSON.stringify(whole)}\n{"urn":"urn:pulu`)).toEqual([whole]);
  expect(failureLines([])).toEqual([]);
});

test("accounts that one limit stopped are one line, with the time; the others keep theirs", () => {
  const limit = "GitLab's limit of requests is used up until 2026-11-23 08:12 UTC";
  const stopped = Array.from({ length: 12 }, (_, at) =>
    step(
      "runbook:index:Account",
      `a${at + 10}`,
      `looking: GET /users: ${limit}; the next run does what is left. Nothing is lost.`,
    ),
  );
  const other = step("runbook:index:Account", "b", "checking: no such group");
  expect(failedAccounts(failureLines([...stopped, other])).split("\n")).toEqual([
    "13 accounts failed, which held up no other:",
    "  b: runbook:Account failed: checking: no such group",
    `  a10, a11, a12, a13, a14, a15, a16, a17, a18, a19 and 2 more: ${limit}; the next run does what is left`,
  ]);
});
