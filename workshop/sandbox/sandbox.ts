import { randomBytes } from "node:crypto";
import { Clock } from "./clock";
import { controlServer } from "./control";
import type { Sandbox } from "./controls";
import { openDoor } from "./door";
import { dump, read } from "./dump";
import type { Limits } from "./gitlab/answers/part";
import { populate } from "./gitlab/populate";
import { type JobSwitch, Runner } from "./gitlab/running/runner";
import { gitlabServer } from "./gitlab/server";
import { GitLabState } from "./gitlab/state";
import { connectServer } from "./onepassword/server";
import { OnePasswordState } from "./onepassword/state";
import { openBaoServer } from "./openbao/server";
import { BaoState, type BaoWorld } from "./openbao/state";
import { type FaultRule, type Service, Traffic } from "./traffic";
import type { World } from "./world";
import { incident } from "./worlds/incident";

/** How to start a sandbox. */
export interface SandboxOptions {
  /** @default the runbook's incident */
  readonly world?: World;
  /** What another sandbox held, in place of a world: the text of its {@link Sandbox.dump}. */
  readonly dump?: string;
  /** Starts an OpenBao as well, with this in it. @default none */
  readonly openBao?: BaoWorld;
  /** Port of the GitLab server; Connect takes the next one. @default any free ones */
  readonly port?: number;
  /** Real milliseconds that a job takes. @default 300 */
  readonly jobMilliseconds?: number;
  /** Real milliseconds from a schedule's play to its pipeline. @default 150 */
  readonly workerMilliseconds?: number;
  /** More variables for {@link Sandbox.exports}. */
  readonly exported?: Readonly<Record<string, string>>;
  /** What the instance allows. @default 365 days, expiry required, no limit on pipelines */
  readonly limits?: Partial<Limits>;
}

