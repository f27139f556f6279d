import { type Raw, record, records } from "../../rotation/raw";

/** Where a stack's own file holds its accounts. */
export const accountsPath = ["config", "pat-rotation:accounts"] as const;

/** Whether a file of the declaration is a stack's own; any other is all accounts. */
export function isStackFile(path: string): boolean {
  return /^Pulumi\.[^/]+\.yaml$/.test(path);
}

/** The accounts that a file declares, as written. */
export function accountsIn(path: string, value: unknown): readonly Raw[] {
  if (isStackFile(path)) return records(record(record(value)[accountsPath[0]])[accountsPath[1]]);
  return Array.isArray(value) ? records(value) : [record(value)];
}
