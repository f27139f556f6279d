import { describe, expect, it } from "vitest";
import type { WorldTrigger } from "../../../../workshop/sandbox/world";
import { benches, inventory } from "../bench";
import { placed, prove } from "../proof/proofs";

const { project } = inventory;
const ref = { project, ref: "main", waitMinutes: 1 };

/** Gives the project a job that starts another pipeline. */
function trigger(sandbox: ReturnType<ReturnType<typeof benches>>["sandbox"], what: WorldTrigger, allowFailure = false) {
  const jobs = sandbox.gitlab.state.projects.get(project)?.jobs;
  jobs?.push({ name: "start-others", stage: "deploy", trigger: what, allowFailure });
}

describe("pipelines that a pipeline starts", () => {
  const bench = benches();

  it("are followed to their end, although the job that starts them is green at once", async () => {
    const { sandbox } = bench();
    trigger(sandbox, { jobs: [{ name: "publish-site", stage: "test", milliseconds: 900 }] });
    const { outputs } = await prove(await placed(bench(), [{ ...ref, jobs: ["publish-site"] }]), bench());
    expect(outputs).toMatchObject({
      status: "passed",
      runs: [
        {
          jobs: [{ name: "publish-site", status: "success" }],
          downstream: [{ job: "start-others", status: "success", allowFailure: false }],
        },
      ],
    });
  });

  it("prove nothing when they fail", async () => {
    const { sandbox } = bench();
    trigger(sandbox, { project: "security/scanner" });
    sandbox.gitlab.armJob("security/scanner", "scan", { does: "fail" });
    const { outputs, told } = await prove(await placed(bench(), [ref]), bench());
    expect(outputs.status).toBe("failed");
    expect(told).toMatch(
      /it passed, but the pipeline that its job "start-others" started is "failed", see \S*security\/scanner\/-\/pipelines\/\d+/,
    );
  });

  it("may fail where the job that starts them may", async () => {
    const { sandbox } = bench();
    trigger(sandbox, { project: "security/scanner" }, true);
    sandbox.gitlab.armJob("security/scanner", "scan", { does: "fail" });
    expect((await prove(await placed(bench(), [ref]), bench())).outputs.status).toBe("passed");
  });

  it("are named when the job that waits for them fails with them", async () => {
    const { sandbox } = bench();
    trigger(sandbox, { project: "security/scanner", waits: true });
    sandbox.gitlab.armJob("security/scanner", "scan", { does: "fail" });
    const { told } = await prove(await placed(bench(), [ref]), bench());
    expect(told).toContain('job "start-others" is "failed" (downstream_pipeline_failed)');
    expect(told).toContain("/security/scanner/-/pipelines/");
  });
});

describe("GitLab versions that know trigger jobs only", () => {
  const bench = benches({ limits: { triggerJobs: "only" } });

  it("are asked by the other route, once that is found out", async () => {
    trigger(bench().sandbox, { project: "security/scanner" });
    const inputs = await placed(bench(), [ref]);
    expect((await prove(inputs, bench())).outputs.runs[0]?.downstream).toHaveLength(1);
    const seen = bench().requests();
    expect(seen.filter((request) => /\/bridges/.test(request))).toEqual([expect.stringMatching(/ 404$/)]);
    expect(seen.some((request) => /\/trigger_jobs 200$/.test(request))).toBe(true);
  });
});
