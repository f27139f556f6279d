import { AmbiguousCredential } from "../http";
import { Connect } from "./connect";
import { ServiceAccount } from "./serviceAccount";
import type { Vaults } from "./vaults";

/**
 * The way to 1Password that the environment names: a service account where `OP_SERVICE_ACCOUNT_TOKEN` is set, else a Connect
 * server. Where both are named, the first request fails, and not the start.
 */
export function vaultsFromEnvironment(env: NodeJS.ProcessEnv = process.env): Vaults {
  const connect = ["OP_CONNECT_HOST", "OP_CONNECT_TOKEN"].filter((name) => env[name]);
  if (!env.OP_SERVICE_ACCOUNT_TOKEN) return Connect.fromEnvironment(env);
  if (connect.length === 0) return ServiceAccount.fromEnvironment(env);
  const names = connect.join(" and ");
  const told = `reaching 1Password: the environment names both a service account (OP_SERVICE_ACCOUNT_TOKEN) and a Connect server (${names}). Unset ${names} to use the service account, or OP_SERVICE_ACCOUNT_TOKEN to use the Connect server, and run again`;
  return ServiceAccount.of(() => Promise.reject(new AmbiguousCredential(told)));
}
