import { Memory } from "../ground/memory";
import { GitLab } from "./gitlab/client";
import { vaultsFromEnvironment } from "./onepassword/environment";
import type { Vaults } from "./onepassword/vaults";
import { OpenBao, openBaoVariables } from "./openbao/client";

/** The servers that the environment names, for the length of one step. Credentials are looked for when first needed. */
export interface Servers {
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  /** @throws MissingCredential */
  gitlab(): GitLab;
  /** 1Password's vaults. */
  vaults(): Vaults;
  /** OpenBao, or HashiCorp Vault. */
  openBao(): OpenBao;
  /** A look-up that holds for the whole run, such as a project's schedules. What fails is looked up again. */
  remember<T>(subject: string, load: () => Promise<T>): Promise<T>;
  /** Ends the memory of one look-up. */
  forget(subject: string): void;
}

/** What all steps with the same credentials share: the clients, since they pace their requests, and what was looked up. */
interface Shared {
  gitlab?: GitLab;
  vaults?: Vaults;
  openBao?: OpenBao;
  readonly memory: Memory;
}

const shared = new Map<string, Shared>();

/** The servers as one step may use them. */
export function servers({ signal }: { readonly signal: AbortSignal }, env: NodeJS.ProcessEnv = process.env): Servers {
  const common = sharedBy(env);
  const gitlab = () => {
    common.gitlab ??= GitLab.fromEnvironment(env);
    return common.gitlab.within(signal);
  };
  const vaults = () => {
    common.vaults ??= vaultsFromEnvironment({ ...env });
    return common.vaults.within(signal);
  };
  const openBao = () => {
    common.openBao ??= OpenBao.fromEnvironment({ ...env });
    return common.openBao.within(signal);
  };
  return {
    signal,
    gitlab,
    vaults,
    openBao,
    remember: (subject, load) => common.memory.remember(subject, load),
    forget: (subject) => common.memory.forget(subject),
  };
}

function sharedBy(env: NodeJS.ProcessEnv): Shared {
  const { GITLAB_BASE_URL, GITLAB_TOKEN, OP_CONNECT_HOST, OP_CONNECT_TOKEN, OP_SERVICE_ACCOUNT_TOKEN } = env;
  const named = [GITLAB_BASE_URL, GITLAB_TOKEN, OP_CONNECT_HOST, OP_CONNECT_TOKEN, OP_SERVICE_ACCOUNT_TOKEN];
  const key = JSON.stringify([...named, ...openBaoVariables.map((name) => env[name])]);
  const known = shared.get(key) ?? { memory: new Memory() };
  shared.set(key, known);
  return known;
}
