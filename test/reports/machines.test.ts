import { describe, expect, test } from "vitest";
import { junit } from "../../reports/junit";
import { openMetrics } from "../../reports/openmetrics";
import { full } from "./plans";
import { machineReports, pasted, readings } from "./readings";

const stack = 'stack="prod \\"x\\"\\\\ ]]>"';
const lines = openMetrics(readings).split("\n");
const samples = (name: string) =>
  lines.flatMap((line) => (line.startsWith(`pat_rotation_${name}`) ? [line.slice(13)] : []));

describe("OpenMetrics", () => {
  test("when the token in use dies is what GitLab says, else what the state does", () => {
    expect(samples("token_expiry")).toEqual([
      `token_expiry_timestamp_seconds{${stack},account="inventory",generation="2026-12-14"} ${Date.UTC(2027, 11, 14) / 1000}`,
      `token_expiry_timestamp_seconds{${stack},account="scanner",generation="2026-11-30"} ${Date.UTC(2027, 10, 30) / 1000}`,
      `token_expiry_timestamp_seconds{${stack},account="gone",generation="adopted"} ${Date.UTC(2026, 11, 20) / 1000}`,
    ]);
    expect(samples("token_alive").map((line) => line.slice(-1))).toEqual(["1", "0"]);
  });

  test("late, failed and held are told of every account, also where nothing is", () => {
    expect(samples("rotation_late").map((line) => line.slice(-1))).toEqual(["0", "1", "0"]);
    expect(samples("rotation_failed").map((line) => line.slice(-1))).toEqual(["0", "1", "0"]);
    expect(samples("tokens_held").map((line) => line.slice(-1))).toEqual(["1", "0", "0"]);
    expect(samples("account_looked_at").map((line) => line.slice(-1))).toEqual(["1", "1", "0"]);
    expect(samples("stack_looked_at")).toEqual([`stack_looked_at{${stack}} 0`, 'stack_looked_at{stack="empty"} 1']);
  });

  test("the last proof is told with its time, one that failed with its attempts", () => {
    expect(samples("last_proof")).toEqual([
      `last_proof_timestamp_seconds{${stack},account="inventory",generation="2026-12-14"} ${Date.UTC(2026, 11, 14, 6, 30, 30) / 1000}`,
    ]);
    expect(samples("proof_failed_attempts").map((line) => line.slice(-1))).toEqual(["0", "2"]);
  });

  test("a credential that never dies is infinite, one that nothing is known of is absent", () => {
    const of = (credential: object) =>
      openMetrics({ ...readings, credential })
        .split("\n")
        .filter((line) => line.startsWith("pat_rotation_credential"));
    expect(of({ tokenId: 7 })).toEqual([
      'pat_rotation_credential_expiry_timestamp_seconds{variable="GITLAB_TOKEN"} +Inf',
    ]);
    expect(of({ fault: "401" })).toEqual([]);
  });

  test("an account that came to its end is no token in use", () => {
    const [one] = readings.stacks;
    if (one === undefined) throw new Error("There is none");
    const ended = one.health.accounts.map((account) => ({ ...account, tokens: [] }));
    const text = openMetrics({ ...readings, stacks: [{ ...one, health: { ...one.health, accounts: ended } }] });
    expect(text).not.toMatch(/token_expiry_timestamp_seconds\{.*"inventory"/);
  });
});

describe("JUnit", () => {
  test("an account fails by what is late or at risk, and is in error where it could not be looked at", () => {
    expect(machineReports["health.xml"]).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="pat-rotation health" tests="4" failures="1" errors="3">
  <testsuite name="pat-rotation prod &quot;x&quot;\\ ]]&gt;" tests="4" failures="1" errors="3">
    <testcase classname="pat-rotation prod &quot;x&quot;\\ ]]&gt;" name="inventory">
      <failure message="a place &lt;holds&gt; &amp; &quot;shows&quot; [what looks like a token] ." type="failure">a place &lt;holds&gt; &amp; &quot;shows&quot; [what looks like a token] .</failure>
      <system-out>generation 2026-12-14 differs.
generation 2026-11-23 (token 1203): alive, dies on Tue 23 Nov 2027
generation 2026-12-14 (token 1205): alive, dies on Tue 14 Dec 2027</system-out>
    </testcase>
    <testcase classname="pat-rotation prod &quot;x&quot;\\ ]]&gt;" name="scanner">
      <error message="variable K of a/b was not checked: GitLab answered 403." type="error">variable K of a/b was not checked: GitLab answered 403.
no declared token lives.</error>
      <system-out>generation 2026-11-30: missing, dies on Tue 30 Nov 2027</system-out>
    </testcase>
    <testcase classname="pat-rotation prod &quot;x&quot;\\ ]]&gt;" name="gone">
      <error message="gone: looking for the account failed." type="error">gone: looking for the account failed.</error>
    </testcase>
    <testcase classname="pat-rotation prod &quot;x&quot;\\ ]]&gt;" name="(the stack itself)">
      <error message="Something of the stack." type="error">Something of the stack.</error>
      <system-out>an emergency revoked token 3</system-out>
    </testcase>
  </testsuite>
  <testsuite name="pat-rotation empty" tests="0" failures="0" errors="0">
  </testsuite>
</testsuites>
`);
  });

  test("a plan fails of faults, and for each account of what it objects to", () => {
    const failing = (text = "") =>
      [...text.matchAll(/name="([^"]*)">\n\s*<failure message="([^"]{0,30})/g)].map(([, ...one]) => one);
    expect(failing(machineReports["a plan that cannot be used.xml"])).toEqual([
      ["(settings)", "Pulumi.prod.yaml:3: pat-rotati"],
    ]);
    const { rewrites, gaps, findings } = full.stacks[0] ?? { rewrites: [], gaps: [], findings: [] };
    const bad = [...rewrites, ...gaps, ...findings.filter(({ severity }) => severity === "error")];
    const names = failing(machineReports["a whole plan.xml"]).map(([name]) => name);
    expect(names.sort()).toEqual([...new Set(bad.map(({ account }) => account))].sort());
    expect(names.length).toBeGreaterThan(0);
  });

  test("what XML cannot hold is replaced", () => {
    expect(junit("a\uFFFE\uD800b", [])).toContain('name="a\uFFFD\uFFFDb"');
  });
});

test("no token is in what machines read", () => {
  for (const [name, text] of Object.entries(machineReports)) expect(text.includes(pasted), name).toBe(false);
});
