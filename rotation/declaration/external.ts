import { type Raw, record, records } from "../../ground/raw";

/** What tells a consumer's period: hours or days. */
export const usedEvery = /^([1-9]\d*)([hd])$/;

/** The longest time, in hours, that a consumer which cannot be written from here goes without using its token; 0 for none. */
export function longestUse(external: unknown): number {
  return Math.max(0, ...records(external).map((one) => hours(one.usedEvery)));
}

/**
 * The accounts with the overlap that such a consumer needs, where none is declared: it is to use the old token, fail to be
 * forgotten, and use the new one, while both live.
 */
export function withOverlap(raw: unknown): unknown {
  if (!Array.isArray(record(raw).accounts)) return raw;
  return { ...record(raw), accounts: (record(raw).accounts as readonly unknown[]).map(overlapping) };
}

function overlapping(raw: unknown): unknown {
  const { account, rotation, external }: Raw = record(raw);
  // A token that rotates itself has none.
  if (record(account).self !== undefined) return raw;
  const days = Math.ceil(longestUse(external) / 24);
  if (days <= 7 || record(rotation).startsOn === undefined || record(rotation).overlapDays !== undefined) return raw;
  return { ...record(raw), rotation: { ...record(rotation), overlapDays: days } };
}

function hours(period: unknown): number {
  const [, count, unit] = usedEvery.exec(typeof period === "string" ? period : "") ?? [];
  return Number(count ?? 0) * (unit === "d" ? 24 : 1);
}
