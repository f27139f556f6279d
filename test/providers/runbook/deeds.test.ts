import { expect, test } from "vitest";
import { deeds, noteStep } from "../../../providers/runbook/deeds";

/** What is noted of a step. */
function noted(...step: Parameters<typeof noteStep>): string[] {
  const before = deeds().length;
  noteStep(...step);
  return deeds()
    .slice(before)
    .map(({ does, tokenId }) => `${does} ${tokenId}`);
}

const one = { account: "inventory", generation: "2026-11-23" };

test("a token is minted when it is another one, taken over when it was made by hand, and otherwise neither", () => {
  const type = "runbook:index:PersonalAccessToken";
  const minted = { ...one, tokenId: 7, status: "live" };
  expect(noted(type, undefined, minted)).toEqual(["mint 7"]);
  expect(noted(type, { ...minted, tokenId: 6 }, minted)).toEqual(["mint 7"]);
  expect(noted(type, minted, { ...minted })).toEqual([]);
  expect(noted(type, undefined, { ...one, generation: "adopted", tokenId: 5, status: "live" })).toEqual([
    "take over 5",
  ]);
  expect(noted(type, undefined, { ...one, generation: "adopted", tokenId: 5, status: "expired" })).toEqual([]);
  expect(noted(type, undefined, { ...one, status: "unminted" })).toEqual([]);
});

test("a proof is one when it passed in this run", () => {
  const type = "runbook:index:PipelineProof";
  const passed = { ...one, tokenId: 7, status: "passed", provedAt: "2026-11-23T06:31:00Z" };
  const { provedAt: _none, ...running } = { ...passed, status: "running" };
  expect(noted(type, running, passed)).toEqual(["prove 7"]);
  expect(noted(type, passed, passed)).toEqual([]);
  // A clock may stand still between two runs, as a pretended one does.
  expect(noted(type, { ...passed, tokenId: 6 }, passed)).toEqual(["prove 7"]);
  expect(noted(type, undefined, running)).toEqual([]);
});
