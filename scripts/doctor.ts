// `npm run doctor`: whose our credentials are, what they may do, and what is missing for the declared accounts.
import { resolve } from "node:path";
import Table from "cli-table3";
import { servers } from "../providers/runbook/servers";
import { breakable, plain, shown } from "../reports/plain";
import { Writer } from "../reports/writer";
import { show } from "../rotation/day";
import {
  choice,
  each,
  exitCodes,
  flags,
  main,
  type Outcome,
  outcomeOf,
  type Surroundings,
  stackSettings,
} from "./command";
import { type AccountDiagnosis, diagnose, placesOf } from "./doctor/accounts";
import { type Credential, environmentFindings, gitlabCredential, onePasswordCredential } from "./doctor/credentials";
import { type Finding, gravest, type Verdict } from "./doctor/finding";
import { serverFindings } from "./doctor/server";

const help = `npm run doctor -- [flags]

For each of our own credentials: whose it is, what it may do, when it dies. For each declared account: whether tokens may be
minted for it, its variables written, its pipelines started, its vaults seen. GitLab's version, and what the accounts need of
it. Reads only, and says of each gap what to do.

  --stack, -s <name>  only this stack; may be given again (default: all but the sandbox)
  --format <name>     text, json (default: text)
  --cwd, -C <folder>  the project (default: here)

Credentials: GITLAB_BASE_URL with GITLAB_TOKEN; OP_CONNECT_HOST with OP_CONNECT_TOKEN, or OP_SERVICE_ACCOUNT_TOKEN.
Exit codes: 0 fine; 3 settings that cannot be used, or something that cannot be told now, as when a server does not answer;
4 something is missing. 1 something else went wrong; 2 the command line is wrong.
`;

const options = {
  stack: { type: "string", short: "s", multiple: true },
  format: { type: "string" },
  cwd: { type: "string", short: "C" },
  help: { type: "boolean", short: "h" },
} as const;

/** How the command ends, beside what all commands share; {@link help} tells what each means. */
const ends: Record<Verdict, number> = { missing: 4, unknown: 3, warning: exitCodes.fine, fine: exitCodes.fine };

/** What the doctor found. */
export interface Report {
  readonly verdict: Verdict;
  readonly credentials: readonly Credential[];
  /** Such as `18.11.0-ee`; absent when it was not told. */
  readonly gitlab?: string;
  readonly accounts: readonly AccountDiagnosis[];
  readonly findings: readonly Finding[];
}

/** Runs the command; never throws. */
export function doctor(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  return outcomeOf("doctor", async () => {
    const { values } = flags(args, options);
    if (values.help === true) return { code: 0, stdout: help, stderr: "" };
    const format = choice("--format", values.format ?? "text", ["text", "json"]);
    const report = await examined(
      resolve(surroundings.folder, values.cwd ?? "."),
      values.stack,
      surroundings.environment,
    );
    const stdout = format === "json" ? `${JSON.stringify(report, shown, 2)}\n` : text(report);
    return { code: ends[report.verdict], stdout, stderr: "" };
  });
}

async function examined(root: string, asked: readonly string[] | undefined, env: NodeJS.ProcessEnv): Promise<Report> {
  const stacks = stackSettings(root, asked);
  const declarations = stacks.flatMap(({ settings }) => settings.accounts);
  const { signal } = new AbortController();
  const at = servers({ signal }, env);
  const [gitlab, onePassword] = await Promise.all([
    gitlabCredential(placesOf(declarations), at),
    onePasswordCredential(
      [...new Set(declarations.flatMap((one) => one.onePassword.map(({ vault }) => vault)))],
      at,
      env,
    ),
  ]);
  const all = stacks.flatMap(({ stack, settings }) => settings.accounts.map((declaration) => ({ stack, declaration })));
  const own = { gitlab, onePassword };
  const accounts = await each(all, ({ stack, declaration }) => diagnose(stack, declaration, own, at));
  const server = gitlab.version === undefined ? [] : serverFindings(gitlab.version, at.gitlab().baseUrl, declarations);
  const left = stacks.flatMap(({ stack, leftOut }): Finding[] =>
    leftOut === undefined ? [] : [{ verdict: "unknown", about: `stack ${stack}`, message: leftOut }],
  );
  const found = [
    ...left,
    ...environmentFindings(env),
    ...gitlab.findings,
    ...onePassword.findings,
    ...server,
    ...accounts.flatMap(({ findings }) => findings),
  ];
  const findings = together(found);
  const diagnoses = accounts.map(({ diagnosis }) => diagnosis);
  const verdicts = diagnoses.flatMap(({ mint, variables, pipelines, vaults }) => [mint, variables, pipelines, vaults]);
  return {
    verdict: gravest([...findings.map(({ verdict }) => verdict), ...verdicts]),
    credentials: [gitlab.credential, onePassword.credential],
    ...(gitlab.version === undefined ? {} : { gitlab: gitlab.version.version }),
    accounts: diagnoses,
    findings,
  };
}

/** What several accounts lack in the same way, such as a vault, is one thing to mend. */
function together(findings: readonly Finding[]): Finding[] {
  const result = new Map<string, Finding>();
  for (const one of findings) {
    const before = result.get(one.message);
    result.set(one.message, before === undefined ? one : { ...before, about: `${before.about}, ${one.about}` });
  }
  return [...result.values()];
}

const signs: Readonly<Record<Verdict, string>> = {
  fine: "✓",
  missing: "✗ missing",
  unknown: "? not told",
  warning: "!",
};

function text({ verdict, credentials, gitlab, accounts, findings }: Report): string {
  const plainly = { style: { head: [], border: [] }, wordWrap: true };
  // 80 columns in all: a table cannot be read where the terminal breaks its lines.
  const own = new Table({ ...plainly, head: ["Credential", "What is known"], colWidths: [26, 51] });
  for (const { variable, verdict, whose, may, expiresAt } of credentials) {
    const dies = expiresAt === undefined ? [] : [`dies on ${show(expiresAt)}`];
    const known = [`whose: ${plain(whose)}`, ...may.map(plain), ...dies].map((line) => breakable(line, 49));
    own.push([`${variable}\n${signs[verdict]}`, known.join("\n")]);
  }
  const each = new Table({ ...plainly, head: ["Account", "Stack", "Mint", "Variables", "Pipelines", "Vaults"] });
  for (const { account, stack, mint, variables, pipelines, vaults } of accounts)
    each.push([account, stack, signs[mint], signs[variables], signs[pipelines], signs[vaults]]);
  const version = gitlab === undefined ? "GitLab's version is not told." : `GitLab ${gitlab}.`;
  const told = new Writer(80, (_style, words) => words);
  for (const { verdict, about, message } of findings) told.item(`${about}: ${message}`, 0, `${signs[verdict][0]} `);
  const summary = {
    fine: "Nothing is missing.",
    warning: "Nothing is missing.",
    missing: "Something is missing: see ✗.",
    unknown: "Something cannot be told now: see ?.",
  };
  return `${own.toString()}\n${version}\n\n${each.toString()}\n\n${findings.length === 0 ? "" : told.end()}${summary[verdict]}\n`;
}

if (require.main === module) {
  void main(doctor);
}
