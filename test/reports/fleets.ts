import { type FleetStack, stretch } from "../../reports/fleet/fleet";
import type { AccountStatus } from "../../reports/standing";
import { timeline } from "../../rotation/calendar/timeline";
import { evil, inventory } from "./plans";

/** The day of every fleet here. */
export const today = "2026-12-15";

const link = "https://gitlab.example.com/security/builder/-/pipelines/7";
const declared = inventory({
  rotation: { startsOn: "2026-11-23", extraDates: [{ date: "2026-12-14", reason: "somebody left" }] },
  compromised: [{ generation: "2026-11-23", reason: "pasted into a chat" }],
});
const { from, to } = stretch(today);
const bars = timeline(declared, [], from, to);

/** An account that stands well, of which only some parts matter. */
export function standing(parts: Partial<AccountStatus> = {}): AccountStatus {
  return {
    account: "inventory",
    username: "gl-security-inventory",
    verdict: "fine",
    inUse: { generation: "2026-12-14", tokenId: 1205, expiresAt: "2027-12-14", days: 364 },
    places: [
      {
        place: 'field "credential" of 1Password item "Inventory" in vault "Security"',
        holds: "2026-12-14",
        isRead: false,
      },
      { place: 'CI/CD variable "TOKEN" of project "security/builder"', holds: "2026-11-23", isRead: true },
    ],
    proof: {
      generation: "2026-12-14",
      status: "passed",
      provedAt: "2026-12-14T06:30:00Z",
      attempts: 1,
      maxAttempts: 3,
      links: [link],
    },
    held: [],
    next: { date: "2026-12-21", event: "retire", generation: "2026-11-23" },
    alarms: [],
    life: [
      { at: "2026-12-14T06:30:00Z", generation: "2026-12-14", what: "proved", rank: 1, links: [link] },
      { at: "2026-12-21", generation: "2026-11-23", what: "revoked, if nobody uses it", rank: 2, links: [] },
    ],
    ...parts,
  };
}

/** A stack that has been run. */
export function stackOf(accounts: readonly AccountStatus[], stack = "prod"): FleetStack {
  const proofs = [{ on: "2026-12-14", generation: "2026-12-14", kind: "passed" as const }];
  const plainBars = bars.map(({ compromised: _, ...bar }) => bar);
  return {
    status: { stack, lastRun: "2026-12-15T06:31:00Z", isRead: true, accounts, unchecked: [] },
    freezes: [{ from: "2026-12-19", to: "2027-01-04", reason: "holidays" }],
    lines: new Map(
      accounts.map(({ account }) => [
        account,
        { bars: account === "leaked" ? bars : plainBars, dying: new Set<string>(), proofs, today },
      ]),
    ),
  };
}

const failed = `proving it by its pipelines, attempt 1 of 3: failed
Put back: the earlier token is in its places again.`;

/** Each kind of thing that the page shows; one stack could not be looked at. */
export const fleetStacks: readonly FleetStack[] = [
  stackOf([
    standing(),
    standing({ account: "leaked", held: ["2026-11-23: still in use"] }),
    standing({ account: "late", verdict: "due", failed, proof: { ...proofOf("failed"), provedAt: undefined } }),
    standing({
      account: "dying",
      verdict: "risk",
      inUse: { generation: "2026-11-23", tokenId: 7, expiresAt: "2026-12-17", days: 2 },
    }),
    standing({ account: "fresh", verdict: "new" }),
  ]),
  {
    status: { stack: "staging", isRead: false, accounts: [], unchecked: ["Its settings cannot be used."] },
    freezes: [],
    lines: new Map(),
  },
  unread(),
];

function proofOf(status: string): NonNullable<AccountStatus["proof"]> {
  return { generation: "2026-12-14", status, provedAt: undefined, attempts: 1, maxAttempts: 3, links: [link] };
}

/** A fleet in which every text is what somebody may write to have it become something else. */
export const evilFleet: readonly FleetStack[] = [
  {
    ...stackOf(
      [
        standing({
          account: evil,
          username: evil,
          verdict: "due",
          failed: evil,
          late: evil,
          held: [evil],
          waiting: evil,
          places: [{ place: evil, holds: evil, isRead: true, because: evil }],
          proof: { ...proofOf("failed"), links: ["javascript:alert(1)", evil] },
          life: [
            { at: "2026-12-14", generation: evil, what: evil, rank: 0, links: ["javascript:alert(2)"], why: evil },
          ],
          alarms: [{ level: "due", message: evil }],
        }),
      ],
      evil,
    ),
    freezes: [{ from: "2026-12-19", to: "2027-01-04", reason: evil }],
  },
];

/** A stack whose settings can be used, and whose state cannot be read. */
function unread(): FleetStack {
  const { inUse: _used, proof: _proof, ...rest } = standing({ account: "unread", verdict: "unknown" });
  const stack = stackOf([rest], "trial");
  return { ...stack, status: { ...stack.status, isRead: false, unchecked: ["The state: it could not be read."] } };
}
