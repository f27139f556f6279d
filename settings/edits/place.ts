import { type Raw, record, records } from "../../ground/raw";

/** The key of `config` under which a stack's own file holds its accounts, among those that are there. */
export function accountsKey(keys: readonly string[]): string {
  const usual = "pat-rotation:accounts";
  if (keys.includes(usual)) return usual;
  // Without its namespace, in its older form, or of a project of another name.
  return keys.find((key) => key === "accounts") ?? keys.find((key) => /^[^:]+:(config:)?accounts$/.test(key)) ?? usual;
}

/** Whether a file of the declaration is a stack's own, wherever it stands; any other is all accounts. */
export function isStackFile(path: string): boolean {
  return /(^|\/)Pulumi\.[^/]+\.yaml$/.test(path);
}

/** The accounts that a file declares, as written. */
export function accountsIn(path: string, value: unknown): readonly Raw[] {
  if (isStackFile(path)) {
    const config = record(record(value).config);
    return records(config[accountsKey(Object.keys(config))]);
  }
  return Array.isArray(value) ? records(value) : [record(value)];
}
