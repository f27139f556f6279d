import { testReport } from "../../commands/health/formats";
import { openMetrics, type Readings } from "../../reports/openmetrics";
import { planTests } from "../../reports/planTests";
import type { AccountStatus } from "../../reports/standing";
import type { AccountHealth } from "../../rotation/health/health";
import { broken, evilSettings, full, planOf } from "./plans";

/** Built here, so that no text of the tests is one. */
export const pasted = ["gl", "pat-", "a1".repeat(10)].join("");

function standing(account: string, parts: Partial<AccountStatus> = {}): AccountStatus {
  return { account, username: account, verdict: "fine", places: [], held: [], alarms: [], life: [], ...parts };
}

const inventory: AccountHealth = {
  account: "inventory",
  tokens: [
    { generation: "2026-11-23", lifecycle: "previous", tokenId: 1203, state: "alive", expiresAt: "2027-11-23" },
    { generation: "2026-12-14", lifecycle: "current", tokenId: 1205, state: "alive", expiresAt: "2027-12-14" },
  ],
  alarms: [
    { level: "due", account: "inventory", message: `a place <holds> & "shows" ${pasted}\u0000.` },
    { level: "note", account: "inventory", message: "generation 2026-12-14 differs." },
  ],
  places: [],
};

const scanner: AccountHealth = {
  account: "scanner",
  tokens: [{ generation: "2026-11-30", lifecycle: "current", state: "missing", expiresAt: "2027-11-30" }],
  alarms: [{ level: "risk", account: "scanner", message: "no declared token lives." }],
  places: [{ place: "variable K of a/b", unknown: { because: "GitLab answered 403" } }],
};

/** Two stacks: names that would end a text, a token that never dies, accounts that could not be looked at. */
export const readings: Readings = {
  at: "2026-12-14T06:40:00.000Z",
  credential: { tokenId: 7, scopes: ["api"], expiresAt: "2027-03-01" },
  stacks: [
    {
      health: {
        stack: 'prod "x"\\\n]]>',
        accounts: [inventory, scanner],
        carried: ["an emergency revoked token 3"],
        unchecked: ["gone: looking for the account failed.", "Something of the stack."],
      },
      lastRun: "2026-12-14T06:31:00Z",
      accounts: [
        standing("inventory", {
          inUse: { generation: "2026-12-14", tokenId: 1205, expiresAt: "2027-12-15", days: 365 },
          proof: {
            generation: "2026-12-14",
            status: "passed",
            provedAt: "2026-12-14T06:30:30Z",
            attempts: 1,
            maxAttempts: 3,
            links: [],
          },
          held: ["2026-11-23: still used"],
        }),
        standing("scanner", {
          inUse: { generation: "2026-11-30", tokenId: undefined, expiresAt: "2027-11-30", days: 351 },
          failed: "the last run failed",
        }),
        standing("gone", {
          inUse: { generation: "adopted", tokenId: 9, expiresAt: "2026-12-20", days: 6 },
          proof: {
            generation: "2026-12-01",
            status: "failed",
            provedAt: undefined,
            attempts: 2,
            maxAttempts: 3,
            links: [],
          },
        }),
      ],
    },
    { health: { stack: "empty", accounts: [], unchecked: [] }, accounts: [] },
  ],
};

/** What is told of them to machines, under the names of files. */
export const machineReports: Readonly<Record<string, string>> = {
  "health.prom": openMetrics(readings),
  "health of nothing.prom": openMetrics({ ...readings, credential: { fault: "401" }, stacks: [] }),
  "health.xml": testReport(readings.stacks),
  "health of nothing.xml": testReport([]),
  "a whole plan.xml": planTests(full),
  "a plan that cannot be used.xml": planTests(broken),
  "a plan with hostile names.xml": planTests(planOf(evilSettings)),
};
