import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { AccountInputs } from "../../../contract/account";
import type { PersonalAccessTokenInputs } from "../../../contract/personalAccessToken";
import type { Consumer } from "../../../contract/types/places";
import type { Context } from "../../../providers/host/provider";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import { type SandboxOptions, startSandbox } from "../../../workshop/sandbox/sandbox";

/** A sandbox of its own for each test, the environment that points at it, and what a run would have printed. */
export interface Bench {
  readonly sandbox: Sandbox;
  readonly context: Context;
  /** All that was said to the person who watches. */
  readonly said: string[];
  /** Cancels the run. */
  cancel(): void;
  /** Requests since the last call: method, decoded path below the API, status. */
  requests(): string[];
  /** The clock that providers read follows the sandbox's when this is called. */
  tick(by?: { days?: number; hours?: number }): void;
}

/** Provides each test of the file with a {@link Bench}. */
export function benches(options: SandboxOptions = {}): () => Bench {
  const kept = { ...process.env };
  let bench: Bench | undefined;
  beforeAll(() => undefined);
  beforeEach(async () => {
    bench = await start(options);
  });
  afterEach(async () => {
    await bench?.sandbox.stop();
    bench = undefined;
  });
  afterAll(() => {
    for (const name of [
      "GITLAB_BASE_URL",
      "GITLAB_TOKEN",
      "OP_CONNECT_HOST",
      "OP_CONNECT_TOKEN",
      "BAO_ADDR",
      "BAO_TOKEN",
      "PAT_ROTATION_AS_OF",
    ])
      if (kept[name] === undefined) delete process.env[name];
      else process.env[name] = kept[name];
  });
  return () => {
    if (bench === undefined) throw new Error("a bench exists only within a test");
    return bench;
  };
}

async function start(options: SandboxOptions): Promise<Bench> {
  const sandbox = await startSandbox({ jobMilliseconds: 60, workerMilliseconds: 20, ...options });
  const abort = new AbortController();
  const said: string[] = [];
  const say = (message: string) => {
    said.push(message);
  };
  Object.assign(process.env, sandbox.environment);
  return {
    sandbox,
    said,
    context: { urn: "urn", name: "inventory", signal: abort.signal, log: { info: say, warn: say, status: say } },
    cancel: () => abort.abort(),
    requests: () => {
      const seen = sandbox.traffic.requests.map(({ method, path, status }) => `${method} ${plain(path)} ${status}`);
      sandbox.traffic.clear();
      return seen;
    },
    tick: (by = {}) => {
      sandbox.clock.advance(by);
      Object.assign(process.env, sandbox.environment);
    },
  };
}

function plain(path: string): string {
  return decodeURIComponent(path)
    .replace(/^\/api\/v4|^\/v1/, "")
    .replace(/[a-z0-9]{26}/g, "<id>");
}

/** The account of the incident. */
export const inventory = {
  account: "inventory",
  fleet: "security-platform",
  group: "security",
  username: "gl-security-inventory",
  userId: 201,
  project: "security/inventory-builder",
  schedule: "Weekly - Monday mornings",
  title: "GitLab Security Service - Architecture - Inventory",
} as const;

/** Its variable. */
export const variable: Consumer = { kind: "variable", project: inventory.project, key: "GITLAB_API_TOKEN" };

/** Where its service account's tokens are. */
export const tokensPath = "/groups/security/service_accounts/201/personal_access_tokens";

/** The account's declaration on the incident's day, before adoption. */
export function accountInputs(changes: Partial<AccountInputs> = {}): AccountInputs {
  return {
    account: inventory.account,
    fleet: inventory.fleet,
    group: inventory.group,
    username: inventory.username,
    scopes: ["api"],
    generations: [{ name: "2026-11-23", lifecycle: "current", expiresAt: "2027-11-23" }],
    variables: [{ project: inventory.project, key: "GITLAB_API_TOKEN", protected: true }],
    items: [{ vault: "Security", item: inventory.title, field: "credential" }],
    pipelines: [{ project: inventory.project, schedule: inventory.schedule, jobs: ["build-inventory"] }],
    ...changes,
  };
}

/** A generation of it, by default the first. */
export function generationInputs(changes: Partial<PersonalAccessTokenInputs> = {}): PersonalAccessTokenInputs {
  return {
    account: inventory.account,
    fleet: inventory.fleet,
    group: inventory.group,
    generation: "2026-11-23",
    userId: inventory.userId,
    name: inventory.title,
    description: "Lets the GitLab Inventory Builder read the API",
    scopes: ["api"],
    expiresAt: "2027-11-23",
    lifecycle: "current",
    onRemoval: "refuse",
    ...changes,
  };
}

/** A thrown error's text; fails when nothing is thrown. */
export async function refusal(promise: Promise<unknown> | undefined): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("expected an error, and there was none");
}
