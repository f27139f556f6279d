import type { Day } from "../../ground/day";
import { type Raw, record, records } from "../../ground/raw";
import { accountBlock } from "./block";
import { type Edit, EditError } from "./edit";
import { accountsIn, accountsKey, isStackFile } from "./place";

/** What a file must read as after the change. */
export function changedFile(path: string, before: unknown, edit: Edit): unknown {
  if (edit.kind === "adopt") return withAccount(path, before, accountBlock(edit.account, edit.block).value);
  if (!accountsIn(path, before).some(({ name }) => String(name) === edit.account))
    throw new EditError(`Editing ${path}: it declares no account "${edit.account}".`);
  const mapped = (one: unknown) => (String(record(one).name) === edit.account ? changed(record(one), edit) : one);
  if (!isStackFile(path)) return Array.isArray(before) ? before.map(mapped) : mapped(before);
  const config = record(record(before).config);
  const key = accountsKey(Object.keys(config));
  const accounts = config[key];
  const list = Array.isArray(accounts) ? accounts.map(mapped) : accounts;
  return { ...record(before), config: { ...config, [key]: list } };
}

function withAccount(path: string, before: unknown, account: unknown): unknown {
  if (!isStackFile(path)) {
    if (before === null || before === undefined) return account;
    return [...(Array.isArray(before) ? before : [before]), account];
  }
  const config = record(record(before).config);
  const key = accountsKey(Object.keys(config));
  const accounts: unknown = config[key];
  const list = [...(Array.isArray(accounts) ? accounts : []), account];
  return { ...record(before), config: { ...config, [key]: list } };
}

/** One account as written, changed. */
function changed(account: Raw, edit: Exclude<Edit, { kind: "adopt" }>): Raw {
  const { holdAt, ...rest } = account;
  switch (edit.kind) {
    case "extra-date": {
      const rotation = record(account.rotation);
      const dates = records(rotation.extraDates);
      const known = dates.some((one) => isOn(one, edit.date));
      const added = known
        ? dates.map((one) => (isOn(one, edit.date) ? { ...one, reason: edit.reason } : one))
        : [...dates, { date: edit.date, reason: edit.reason }];
      return { ...account, rotation: { ...rotation, extraDates: added } };
    }
    case "hold":
      return { ...account, holdAt: edit.generation };
    case "release-hold":
      return rest;
    case "retry": {
      const { generation, on, reason } = edit;
      const all = records(account.retries);
      const isThere = all.some((one) => isOf(one, generation) && String(one.on).slice(0, 10) === on);
      return isThere ? account : { ...account, retries: [...all, { generation, on, reason }] };
    }
    case "migrate": {
      const { scopes: _scopes, ...token } = record(account.token);
      return { ...account, token: { ...token, permissions: edit.permissions } };
    }
    case "decommission":
      return { ...account, decommission: { reason: edit.reason } };
    case "compromise": {
      const { generation, reason, on } = edit;
      const leaks = records(account.compromised);
      const known = leaks.some((one) => isOf(one, generation));
      const opened = on === undefined ? {} : { on };
      const compromised = known
        ? leaks.map((one) => (isOf(one, generation) ? { ...one, ...opened } : one))
        : [...leaks, { generation, reason, ...opened }];
      return { ...(String(holdAt) === generation ? rest : account), compromised };
    }
  }
}

function isOn(one: Raw, date: Day): boolean {
  return String(one.date).slice(0, 10) === date;
}

function isOf(one: Raw, generation: string): boolean {
  return String(one.generation) === generation;
}
