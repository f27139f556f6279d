import { GitLab } from "../gitlab/client";
import type { Context } from "../host/provider";
import { Connect } from "../onepassword/client";
import type { Vaults } from "../onepassword/vaults";

/** The servers that the environment names, for the length of one step. Credentials are looked for when first needed. */
export interface Servers {
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  /** @throws MissingCredential */
  gitlab(): GitLab;
  vaults(): Vaults;
  /** A look-up that holds for the whole run, such as a project's schedules. What fails is looked up again. */
  remember<T>(subject: string, load: (gitlab: GitLab) => Promise<T>): Promise<T>;
  /** Ends the memory of one look-up. */
  forget(subject: string): void;
}

/** What all steps with one GitLab credential share: the client, since it paces its requests, and what was looked up. */
interface Shared {
  readonly gitlab: GitLab;
  readonly memory: Map<string, Promise<unknown>>;
}

const shared = new Map<string, Shared>();

/** The servers as one step may use them. */
export function servers({ signal }: Context, env: NodeJS.ProcessEnv = process.env): Servers {
  return {
    signal,
    gitlab: () => sharedBy(env).gitlab.within(signal),
    vaults: () => Connect.fromEnvironment(env).within(signal),
    remember: <T>(subject: string, load: (gitlab: GitLab) => Promise<T>) => {
      const { gitlab, memory } = sharedBy(env);
      const known = memory.get(subject);
      if (known !== undefined) return known as Promise<T>;
      const loading = load(gitlab);
      memory.set(subject, loading);
      loading.catch(() => memory.delete(subject));
      return loading;
    },
    forget: (subject) => {
      sharedBy(env).memory.delete(subject);
    },
  };
}

function sharedBy(env: NodeJS.ProcessEnv): Shared {
  const key = `${env.GITLAB_BASE_URL}\n${env.GITLAB_TOKEN}`;
  const known = shared.get(key) ?? { gitlab: GitLab.fromEnvironment(env), memory: new Map() };
  shared.set(key, known);
  return known;
}
