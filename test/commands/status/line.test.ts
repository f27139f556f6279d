import { expect, test } from "vitest";
import { lineOf } from "../../../commands/status/line";
import { standingOf } from "../../../commands/status/standing";
import { type Stored, storedIn } from "../../../commands/status/state";
import { stretch } from "../../../reports/fleet/fleet";
import { inventory } from "../../reports/plans";
import { settings } from "../../rotation/declarations";

const today = "2026-12-15";
const account = inventory({
  rotation: { startsOn: "2026-11-23", extraDates: [{ date: "2026-12-14", reason: "somebody left" }] },
});

function state(proof: object, { isMinted = true, end = {} } = {}): Stored {
  const own = { account: "inventory" };
  const token = (generation: string, expiresAt: string) => ({
    type: "runbook:index:PersonalAccessToken",
    outputs: { ...own, generation, expiresAt, mintedAt: `${generation}T06:30:00Z`, status: "live" },
  });
  const resources = [
    { type: "runbook:index:Account", outputs: { ...own, username: "gl" } },
    token("2026-11-23", "2027-11-23"),
    ...(isMinted ? [token("2026-12-14", "2027-12-14")] : []),
    { type: "runbook:index:Retirement", outputs: { ...own, generation: "2026-11-23", status: "live", ...end } },
    {
      type: "runbook:index:PipelineProof",
      outputs: { ...own, generation: isMinted ? "2026-12-14" : "2026-11-23", ...proof },
    },
  ];
  return storedIn(JSON.stringify({ deployment: { resources } }));
}

/** Each token's stretches, such as `current 2026-11-23 to 2026-12-14`. */
function drawn(stored: Stored, one = account) {
  const given = settings([one]);
  const status = standingOf(one, { settings: given, stored, today });
  const line = lineOf(one, { freezes: [], stored, status }, { ...stretch(today), today });
  const bars = line.bars.map(({ generation, spans }) => [
    generation,
    ...spans.map(({ lifecycle, from, to }) => `${lifecycle} ${from} to ${to}`),
  ]);
  return { bars, line };
}

const passed = { status: "passed", provedAt: "2026-12-14T06:30:00Z" };

test("what was is as the state has it, what is to come as the dates ask", () => {
  const { bars, line } = drawn(state(passed));
  expect(bars).toEqual([
    ["2026-11-23", "current 2026-11-23 to 2026-12-14", "previous 2026-12-14 to 2026-12-21"],
    ["2026-12-14", "current 2026-12-14 to 2027-10-25", "previous 2027-10-25 to 2027-11-01"],
    ["2027-10-25", "current 2027-10-25 to 2028-01-19"],
  ]);
  expect(line.proofs).toEqual([{ on: "2026-12-14", generation: "2026-12-14", kind: "passed" }]);
});

test("a token that was revoked ends on that day", () => {
  const { bars } = drawn(state(passed, { end: { status: "revoked", revokedAt: "2026-12-14T09:00:00Z" } }));
  expect(bars[0]).toEqual(["2026-11-23", "current 2026-11-23 to 2026-12-14"]);
});

test("after a put-back the earlier token is in use until another one opens, and the new one is not", () => {
  const { bars, line } = drawn(
    state({ status: "failed", attempts: 3, putBack: true, lastProven: { generation: "2026-11-23" } }),
  );
  expect(bars.slice(0, 2)).toEqual([
    ["2026-11-23", "current 2026-11-23 to 2027-10-25"],
    ["2026-12-14", "waiting 2026-12-14 to 2027-11-01"],
  ]);
  expect(line.proofs).toEqual([{ on: "2026-12-14", generation: "2026-12-14", kind: "failed" }]);
});

test("what is due, and no run has minted, is not in use", () => {
  const { bars } = drawn(state({ ...passed, provedAt: "2026-11-23T06:30:00Z" }, { isMinted: false }));
  expect(bars.slice(0, 2)).toEqual([
    ["2026-11-23", "current 2026-11-23 to 2027-10-25"],
    ["2026-12-14", "waiting 2026-12-15 to 2027-11-01"],
  ]);
});

test("of a state that was not read nothing is drawn but what opens after today", () => {
  expect(drawn({ ...storedIn("{}"), isRead: false }).bars).toEqual([
    ["2027-10-25", "current 2027-10-25 to 2028-01-19"],
  ]);
});

test("a token that is declared as leaked says so", () => {
  const { line } = drawn(state(passed), {
    ...account,
    compromised: [{ generation: "2026-11-23", reason: "pasted into a chat" }],
  });
  expect(line.bars.map(({ compromised }) => compromised)).toEqual(["pasted into a chat", undefined, undefined]);
});
