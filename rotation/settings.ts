import type { z } from "zod";
import { crossFaults } from "./checks";
import type { AccountDeclaration, Settings } from "./declaration";
import { type Fault, inStack, type Place, SettingsError } from "./faults";
import * as schema from "./schema";

export type * from "./declaration";
export { type Fault, type Place, SettingsError } from "./faults";

/** The settings as written, such as stack configuration holds them: nothing about them is known yet. */
export interface RawSettings {
  /** See {@link Settings.fleet}. */
  readonly fleet?: unknown;
  /** See {@link Settings.freezes}. */
  readonly freezes?: unknown;
  /** See {@link Settings.policies}. */
  readonly policies?: unknown;
  /** See {@link Settings.maxRotationsPerRun}. */
  readonly maxRotationsPerRun?: unknown;
  /** See {@link Settings.health}. */
  readonly health?: unknown;
  /** See {@link Settings.accounts}. */
  readonly accounts?: unknown;
}

/**
 * The settings, complete and checked; after this nobody checks again.
 *
 * @param place - where each account was written, for the faults; in the stack's configuration when left out.
 * @throws {@link SettingsError} with every fault at once.
 */
export function parseSettings(raw: RawSettings, place: Place = inStack): Settings {
  const written = withoutNothing(raw);
  const parsed = schema.settings.safeParse(written);
  const faults = [
    ...(parsed.success ? [] : schema.faultsOf(parsed.error, written, place)),
    ...crossFaults(written, place),
  ];
  if (!parsed.success || faults.length > 0) throw new SettingsError(inOrder(faults));
  return { ...parsed.data, accounts: parsed.data.accounts.map(complete) };
}

/** Faults of one block stand together. */
function inOrder(faults: readonly Fault[]): readonly Fault[] {
  return [...faults].sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}

/** Defaults that hang on other parts of the account; and the dates that a leak asks for. */
function complete({ account, rotation, ...rest }: z.output<typeof schema.account>): AccountDeclaration {
  const { self: _, username, ...owner } = account;
  const asked = rest.compromised.flatMap(({ on, generation, reason }) =>
    on === undefined ? [] : [{ date: on, reason: `${generation} is compromised: ${reason}` }],
  );
  return {
    ...rest,
    account: { ...owner, username: username ?? "" },
    proof: rest.proof.map((one) => ({ ...one, waitMinutes: one.waitMinutes ?? (one.observed === true ? 1 : 30) })),
    rotation: {
      ...rotation,
      quietHours: rotation.quietHours ?? Math.max(24, ...rest.external.map(({ usedEvery }) => hours(usedEvery))),
      extraDates: [...rotation.extraDates, ...asked],
    },
  };
}

function hours(usedEvery: string | undefined): number {
  const [, count, unit] = schema.usedEvery.exec(usedEvery ?? "") ?? [];
  return Number(count ?? 0) * (unit === "d" ? 24 : 1);
}

/** A key that is left empty in YAML counts as left out. */
function withoutNothing(raw: unknown): unknown {
  if (Array.isArray(raw)) return raw.map(withoutNothing);
  if (typeof raw !== "object" || raw === null) return raw;
  const entries = Object.entries(raw).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutNothing(value)]));
}