/** Start both servers. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const before = options.dump === undefined ? undefined : read(options.dump);
  const world = before?.world ?? options.world ?? incident();
  const clock = new Clock(world.startsAt);
  const traffic = new Traffic();
  const state = new GitLabState(clock);
  populate(state, world);
  const runner = new Runner(state, {
    jobMilliseconds: options.jobMilliseconds ?? 300,
    workerMilliseconds: options.workerMilliseconds ?? 150,
  });
  const limits: Limits = { lifetimeDays: 365, expiryRequired: true, ...options.limits };
  const vaults = new OnePasswordState(world, clock, (value) => state.resolve(value));
  before?.fill({ gitlab: state, onepassword: vaults });
  let base = "";
  const gitlab = gitlabServer({ state, runner, limits, base: () => base });
  const connect = connectServer(vaults);
  const service = (of: Service, url: string) => ({
    url,
    get requests() {
      return traffic.requests.filter((request) => request.service === of);
    },
    inject: (rule: Omit<FaultRule, "service">) => traffic.inject({ ...rule, service: of }),
  });

  let sandbox: Sandbox | undefined;
  const control = controlServer(() => {
    if (!sandbox) throw new Error("The sandbox is still starting");
    return sandbox;
  });
  const front = await openDoor({
    service: "gitlab",
    clock,
    traffic,
    fetch: (request) => gitlab.fetch(request),
    control: (request) => control.fetch(request),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  base = front.url;
  const vaultDoor = await openDoor({
    service: "onepassword",
    clock,
    traffic,
    fetch: (request) => connect.fetch(request),
    ...(options.port === undefined ? {} : { port: options.port + 1 }),
  }).catch(async (error: unknown) => {
    await front.close();
    throw error;
  });

  const bao = options.openBao === undefined ? undefined : new BaoState(options.openBao, clock);
  const baoServer = bao === undefined ? undefined : openBaoServer(bao);
  const baoDoor =
    baoServer === undefined
      ? undefined
      : await openDoor({ service: "openbao", clock, traffic, fetch: (request) => baoServer.fetch(request) });

  const namespace = (path: string) => {
    const found = state.projects.get(path) ?? state.groups.get(path);
    if (!found) throw new Error(`The sandbox's GitLab has no project or group "${path}"`);
    return found;
  };
  const schedule = (project: string, description: string) => {
    const { id } = namespace(project);
    const found = [...state.schedules.values()].find((one) => one.projectId === id && one.description === description);
    if (!found) throw new Error(`The project "${project}" of the sandbox's GitLab has no schedule "${description}"`);
    return found;
  };
  const items = (vault: string, title: string) =>
    [...vaults.vaultNamed(vault).items.values()].filter((item) => item.title === title);

  sandbox = {
    get environment() {
      return {
        GITLAB_BASE_URL: front.url,
        GITLAB_TOKEN: state.tokens.valueOf(world.credentials.gitlab),
        OP_CONNECT_HOST: vaultDoor.url,
        OP_CONNECT_TOKEN: vaults.valueOf(world.credentials.onePassword),
        ...(baoDoor === undefined ? {} : { BAO_ADDR: baoDoor.url, BAO_TOKEN: bao?.tokens[0]?.value ?? "" }),
        PAT_ROTATION_AS_OF: clock.now().toISOString(),
      };
    },
    exports() {
      const all = Object.entries({ ...this.environment, ...options.exported });
      return all.map(([name, value]) => `export ${name}=${value}\n`).join("");
    },
    clock,
    dump() {
      if (runner.isBusy) throw new Error("Dumping the sandbox: pipelines are under way; wait until they have ended");
      return dump({ gitlab: state, onepassword: vaults }, world.credentials);
    },
    traffic,
    gitlab: Object.assign(service("gitlab", front.url), {
      state,
      issuedTokens: () => state.tokens.all().map((token) => token.value),
      tokenValue: (handle: string) => state.tokens.valueOf(handle),
      jobToken: (username: string) => {
        const user = state.userNamed(username);
        if (!user) throw new Error(`The sandbox's GitLab has no user "${username}"`);
        const value = `glcbt-${randomBytes(15).toString("hex")}`;
        state.jobTokens.set(value, user);
        return value;
      },
      liveTokens: (username: string) => {
        const user = state.userNamed(username);
        return user ? state.tokens.of(user.id).filter((token) => state.tokens.isActive(token)) : [];
      },
      variable: (path: string, key: string, environmentScope = "*") =>
        namespace(path).variables.find((one) => one.key === key && one.environmentScope === environmentScope)?.value,
      armJob: (project: string, job: string, behaviour: JobSwitch, times?: number) => {
        namespace(project);
        runner.arm(project, job, behaviour, times);
      },
      disarmJob: (project: string, job: string) => runner.disarm(project, job),
      muteSchedule: (project: string, description: string, muted = true) =>
        runner.mute(schedule(project, description).id, muted),
      moveProject: (from: string, to: string) => state.moveProject(from, to),
      runSchedule: (project: string, description: string) => {
        const due = schedule(project, description);
        runner.play(due, state.user(due.ownerId));
      },
    }),
    openbao:
      bao === undefined || baoDoor === undefined
        ? undefined
        : Object.assign(service("openbao", baoDoor.url), { state: bao }),
    onepassword: Object.assign(service("onepassword", vaultDoor.url), {
      state: vaults,
      tokenValue: (handle: string) => vaults.valueOf(handle),
      items: (vault: string, title: string) => structuredClone(items(vault, title)),
      field: (vault: string, title: string, field: string) => {
        const found = items(vault, title);
        if (found.length !== 1) {
          throw new Error(`The vault "${vault}" of the sandbox holds ${found.length} items titled "${title}", not one`);
        }
        return found[0]?.fields?.find((one) => one.id === field || one.label === field)?.value;
      },
    }),
    send: (request) =>
      ([vaultDoor, baoDoor].find((door) => door && request.url.startsWith(door.url)) ?? front).send(request),
    stop: async () => {
      runner.stop();
      await Promise.all([front.close(), vaultDoor.close(), baoDoor?.close()]);
    },
  };
  return sandbox;
}
