import { type Owner, ownerOf, ownerTitle } from "../gitlab/api/owner";
import type { CheckFailure, Properties } from "../host/provider";

/** The inputs that name what an account belongs to; exactly one is given. */
export interface OwnerInputs {
  readonly group?: string;
  readonly project?: string;
  readonly instance?: boolean;
  /** A plain user, who belongs to nobody: the token rotates itself. */
  readonly self?: boolean;
}

/** Faults of the inputs that name the owner. */
export function ownerFaults(inputs: Properties): CheckFailure[] {
  const given = ["group", "project", "instance", "self"].filter(
    (name) => inputs[name] !== undefined && inputs[name] !== false,
  );
  if (given.length === 1) return [];
  const found = given.length === 0 ? "none is given" : `${given.map((name) => `"${name}"`).join(" and ")} are given`;
  return [
    { property: "group", reason: `exactly one of "group", "project", "instance" and "self" is needed, but ${found}` },
  ];
}

/** An id for the account of an owner, such as `group/security/42`. */
export function accountId(inputs: OwnerInputs, userId: number): string {
  if (inputs.self === true) return `user/${userId}`;
  const owner = ownerOf(inputs);
  if (owner.group !== undefined) return `group/${owner.group}/${userId}`;
  return owner.project !== undefined ? `project/${owner.project}/${userId}` : `instance/${userId}`;
}

/** The right that our own credential needs to manage accounts of this owner, in words. */
export function neededRight(owner: Owner): string {
  if (owner.group !== undefined) return `the role Owner in ${ownerTitle(owner)}`;
  return owner.project !== undefined ? `the role Maintainer in ${ownerTitle(owner)}` : "an administrator's token";
}
