import type { Member } from "../../../workshop/soak/fleet/fleet";
import type { Edit, History, RunStep, Step } from "../../../workshop/soak/fleet/steps";

const up: RunStep = { do: "run", command: "up" };
const refresh: RunStep = { do: "run", command: "refresh" };
const days = (count: number): Step => ({ do: "pass", hours: 24 * count });
const edit = (one: Edit): Step => ({ do: "edit", edit: one });
const red = (at: number, isRed = true): Step => ({ do: "pipeline", at, red: isRed });
const lock = (at: number, place: "item" | "variable", locked: boolean): Step => ({ do: "lock", at, place, locked });

/** An account that rotates every twenty days and is proven by its schedule. */
function account(at: number, values: Partial<Member> = {}): Member {
  return {
    at,
    everyDays: 20,
    lifetimeDays: 60,
    overlapDays: 3,
    startsIn: 2,
    proof: "schedule",
    spare: false,
    ...values,
  };
}

function history(members: readonly Member[], steps: readonly Step[], wrapped = true): History {
  return { seed: 0, startsAt: "2026-11-23T06:00:00Z", members, health: false, wrapped, steps };
}

/** Histories in which a token once died in a place, was revoked early, or an account was held up. None may be again. */
export const histories: Readonly<Record<string, History>> = {
  "a run of one account while another's old token is due": history(
    [account(0), account(1, { startsIn: 6 })],
    [up, days(3), up, days(6), { ...up, target: [1] }, days(1), { ...up, target: [1] }, days(1), up],
  ),
  "a leak while another's old token is due": history(
    [account(0), account(1)],
    [up, days(3), up, days(1), up, days(4), edit({ kind: "compromised", at: 1 }), { ...up, target: [1] }],
  ),
  "a pipeline that is dropped after it failed": history(
    [account(0, { everyDays: 60 })],
    [
      up,
      days(1),
      up,
      red(0),
      days(3),
      up,
      days(1),
      edit({ kind: "proof", at: 0, proof: "none" }),
      red(0, false),
    ].concat([...[up, days(1), up, days(2), up, days(5), up, days(12), up, days(5), up]]),
  ),
  "a refresh after the last attempt": history(
    [account(0, { everyDays: 60, lifetimeDays: 30 })],
    [up, days(1), up, red(0), days(1), up, days(1), up, days(1), up, days(1), up, days(1), refresh, up, days(1), up],
  ),
  "a longer lifetime than the token in use has": history(
    [account(0, { everyDays: 200, lifetimeDays: 40 })],
    [up, days(3), up, days(4), up, edit({ kind: "lifetime", at: 0, days: 365 }), days(5), up, days(12), up].concat([
      days(12),
      up,
      days(6),
      up,
      days(6),
      up,
    ]),
  ),
  "a token that is replaced before the calendar does it": history(
    [account(0, { everyDays: 128, lifetimeDays: 60, overlapDays: 1, proof: "none" })],
    [up, days(3), up, days(20), edit({ kind: "lifetime", at: 0, days: 343 }), up, days(24), up, days(3), up].concat([
      days(3),
      up,
    ]),
  ),
  "a variable that moves to an account which has not begun": history(
    [account(0, { everyDays: 10, spare: true }), account(1, { startsIn: 60 })],
    [up, days(3), up, days(1), edit({ kind: "move", at: 0, to: 1 }), up, days(9), up, days(5), up, days(8), up],
  ),
  "a hand-made token that two accounts adopt": history(
    [account(0, { spare: true, startsIn: 4 })],
    [up, edit({ kind: "share", at: 0, startsIn: 15 }), up, days(5), up, days(4), up, days(2), up],
  ),
  "a rename without a word, where a removal revokes": history(
    [account(0)],
    [up, days(3), up, edit({ kind: "removal", at: 0, does: "revoke" }), up, days(1)].concat([
      edit({ kind: "rename", at: 0, to: "r1-a00", tells: false }),
      up,
    ]),
  ),
  "a replacement of the token in use, where a removal revokes": history(
    [account(0)],
    [up, days(3), up, edit({ kind: "removal", at: 0, does: "revoke" }), up, days(1)].concat([
      { ...up, replace: { at: 0, flag: "--target-replace" } },
    ]),
  ),
  "two places in one item": history(
    [account(0), account(1, { startsIn: 5 })],
    [up, days(1), up, days(1), edit({ kind: "sections", at: 0, on: true }), up, days(4), up],
  ),
  "two accounts that were one": history(
    [account(0), account(1, { startsIn: 5 }), account(2, { startsIn: 5 })],
    [up, days(1), up, days(1), edit({ kind: "rename", at: 0, to: "r1-a00", tells: true })].concat([
      edit({ kind: "claim", at: 1, to: "r2-a01", formerly: "a00", wrong: true }),
      ...[up, days(4), up],
    ]),
  ),
  "a pipeline that fails when the old token is about to die": history(
    [account(0, { startsIn: 10 })],
    [up, days(1), up, red(0), days(24), up, days(7), red(0, false), up],
  ),
  "a vault that is away when a token is minted": history(
    [account(0, { proof: "none" })],
    [up, days(1), up, lock(0, "item", true), days(2), up, days(5), lock(0, "item", false), up, days(1), up],
  ),
  "a plain run while one account is red": history(
    [account(0), account(1)],
    [up, days(1), up, edit({ kind: "username", at: 0, wrong: true }), days(3), up, days(1), up],
    false,
  ),
  "a place that may not be written": history(
    [account(0)],
    [up, days(1), up, lock(0, "variable", true), days(2), up, days(1), up],
  ),
  "a shorter lifetime before weeks without a run": history(
    [account(0, { everyDays: 23, lifetimeDays: 53, overlapDays: 7, startsIn: 1 })],
    [up, days(2), up, days(8), up, days(14), up, days(8), up, edit({ kind: "lifetime", at: 0, days: 38 })].concat([
      ...[days(4), up, days(28), up, days(1), up],
    ]),
  ),
  "a shorter lifetime while its pipeline is red": history(
    [account(0, { everyDays: 23, lifetimeDays: 53, overlapDays: 7, startsIn: 1 })],
    [up, days(2), up, days(8), up, edit({ kind: "lifetime", at: 0, days: 38 }), red(0)].concat(
      ...[13, 1, 1, 1, 6, 6, 4].map((count) => [days(count), up]),
      [red(0, false), days(1), up, days(1), up, days(3), up, days(7), up, days(1), up],
    ),
  ),
};
