import * as runbook from "../../components/runbook";
import type { Maker } from "../making";
import { type SecretDeclaration, secret } from "./declared";

/** A key of a secret. */
export const madeSecret: Maker<SecretDeclaration> = (target, name, { token }, _account, options) => {
  const { title: _title, ...place } = secret.of(target).place;
  return { resource: new runbook.OpenBaoSecret(name, { ...target, value: token }, options), place };
};
