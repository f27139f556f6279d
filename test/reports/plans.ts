import type { Settings } from "../../rotation/declaration/settings";
import { type Plan, planStack, type StackPlan } from "../../rotation/plan/plan";
import { account, settings } from "../rotation/declarations";

/** The day of every plan here. */
export const asOf = "2026-12-01";

/** An account that keeps to every rule. */
export function inventory(parts: Parameters<typeof account>[0] = {}) {
  return account({
    token: { name: "Inventory", description: "", scopes: ["read_api"] },
    onePassword: [{ vault: "Security", item: "Inventory", field: "credential" }],
    variables: [{ project: "security/builder", key: "TOKEN", environmentScope: "*", masked: true }],
    proof: [{ project: "security/builder", schedule: "Weekly", jobs: ["build"], waitMinutes: 30 }],
    ...parts,
  });
}

/** The plan of one stack. */
export function planOf(after: Settings, before?: Settings, days = 400): Plan {
  const input = { stack: "prod", files: ["Pulumi.prod.yaml"], settings: after };
  return whole([planStack(before === undefined ? input : { ...input, before }, asOf, days)], days);
}

/** The plan of some stacks. */
export function whole(stacks: readonly StackPlan[], days = 400): Plan {
  return { asOf, days, of: "the working tree", stacks, notes: [] };
}

/** The plan of a stack that cannot be read. */
export const broken = whole([
  planStack(
    {
      stack: "prod",
      files: ["Pulumi.prod.yaml"],
      faults: [{ file: "Pulumi.prod.yaml", line: 3, path: "pat-rotation:fleet", found: '"a | b"', expected: "a name" }],
    },
    asOf,
    400,
  ),
]);

/** Each kind of thing that a report shows, with an edit behind it. */
export const full: Plan = planOf(
  {
    ...settings(
      [
        inventory({
          rotation: { startsOn: "2026-11-16", extraDates: [{ date: "2026-12-14", reason: "left the team" }] },
        }),
        inventory({
          name: "scanner",
          adopt: { tokenId: 7, expiresAt: "2026-12-10" },
          rotation: { startsOn: "2026-12-14" },
          onePassword: [],
        }),
        inventory({ name: "held", holdAt: "2026-06-01", rotation: { startsOn: "2026-06-01", everyDays: 168 } }),
      ],
      [{ from: "2026-12-19", to: "2027-01-04", reason: "holidays" }],
    ),
  },
  settings([inventory()]),
);

/** What somebody may write where any text is taken, to have it become something else in a report. */
export const evil = [
  "@everyone /close #1 !2 ~bug %1 $3 &4 :tada: www.evil.example https://evil.example a@b.example",
  '<img src=x onerror="alert(1)"><script>alert(2)</script></code></td>',
  "\n/approve\n\n# Title\n| a | b |\n- [ ] task `code` **bold** [link](https://evil.example) ![x](y)",
  "BEGIN:VEVENT\r\nSUMMARY:other\r\n;,\\n",
  "\u202Eesrever\u202C \u200Bhidden\u0007",
  "--> <!-- ]]> {{x}} deadbeef01 ABC-123 [[wiki]] [^1] $`x`$",
].join(" ");

/** Settings in which every text is that. */
export const evilSettings: Settings = settings(
  [
    inventory({
      token: { name: evil, description: evil, scopes: ["api"] },
      onePassword: [{ vault: evil, item: evil, field: evil, section: evil }],
      variables: [{ project: "payments/x", key: "TOKEN", environmentScope: evil }],
      external: [{ name: evil, owner: "@security/architecture" }],
      proof: [{ project: "payments/x", schedule: evil, jobs: [evil], waitMinutes: 30 }],
      rotation: { extraDates: [{ date: "2026-12-14", reason: evil }] },
    }),
  ],
  [{ from: "2026-12-19", to: "2027-01-04", reason: evil }],
);
