import { afterEach, describe, expect, it, vi } from "vitest";
import { createPipeline } from "../../../../clients/gitlab/pipelines/pipelines";
import { servers } from "../../../../clients/servers";
import { Orders } from "../../../../providers/runbook/pipelines/creation";
import { benches, inventory } from "../bench";
import { placed, prove } from "../proof/proofs";

/** What a wait of a minute or so is to do instead of lasting. */
let onLongWait: (milliseconds: number) => void = () => {};

vi.mock("node:timers/promises", async (original) => {
  const timers = await original<typeof import("node:timers/promises")>();
  const setTimeout: typeof timers.setTimeout = (milliseconds = 0, ...rest) => {
    if (milliseconds < 20_000) return timers.setTimeout(milliseconds, ...rest);
    onLongWait(milliseconds);
    return timers.setTimeout(1, ...rest);
  };
  return { ...timers, setTimeout };
});

const { project } = inventory;

describe("orders of pipelines", () => {
  it("of one project are at most twenty a minute; those of others do not count", () => {
    const orders = new Orders();
    for (let order = 0; order < 20; order++) expect(orders.claim("security/app", order * 1000)).toBe(0);
    expect(orders.claim("security/app", 20_000)).toBe(40_000);
    expect(orders.claim("security/other", 20_000)).toBe(0);
    expect(orders.claim("security/app", 60_000)).toBe(0);
    expect(orders.claim("security/app", 60_500)).toBe(500);
  });
});

describe("a GitLab that makes no more pipelines in this minute", () => {
  const bench = benches({ limits: { pipelinesPerMinute: 2 } });
  const full = async () => {
    const gitlab = servers(bench().context).gitlab();
    await createPipeline(gitlab, project, "main");
    await createPipeline(gitlab, project, "main");
  };
  const ordered = () =>
    bench()
      .requests()
      .filter((request) => request.startsWith(`POST /projects/${project}/pipeline `));

  afterEach(() => {
    onLongWait = () => {};
  });

  it("is asked again when the minute is over", async () => {
    const inputs = await placed(bench(), [{ project, ref: "main", waitMinutes: 5 }]);
    await full();
    bench().requests();
    onLongWait = (milliseconds) => bench().sandbox.clock.advance({ seconds: milliseconds / 1000 });
    expect((await prove(inputs, bench())).outputs).toMatchObject({ status: "passed", attempts: 1 });
    expect(ordered().map((request) => request.slice(-3))).toEqual(["400", "201"]);
  });

  it("leaves the start to the next run when the time is up: that is no failure", async () => {
    const inputs = await placed(bench(), [{ project, ref: "main", waitMinutes: 1 }]);
    await full();
    bench().requests();
    const first = await prove(inputs, bench());
    expect(first.outputs).toMatchObject({ status: "running", attempts: 0, runs: [{ status: "unstarted" }] });
    expect(ordered()).toHaveLength(1);
    bench().sandbox.clock.advance({ minutes: 2 });
    const next = await prove(inputs, bench(), first.outputs);
    expect(next.outputs).toMatchObject({ status: "passed", attempts: 1 });
    expect(ordered()).toHaveLength(1);
  });
});
