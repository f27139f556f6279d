// `npm run doctor`: whose our credentials are, what they may do, and what is missing for the declared accounts.
import { resolve } from "node:path";
import Table from "cli-table3";
import { servers } from "../clients/servers";
import { show } from "../ground/day";
import { breakable, plain, shown } from "../reports/plain";
import { Writer } from "../reports/writer";
import {
  accountsOf,
  each,
  flags,
  type NamedSettings,
  type Outcome,
  outcomeOf,
  type Surroundings,
  stackSettings,
} from "./command";
import { type AccountDiagnosis, diagnose, placesOf } from "./doctor/accounts";
import { type Credential, environmentFindings, gitlabCredential, storeCredentials } from "./doctor/credentials";
import { type Finding, gravest, type Verdict } from "./doctor/finding";
import { legacyEndFindings } from "./doctor/legacy";
import { serverFindings } from "./doctor/server";
import { exitCodes } from "./exitCodes";
import { doctorCommand } from "./table/looking";

/** How the command ends. */
const ends: Record<Verdict, number> = {
  missing: exitCodes.missing,
  refused: exitCodes.missing,
  unknown: exitCodes.settings,
  warning: exitCodes.fine,
  note: exitCodes.fine,
  fine: exitCodes.fine,
};

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
    const { values } = flags(args, doctorCommand.flags);
    const root = resolve(surroundings.folder, values.cwd ?? ".");
    const report = await examined(stackSettings(root, values.stack, values.account), surroundings.environment);
    const stdout = values.format === "json" ? `${JSON.stringify(report, shown, 2)}\n` : text(report);
    return { code: ends[report.verdict], stdout, stderr: "", output: values.output };
  });
}

async function examined(stacks: readonly NamedSettings[], env: NodeJS.ProcessEnv): Promise<Report> {
  const declarations = stacks.flatMap(accountsOf);
  const { signal } = new AbortController();
  const at = servers({ signal }, env);
  const [gitlab, stores] = await Promise.all([
    gitlabCredential(placesOf(declarations), at),
    storeCredentials(declarations, at, env),
  ]);
  const all = stacks.flatMap((named) =>
    accountsOf(named).map((declaration) => ({ stack: named.stack, declaration, settings: named.settings })),
  );
  const own = { gitlab, stores };
  const accounts = await each(all, ({ stack, declaration, settings }) =>
    diagnose(stack, declaration, settings, own, at),
  );
  const server = gitlab.version === undefined ? [] : serverFindings(gitlab.version, at.gitlab().baseUrl, declarations);
  const legacy = await legacyEndFindings(stacks, gitlab, at);
  const left = stacks.flatMap(({ stack, leftOut }): Finding[] =>
    leftOut === undefined ? [] : [{ verdict: "unknown", about: `stack ${stack}`, message: leftOut }],
  );
  const found = [
    ...left,
    ...environmentFindings(env),
    ...gitlab.findings,
    ...[...stores.values()].flatMap(({ findings }) => findings),
    ...server,
    ...legacy,
    ...accounts.flatMap(({ findings }) => findings),
  ];
  const findings = together(found);
  const diagnoses = accounts.map(({ diagnosis }) => diagnosis);
  const verdicts = diagnoses.flatMap(({ mint, variables, pipelines, vaults }) => [mint, variables, pipelines, vaults]);
  return {
    verdict: gravest([...findings.map(({ verdict }) => verdict), ...verdicts]),
    credentials: [gitlab.credential, ...[...stores.values()].map(({ credential }) => credential)],
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
  refused: "✗ refused",
  unknown: "? not told",
  warning: "!",
  note: "-",
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
    note: "Nothing is missing.",
    missing: "Something is missing: see ✗.",
    refused: "A credential is there, and refused: see ✗.",
    unknown: "Something cannot be told now: see ?.",
  };
  return `${own.toString()}\n${version}\n\n${each.toString()}\n\n${findings.length === 0 ? "" : told.end()}${summary[verdict]}\n`;
}
