import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Document, stringify } from "yaml";
import type { Engine } from "../../engines/engine";
import { startSandbox } from "../sandbox/sandbox";
import { SandboxStack } from "../sandbox/stack";
import type { LoggedRequest } from "../sandbox/traffic";
import { lookAlikes, variableKey } from "../sandbox/worlds/fleet";

/** A project to measure, with a stack in which nothing is deployed yet. */
export interface Project {
  readonly stack: SandboxStack;
  /** What GitLab and 1Password have been asked so far. */
  requests(): readonly LoggedRequest[];
  /** Comes to the morning on which a rotation is due, and has both servers answer that many milliseconds later from then on. */
  wake(milliseconds: number): Promise<void>;
  /** Takes it down. */
  close(): Promise<void>;
}

const root = resolve(__dirname, "../..");
const doNothing = "nothing:index:Nothing";

/** How a {@link fleet} is made. */
export interface FleetOptions {
  /** The folder of the build. @default this one */
  readonly build?: string;
  /** How many accounts rotate on the morning of {@link Project.wake}. @default 0 */
  readonly due?: number;
  /** Whether GitLab holds to the limits that GitLab.com publishes. @default false */
  readonly limited?: boolean;
}

/** The day of the rotation, and the one before it, on which the fleet is brought to rest. */
const [eve, morning] = ["2026-12-06T07:10:00Z", "2026-12-07T07:10:00Z"] as const;

/** The program of a build on that many look-alike accounts, against a sandbox of their own. */
export async function fleet(engine: Engine, count: number, options: FleetOptions = {}): Promise<Project> {
  const { build = root, due = 0, limited = false } = options;
  const world = lookAlikes(count);
  const limits = limited ? { requestsPerMinute: 2_000, endpoints: true } : {};
  const sandbox = await startSandbox({ world, limits, jobMilliseconds: 10, workerMilliseconds: 10 });
  const accounts = world.tokens
    .filter(({ handle }) => handle.startsWith("robot-"))
    .map(({ handle, id, user, name, expiresAt }, at) => ({
      name: handle,
      account: { group: "security", username: user },
      token: { name, description: "Lets a robot work", scopes: ["read_api"] },
      rotation: {
        startsOn: "2026-11-23",
        everyDays: 336,
        ...(at < due ? { extraDates: [{ date: morning.slice(0, 10), reason: "the day that is measured" }] } : {}),
      },
      adopt: { tokenId: id, expiresAt },
      onePassword: [{ vault: "Security", item: name, field: "credential" }],
      variables: [{ project: `security/${handle}`, key: variableKey, masked: true, protected: true }],
      proof: [{ project: `security/${handle}`, schedule: "Weekly - Monday mornings", jobs: ["work"] }],
    }));
  // The configuration reaches a program in one variable of its environment, which Linux limits to 128 KiB: some 180 accounts.
  const project = mkdtempSync(join(tmpdir(), "bench-fleet-"));
  for (const entry of readdirSync(build, { withFileTypes: true })) {
    const [from, to] = [join(build, entry.name), join(project, entry.name)];
    // A stack's files are plain ones.
    if (entry.isFile()) copyFileSync(from, to);
    else if (entry.name !== ".git") symlinkSync(from, to);
  }
  mkdirSync(join(project, "accounts"));
  writeFileSync(join(project, "accounts/all.yaml"), stringify(accounts));
  const edit = (settings: Document) => {
    settings.deleteIn(["config", "pat-rotation:accounts"]);
    settings.setIn(["config", "pat-rotation:accountFiles"], settings.createNode(["accounts/*.yaml"]));
  };
  const stack = await SandboxStack.create({ engine, project, environment: () => sandbox.environment, edit });
  return {
    stack,
    requests: () => sandbox.traffic.requests,
    wake: async (milliseconds) => {
      sandbox.clock.set(eve);
      const { code, output } = await stack.up();
      if (code !== 0)
        throw new Error(`The up of the day before ended with exit code ${code}:\n${output.slice(-4_000)}`);
      sandbox.clock.set(morning);
      sandbox.traffic.watch({ before: () => pause(milliseconds) });
    },
    close: async () => {
      stack.remove();
      await sandbox.stop();
      rmSync(project, { recursive: true, force: true });
    },
  };
}

/** A program with that many resources that do nothing, and its provider. */
export async function nothing(engine: Engine, count: number): Promise<Project> {
  const project = mkdtempSync(join(tmpdir(), "bench-nothing-"));
  const write = (name: string, text: string) => writeFileSync(join(project, name), text);
  const schema = {
    name: "nothing",
    version: "0.1.0",
    resources: { [doNothing]: { properties: {}, inputProperties: {} } },
  };
  mkdirSync(join(project, "provider"));
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  write(
    "provider/pulumi-resource-nothing",
    `#!/usr/bin/env node
require(${JSON.stringify(require.resolve("../../start/typescript.cjs"))});
require(${JSON.stringify(join(root, "providers/host/serve.ts"))}).serve({
  schema: ${JSON.stringify(schema)},
  resources: { "${doNothing}": { create: async (_inputs, { name }) => ({ id: name, outputs: {} }) } },
});
`,
  );
  chmodSync(join(project, "provider/pulumi-resource-nothing"), 0o755);
  write("package.json", "{}");
  write("Pulumi.sandbox.yaml", "config: {}\n");
  write(
    "Pulumi.yaml",
    `name: nothing
runtime: { name: nodejs, options: { typescript: false } }
main: index.js
plugins: { providers: [{ name: nothing, path: ./provider }] }
`,
  );
  write(
    "index.js",
    `const pulumi = require("@pulumi/pulumi");
for (let at = 0; at < ${count}; at++) new pulumi.CustomResource("${doNothing}", \`nothing-\${at}\`, {}, { version: "0.1.0" });
`,
  );
  const stack = await SandboxStack.create({ engine, project, environment: () => ({}) });
  return {
    stack,
    requests: () => [],
    wake: async () => {},
    close: async () => {
      stack.remove();
      rmSync(project, { recursive: true, force: true });
    },
  };
}
