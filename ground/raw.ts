import type { z } from "zod";

/** A block of the settings as written. */
export type Raw = Readonly<Record<string, unknown>>;

/** A value as a block; an empty one when it is none. */
export function record(raw: unknown): Raw {
  return isBlock(raw) ? (raw as Raw) : {};
}

/** Whether a value is a block. */
export function isBlock(raw: unknown): boolean {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

/** A value as a list of blocks; an empty one when it is none. */
export function records(raw: unknown): readonly Raw[] {
  return Array.isArray(raw) ? raw.map(record) : [];
}

/** A value as one schema reads it, or nothing when it is at fault: another report tells that. */
export function parsed<T>(type: z.ZodType<T>, raw: unknown): T | undefined {
  const result = type.safeParse(raw);
  return result.success ? result.data : undefined;
}
