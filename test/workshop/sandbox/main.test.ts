import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { call } from "./harness";

const root = join(__dirname, "../..", "..");

function start(...options: string[]) {
  const child = spawn(
    process.execPath,
    ["--require", "./start/typescript.cjs", "workshop/sandbox/main.ts", ...options],
    { cwd: root },
  );
  const printed = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    printed.out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    printed.err += chunk.toString();
  });
  return { child, printed, ended: once(child, "exit") };
}

test("it prints the environment, then a line per request, and ends on Ctrl-C", async () => {
  const { child, printed, ended } = start("--accounts", "3");
  while (!printed.out.includes("Ctrl-C stops")) await once(child.stdout, "data");
  const environment = Object.fromEntries(
    [...printed.out.matchAll(/^export (\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]),
  );
  expect(Object.keys(environment)).toEqual([
    "GITLAB_BASE_URL",
    "GITLAB_TOKEN",
    "OP_CONNECT_HOST",
    "OP_CONNECT_TOKEN",
    "PAT_ROTATION_AS_OF",
    "PULUMI_BACKEND_URL",
    "PULUMI_CONFIG_PASSPHRASE",
  ]);
  const exports = await fetch(`${environment.GITLAB_BASE_URL}/-/sandbox/exports`);
  const exported = (await exports.text()).trim().split("\n");
  expect(exported.map((line) => line.replace(/=.*/, ""))).toEqual(
    Object.keys(environment).map((name) => `export ${name}`),
  );
  const headers = { "private-token": environment.GITLAB_TOKEN ?? "" };
  const accounts = await call(
    `${environment.GITLAB_BASE_URL}/api/v4/groups/security/service_accounts`,
    "GET",
    undefined,
    headers,
  );
  expect(accounts.body).toHaveLength(3);
  while (!/GitLab +200 +GET +\/api/.test(printed.out)) await once(child.stdout, "data");
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  expect(printed.err).toBe("");
});

test("an option that it cannot read is named", async () => {
  const { printed, ended } = start("--port", "many");
  expect(await ended).toEqual([1, null]);
  expect(printed.err).toBe('--port "many": a whole number from 1 to 65534 is needed\n');
});
