import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type SandboxOptions, startSandbox } from "./sandbox";
import { passphrase } from "./stack";
import type { Exchange } from "./traffic";
import { lookAlikes } from "./worlds/fleet";

const help = `Starts a GitLab and a 1Password Connect server on loopback, with a clock of their own, and prints
the environment that points a program at them. Runs until Ctrl-C; nothing is kept.

Usage: npm run sandbox -- [options]

  --port <number>      port of the GitLab server; Connect takes the next one (default: any free
                       ones)
  --accounts <number>  that many look-alike service accounts instead of the runbook's incident
  --job-ms <number>    real milliseconds that a pipeline's job takes (default 300)
  --gitlab <release>   18.11, 19.2 or 19.6: what it knows of fine-grained tokens (default 18.11)
  --quiet              no line per request
  --help               this text
`;

const releases = ["18.11", "19.2", "19.6"] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      accounts: { type: "string" },
      "job-ms": { type: "string" },
      gitlab: { type: "string" },
      quiet: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const options: SandboxOptions = {
    ...(values.port === undefined ? {} : { port: numberOf("--port", values.port, 65_534) }),
    ...(values.accounts === undefined ? {} : { world: lookAlikes(numberOf("--accounts", values.accounts, 10_000)) }),
    ...(values.gitlab === undefined ? {} : { limits: { version: releaseOf(values.gitlab) } }),
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

function releaseOf(written: string): (typeof releases)[number] {
  const release = releases.find((one) => one === written);
  if (release === undefined) throw new Error(`--gitlab takes ${releases.join(", ")}, found "${written}"`);
  return release;
}

function introduction(exports: string): string {
  return `# In another terminal, in this folder, paste these lines:
${exports}
# Or let curl fetch them:
#   eval "$(curl -s ${/GITLAB_BASE_URL=(\S+)/.exec(exports)?.[1]}/-/sandbox/exports)"

# Then, there:
#   npm run preview -- --stack sandbox
#   npm run up -- --stack sandbox --yes
#   npx pat-rotation status --stack sandbox
# They make the stack when it is missing, and use the Pulumi CLI when there is one.
# Its own commands, such as "pulumi stack --stack sandbox", work from then on.

# A week later:
#   curl -X POST $GITLAB_BASE_URL/-/sandbox/clock/advance -d '{"days": 7}'
#   eval "$(curl -s $GITLAB_BASE_URL/-/sandbox/exports)"
# Let the pipeline fail ("run" in place of "fail": let it run again):
#   curl -X PUT $GITLAB_BASE_URL/-/sandbox/jobs -d \\
#     '{"project":"security/inventory-builder","job":"build-inventory","does":"fail"}'

# Requests, as they come (Ctrl-C stops):
`;
}

/** A request in a line that fits a terminal: paths as people write them, without the page size. */
function line({ at, service, method, path, query, status, fault }: Exchange): string {
  const name = service === "gitlab" ? "GitLab " : "Connect";
  const asked = decodeURIComponent(query.replace(/(^|&)per_page=\d+/, ""));
  const target = decodeURIComponent(path) + (asked === "" ? "" : `?${asked}`);
  const time = at.slice(5, 19).replace("T", " ");
  return `${time} ${name} ${status} ${method.padEnd(6)} ${target}${fault ? `  (${fault})` : ""}\n`;
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
