import type { Clock } from "./clock";
import type { JobSwitch } from "./gitlab/running/runner";
import type { GitLabState } from "./gitlab/state";
import type { Token } from "./gitlab/tokens";
import type { Item, OnePasswordState } from "./onepassword/state";
import type { BaoState } from "./openbao/state";
import type { FaultRule, LoggedRequest, Traffic } from "./traffic";

/** What can be seen of and done to one of the servers. */
export interface ServiceControl {
  readonly url: string;
  /** Its requests, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** Arm a fault for its requests; answers a function that disarms it. */
  inject(rule: Omit<FaultRule, "service">): () => void;
}

/** What can be seen of and done to the GitLab. */
export interface GitLabControl extends ServiceControl {
  readonly state: GitLabState;
  /** The value of every token ever issued, those from before the start included. */
  issuedTokens(): string[];

  /** The value of one that the world named: `owner`, `admin`, … */
  tokenValue(handle: string): string;

  /** The token of a CI/CD job that a user started. */
  jobToken(username: string): string;

  /** The tokens of a user that live now, oldest first. */
  liveTokens(username: string): readonly Token[];

  /** The value that a project's or group's variable holds. */
  variable(path: string, key: string, environmentScope?: string): string | undefined;

  /** Make the next runs of a job fail, hang or wait. @param times default: all */
  armJob(project: string, job: string, behaviour: JobSwitch, times?: number): void;

  /** Let it run by itself again. */
  disarmJob(project: string, job: string): void;

  /** Make plays of a schedule lead nowhere, unannounced. */
  muteSchedule(project: string, description: string, muted?: boolean): void;

  /** Move a project: reads by the old path are redirected, writes refused. */
  moveProject(from: string, to: string): void;

  /** Run a schedule as its cron line would: its owner's pipeline. */
  runSchedule(project: string, description: string): void;
}

/** What can be seen of and done to the 1Password. */
export interface OnePasswordControl extends ServiceControl {
  readonly state: OnePasswordState;
  /** The value of a Connect token that the world named. */
  tokenValue(handle: string): string;

  /** The items of that title, copied. */
  items(vault: string, title: string): Item[];

  /** The value of a field, by label or id, of the only item of that title. */
  field(vault: string, title: string, field: string): string | undefined;
}

/** What can be seen of and done to the OpenBao. */
export interface OpenBaoControl extends ServiceControl {
  readonly state: BaoState;
}

/** A GitLab and a 1Password Connect server on loopback, with a clock of their own. */
export interface Sandbox {
  /** What a program needs to work against it. `PAT_ROTATION_AS_OF` is the clock's time when this is read. */
  readonly environment: Record<string, string>;
  /** The environment as lines for a shell, `export NAME=value`. */
  exports(): string;
  readonly clock: Clock;
  /** What GitLab and 1Password hold, and the time, as text that another sandbox starts from. Refused while pipelines are under way. */
  dump(): string;

  /** Requests, faults and watchers over both servers. */
  readonly traffic: Traffic;
  readonly gitlab: GitLabControl;
  readonly onepassword: OnePasswordControl;
  /** Only where the sandbox was started with one. */
  readonly openbao: OpenBaoControl | undefined;
  /** Answers a request of a caller in this process, without a connection. */
  send(request: Request): Promise<Response>;

  /** Break all connections, end what runs, free the ports. */
  stop(): Promise<void>;
}
