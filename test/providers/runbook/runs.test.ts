import { describe, expect, it } from "vitest";
import type { PipelineTarget } from "../../../providers/runbook/accountInputs";
import { type Run, unstarted, verdict } from "../../../providers/runbook/runs";

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

  it.each([
    ["manual", "it waits for a person"],
    ["skipped", "it was skipped"],
    ["canceled", 'its status is "canceled"'],
    ["failed", 'its status is "failed": job "build" is "failed"'],
    ["absent", "GitLab took the order, but made no pipeline"],
    ["deleted", "it is deleted"],
  ])("that is %s proves nothing", (status, told) => {
    expect(verdict(target, run(status, build("failed")))).toEqual({ failed: expect.stringContaining(told) });
  });
});
