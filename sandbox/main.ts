import { parseArgs } from "node:util";
import { type Sandbox, type SandboxOptions, startSandbox } from "./sandbox";
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
  const sandbox = await startSandbox(options);
  process.stdout.write(introduction(sandbox));
  if (!values.quiet) sandbox.traffic.watch({ answered: (exchange) => void process.stdout.write(line(exchange)) });
  const stop = () => {
    sandbox.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function introduction({ environment, gitlab }: Sandbox): string {
  const exported = { ...environment, PULUMI_CONFIG_PASSPHRASE: "sandbox" };
  const exports = Object.entries(exported).map(([name, value]) => `export ${name}=${value}`);
  return `# For another terminal, in this folder:
${exports.join("\n")}

# Then, for example:
#   export PULUMI_BACKEND_URL=file://$(mktemp -d)
#   pulumi stack init sandbox
#   pulumi preview
#   pulumi up --continue-on-error
# A month later:
#   curl -X POST ${gitlab.url}/-/sandbox/clock/advance -d '{"days": 30}'
#   export PAT_ROTATION_AS_OF=<the "now" that it answers>

# Requests (Ctrl-C stops):
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
