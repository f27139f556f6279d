import fc from "fast-check";
import { type Day, toDay, toNumber, weekdays } from "../../ground/day";
import type { AccountDeclaration, Freeze, Policies, Rotation, Settings } from "../../rotation/declaration/settings";

/** The same declarations in every run; PROPERTY_SEED looks at others. */
export const property = {
  seed: Number(process.env.PROPERTY_SEED ?? 20261123),
  numRuns: Number(process.env.PROPERTY_RUNS ?? 60),
};

/** A rotation of which only some parts matter. */
export function rotation(parts: Partial<Rotation> = {}): Rotation {
  const cadence = parts.everyMonths === undefined ? { everyDays: 336 } : {};
  return {
    startsOn: "2026-11-23",
    ...cadence,
    weekday: "monday",
    overlapDays: 7,
    lifetimeDays: 365,
    marginDays: 14,
    quietHours: 24,
    extraDates: [],
    ...parts,
  };
}

/** An account of which only some parts matter. */
export function account(
  parts: Partial<Omit<AccountDeclaration, "rotation">> & { readonly rotation?: Partial<Rotation> } = {},
): AccountDeclaration {
  return {
    name: "inventory",
    account: { group: "security", username: "gl-security-inventory" },
    token: { name: "Inventory", description: "Lets the builder read the API", scopes: ["api"] },
    compromised: [],
    retries: [],
    onePassword: [],
    variables: [],
    openBao: [],
    external: [],
    proof: [],
    onRemoval: "refuse",
    ...parts,
    rotation: rotation(parts.rotation),
  };
}

/** Rules of which only some parts matter. */
export function policies(parts: Partial<Policies> = {}): Policies {
  return {
    longestLifetimeDays: 365,
    leastOverlapDays: 7,
    wideScopes: ["api", "sudo", "admin_mode"],
    allowedTargets: [],
    exceptions: [],
    ...parts,
  };
}

/** Settings with every rule at its default. */
export function settings(accounts: readonly AccountDeclaration[], freezes: readonly Freeze[] = []): Settings {
  return { fleet: "platform", freezes, policies: policies(), health: false, accounts };
}

const first = toNumber("2024-01-01");
const last = toNumber("2032-12-31");

/** Days of nine years, leap days among them. */
export const anyDay: fc.Arbitrary<Day> = fc.integer({ min: first, max: last }).map(toDay);

/** Freezes of a day up to more than a year, which may overlap. */
export const anyFreezes: fc.Arbitrary<readonly Freeze[]> = fc.array(
  fc
    .record({ from: anyDay, days: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 500 })) })
    .map(({ from, days }) => ({ from, to: toDay(toNumber(from) + days) })),
  { maxLength: 5 },
);

/** Any rotation that settings take, lifetimes of 30 days and more. */
export const anyRotation: fc.Arbitrary<Rotation> = fc
  .record({
    startsOn: anyDay,
    cadence: fc.oneof(
      fc.integer({ min: 1, max: 500 }).map((everyDays) => ({ everyDays })),
      fc.integer({ min: 1, max: 18 }).map((everyMonths) => ({ everyMonths })),
    ),
    weekday: fc.constantFrom("any" as const, ...weekdays),
    lifetimeDays: fc.integer({ min: 30, max: 365 }),
    overlapDays: fc.integer({ min: 1, max: 14 }),
    marginDays: fc.integer({ min: 1, max: 14 }),
    extraDates: fc.array(fc.record({ date: anyDay }), { maxLength: 4 }),
  })
  .map(({ cadence, ...rest }) => rotation({ ...rest, ...cadence }));
