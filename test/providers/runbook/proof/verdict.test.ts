import { describe, expect, it } from "vitest";
import type { PipelineTarget, Run } from "../../../../contract/types/pipelines";
import { unstarted } from "../../../../providers/runbook/pipelines/runs";
import { verdict } from "../../../../providers/runbook/proof/verdict";

const target: PipelineTarget = { project: "security/inventory-builder", ref: "main", jobs: ["build"] };

function run(status: string, ...jobs: Run["jobs"]): Run {
  return { ...unstarted(target, "https://gitlab.example.com"), pipelineId: 7, status, jobs };
}

const build = (status: string) => ({ name: "build", status, url: "https://gitlab.example.com/j/1" });

describe("a run", () => {
  it.each(["created", "pending", "running", "canceling", "scheduled", "waiting", "waiting_for_resource"])(
    "that is %s goes on",
    (status) => expect(verdict(target, run(status))).toEqual({ running: true }),
  );

  it("proves the token when it and the named jobs are green", () => {
    expect(verdict(target, run("success", build("success")))).toEqual({ passed: true });
    expect(verdict({ ...target, jobs: [] }, run("success"))).toEqual({ passed: true });
  });

  it("proves nothing when a named job that may fail has failed", () => {
    expect(verdict(target, run("success", { ...build("failed"), failureReason: "script_failure" }))).toEqual({
      failed: 'it passed, but job "build" is "failed" (script_failure), see https://gitlab.example.com/j/1',
    });
  });

  it("proves nothing when it has no job of that name", () => {
    expect(verdict(target, run("success"))).toEqual({ failed: 'it passed, but has no job "build"' });
  });

  it("that failed is evidence against the token", () => {
    expect(verdict(target, run("failed", build("failed")))).toEqual({
      failed: 'its status is "failed": job "build" is "failed", see https://gitlab.example.com/j/1',
    });
    expect(verdict(target, run("canceled", build("failed")))).toMatchObject({
      failed: expect.stringContaining('job "build" is "failed"'),
    });
  });

  it.each([
    ["manual", "it waits for a person to start a manual job", false],
    ["skipped", "it was skipped", true],
    ["canceled", "it was canceled", true],
    ["absent", "GitLab took the order, but made no pipeline", false],
    ["deleted", "it is deleted", true],
  ])("that is %s says nothing", (status, told, isOver) => {
    expect(verdict(target, run(status))).toEqual({ undecided: expect.stringContaining(told), isOver });
  });

  it.each(["manual", "scheduled", "running", "canceled", "waiting_for_resource"])(
    "that is %s proves the token when the named jobs are green",
    (status) => expect(verdict(target, run(status, build("success")))).toEqual({ passed: true }),
  );

  it("that has a failed job beside the named ones proves nothing, whatever these did", () => {
    const other = { name: "publish", status: "failed", url: "https://gitlab.example.com/j/2" };
    expect(verdict(target, run("failed", build("success"), other))).toMatchObject({
      failed: expect.stringContaining('job "publish" is "failed"'),
    });
    expect(verdict(target, run("running", build("success"), other))).toEqual({ running: true });
  });

  it.each([
    ["manual", false],
    ["skipped", true],
    ["canceled", true],
  ])("that is green, with a named job that is %s, says nothing", (status, isOver) => {
    expect(verdict(target, run("success", build(status)))).toEqual({
      undecided: expect.stringContaining(`it passed, but job "build" is "${status}"`),
      isOver,
    });
  });
});
