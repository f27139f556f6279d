import type { z } from "zod";
import { withoutCredentials } from "../../ground/credential";
import { parsed, type Raw, record } from "../../ground/raw";
import { crossFaults } from "../checks/checks";
import { cleaned, credentialFaults } from "../checks/credentials";
import { granularScope } from "../permissions/permissions";
import type { AccountDeclaration, Settings } from "./declaration";
import { longestUse, withOverlap } from "./external";
import { type Fault, inStack, type LocatedFault, type Place, SettingsError } from "./faults";
import { key } from "./form";
import * as schema from "./schema";
import { noOverlap, rotatesItself } from "./self";

export type * from "./declaration";
export { type Fault, faultText, type Place, SettingsError } from "./faults";

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
  /** See {@link Settings.legacyTokensEnd}. */
  readonly legacyTokensEnd?: unknown;
  /** See {@link Settings.health}. */
  readonly health?: unknown;
  /** See {@link Settings.accounts}. */
  readonly accounts?: unknown;
}

/** Settings of which single accounts may be unusable. */
export interface Reading {
  /** The stack with the accounts that can be used. */
  readonly settings: Settings;
  /** The others. */
  readonly faulty: readonly FaultyAccount[];
}

/** An account whose declaration cannot be used. */
export interface FaultyAccount {
  /** Its name. */
  readonly name: string;
  /** Everything that is wrong with it. */
  readonly faults: readonly Fault[];
  /** Its dates, where they can be read: it keeps its place among those that wait their turn. */
  readonly calendar?: AccountDeclaration;
  /** Where its rotations are reported, where that can be read. */
  readonly issue?: { readonly project: string; readonly iid?: number };
}

/**
 * The settings, complete and checked; after this nobody checks again.
 *
 * @param place - where each account was written, for the faults; in the stack's configuration when left out.
 * @throws {@link SettingsError} with every fault at once.
 */
export function parseSettings(raw: RawSettings, place: Place = inStack): Settings {
  const { written, faults } = judged(raw, place);
  if (faults.length > 0) throw errorOf(faults);
  return complete(written);
}

/**
 * The same, but a fault of one account leaves the others usable, so that they are rotated. All is lost only when a fault is
 * the whole stack's, when nobody can say whose it is, or when no account is left.
 *
 * @throws {@link SettingsError} with every fault at once.
 */
export function readSettings(raw: RawSettings, place: Place = inStack): Reading {
  const { written, faults } = judged(raw, place);
  if (faults.length === 0) return { settings: complete(written), faulty: [] };
  const accounts = record(written).accounts;
  if (!Array.isArray(accounts) || faults.some((fault) => fault.accounts.length === 0)) throw errorOf(faults);
  const at = [...new Set(faults.flatMap((fault) => fault.accounts))].sort((a, b) => a - b);
  const rest = accounts.filter((_, index) => !at.includes(index));
  const faulty = at.flatMap((index) => {
    // What is told of it goes into names, reports and the state.
    const account = record(cleaned(accounts[index]));
    const name = parsed(key, account.name);
    const calendar = calendarOf(record(written), account);
    const own = faults.filter((fault) => fault.accounts.includes(index)).map(told);
    if (name === undefined) return [];
    const issue = parsed(schema.issuePlace, account.issue);
    return [
      { name, faults: own, ...(calendar === undefined ? {} : { calendar }), ...(issue === undefined ? {} : { issue }) },
    ];
  });
  // The turns of the others hang on the dates of all.
  const isQueueKnown = raw.maxRotationsPerRun === undefined || faulty.every(({ calendar }) => calendar !== undefined);
  if (rest.length === 0 || faulty.length < at.length || !isQueueKnown) throw errorOf(faults);
  return { settings: complete({ ...record(written), accounts: rest }), faulty };
}

/** Every fault, credentials that somebody put into the settings among them; none of them tells one. */
function judged(raw: RawSettings, place: Place): { written: unknown; faults: readonly LocatedFault[] } {
  const { written, faults } = checked(raw, place);
  const pasted = credentialFaults(written, place);
  const others = faults.filter(({ path }) => !pasted.some((one) => one.path === path));
  const all = [...pasted, ...others].map((fault) => ({
    ...fault,
    path: withoutCredentials(fault.path),
    found: withoutCredentials(fault.found),
    expected: withoutCredentials(fault.expected),
  }));
  return { written, faults: inOrder(all) };
}

/** Faults of one block stand together. */
function inOrder(faults: readonly LocatedFault[]): readonly LocatedFault[] {
  return [...faults].sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}

function checked(raw: RawSettings, place: Place): { written: unknown; faults: readonly LocatedFault[] } {
  const written = withOverlap(withoutNothing(raw));
  const { error } = schema.settings.safeParse(written);
  const faults = [
    ...(error === undefined ? [] : schema.faultsOf(error, written, place)),
    ...crossFaults(written, place),
  ];
  return { written, faults: inOrder(faults) };
}

function errorOf(faults: readonly LocatedFault[]): SettingsError {
  return new SettingsError(faults.map(told));
}

function told({ path, found, expected }: LocatedFault): Fault {
  return { path, found, expected };
}

function complete(written: unknown): Settings {
  const { accounts, ...rest } = schema.settings.parse(written);
  return { ...rest, accounts: accounts.map(completeAccount) };
}

/** The dates of an account, whatever is wrong with the rest of it. */
function calendarOf({ fleet, freezes }: Raw, { name, rotation, adopt, compromised }: Raw) {
  const rest = { account: { instance: true, username: "any" }, token: { name: "any", scopes: ["api"] } };
  const { written, faults } = checked(
    { fleet, freezes, accounts: [{ name, rotation, adopt, compromised, ...rest }] },
    inStack,
  );
  return faults.length > 0 ? undefined : complete(written).accounts[0];
}

/** Defaults that hang on other parts of the account; and the dates that a leak asks for. */
function completeAccount({ account, rotation, token, ...rest }: z.output<typeof schema.account>): AccountDeclaration {
  const { username, deployToken: _refused, ...owner } = account;
  const asked = rest.compromised.flatMap(({ on, generation, reason }) =>
    on === undefined ? [] : [{ date: on, reason: `${generation} is compromised: ${reason}` }],
  );
  return {
    ...rest,
    token: { ...token, scopes: token.permissions === undefined ? (token.scopes ?? []) : [granularScope] },
    account: { ...owner, username: username ?? "" },
    proof: rest.proof.map((one) => ({ ...one, waitMinutes: one.waitMinutes ?? (one.observed === true ? 1 : 30) })),
    rotation: {
      ...rotation,
      quietHours: rotation.quietHours ?? Math.max(24 * rotation.overlapDays, longestUse(rest.external)),
      ...(rotatesItself(account) ? noOverlap : {}),
      extraDates: [...rotation.extraDates, ...asked],
    },
  };
}

/** A key that is left empty in YAML counts as left out. */
function withoutNothing(raw: unknown): unknown {
  if (Array.isArray(raw)) return raw.map(withoutNothing);
  if (typeof raw !== "object" || raw === null) return raw;
  const entries = Object.entries(raw).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutNothing(value)]));
}
