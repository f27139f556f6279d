import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type SandboxOptions, startSandbox } from "./sandbox";
import { passphrase } from "./stack";
import type { Exchange } from "./traffic";
import { lookAlikes } from "./worlds/fleet";

const help = `Starts a GitLab and a 1Password Connect server on loopback, with a clock of their own, and prints the
environment that points a program at them. Runs until Ctrl-C; nothing is kept.

Usage: npm run sandbox -- [options]

  --port <number>      port of the GitLab server; Connect takes the next one (default: any free ones)
  --accounts <number>  that many look-alike service accounts instead of the runbook's incident
  --job-ms <number>    real milliseconds that a pipeline's job takes (default 300)
  --quiet              no line per request
  --help               this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      accounts: { type: "string" },
      "job-ms": { type: "string" },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const options: SandboxOptions = {
    ...(values.port === undefined ? {} : { port: numberOf("--port", values.port, 65_534) }),
    ...(values.accounts === undefined ? {} : { world: lookAlikes(numberOf("--accounts", values.accounts, 10_000)) }),
    ...(values["job-ms"] === undefined ? {} : { jobMilliseconds: numberOf("--job-ms", values["job-ms"], 3_600_000) }),
  };
  const backend = mkdtempSync(join(tmpdir(), "pat-rotation-sandbox-"));
  const sandbox = await startSandbox({
    ...options,
    exported: { PULUMI_BACKEND_URL: `file://${backend}`, PULUMI_CONFIG_PASSPHRASE: passphrase },
  });
  process.stdout.write(introduction(sandbox.exports()));
  if (!values.quiet) sandbox.traffic.watch({ answered: (exchange) => void process.stdout.write(line(exchange)) });
  const stop = () => {
    rmSync(backend, { recursive: true, force: true });
    sandbox.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function introduction(exports: string): string {
  return `# In another terminal, in this folder, paste these lines:
${exports}
# With curl they need no pasting, and are up to date when the clock was moved:
#   eval "$(curl -s ${/GITLAB_BASE_URL=(\S+)/.exec(exports)?.[1]}/-/sandbox/exports)"

# Then, there:
#   npm run preview -- --stack sandbox
#   npm run up -- --stack sandbox --yes
# These make the stack when it is not there, and use the Pulumi CLI when it is on the PATH; "pulumi preview --stack
# sandbox" and all its other commands work as well.

# A week later:
#   curl -X POST $GITLAB_BASE_URL/-/sandbox/clock/advance -d '{"days": 7}'
#   eval "$(curl -s $GITLAB_BASE_URL/-/sandbox/exports)"
# Let a pipeline fail ("run" instead of "fail": let it run again):
#   curl -X PUT $GITLAB_BASE_URL/-/sandbox/jobs \\
#     -d '{"project": "security/inventory-builder", "job": "build-inventory", "does": "fail"}'

# Requests, as they come (Ctrl-C stops):
`;
}

function line({ at, service, method, path, query, status, fault }: Exchange): string {
  const name = service === "gitlab" ? "GitLab " : "Connect";
  const target = query === "" ? path : `${path}?${query}`;
  return `${at.slice(0, 19)}Z  ${name}  ${status}  ${method.padEnd(6)} ${target}${fault ? `  (${fault})` : ""}\n`;
}

function numberOf(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= most) return value;
  throw new Error(`${option} "${text}": a whole number from 1 to ${most} is needed`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
