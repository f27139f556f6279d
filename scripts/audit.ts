// `npm run audit`: what was rotated when, by whom and with what proof, from the tracking issues of the declared accounts.

import { resolve } from "node:path";
import { visibleJson } from "../ground/visible";
import { ownToken } from "../providers/gitlab/api/tokens";
import { findUserId } from "../providers/gitlab/api/users";
import { GitLab } from "../providers/gitlab/client";
import { plain } from "../reports/plain";
import { isDay } from "../rotation/day";
import type { Settings } from "../rotation/settings";
import { csv } from "./audit/columns";
import { findRecords, type Tracker, type Wanted } from "./audit/records";
import {
  choice,
  exitCodes,
  flags,
  main,
  type Outcome,
  outcomeOf,
  type Surroundings,
  stackSettings,
  toldLeftOut,
  UsageError,
} from "./command";

const help = `npm run audit -- [flags]

The records that each rotation left in its tracking issue: JSON or CSV, oldest first, on standard output; on standard
error, where was looked. Looks where the declared accounts have their issues, as the user of GITLAB_TOKEN at GITLAB_BASE_URL (the scope read_api is enough).

  --stack <name>      only this stack; may be given again (default: all but the sandbox)
  --account <name>    only this account
  --since <day>       only what happened from this day on, UTC
  --author <name>     username of who wrote the records (default: the user of GITLAB_TOKEN)
  --format <name>     json, csv (default: json)
  --cwd, -C <folder>  the project (default: here)

A comment by anybody else than that author is no record. "edited" is true where a comment was changed after it was written.
Exit codes: 0 fine; 1 something went wrong; 2 the command line is wrong; 3 settings that cannot be used.
`;

const options = {
  stack: { type: "string", short: "s", multiple: true },
  account: { type: "string" },
  since: { type: "string" },
  author: { type: "string" },
  format: { type: "string" },
  cwd: { type: "string", short: "C" },
  help: { type: "boolean", short: "h" },
} as const;

/** Runs the command; never throws. */
export function audit(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  return outcomeOf("audit", () => audited(args, surroundings));
}

async function audited(args: readonly string[], { folder, environment }: Surroundings): Promise<Outcome> {
  const { values } = flags(args, options);
  if (values.help === true) return { code: exitCodes.fine, stdout: help, stderr: "" };
  const format = choice("--format", values.format ?? "json", ["json", "csv"]);
  if (values.since !== undefined && !isDay(values.since))
    throw new UsageError(`Reading the command line: "${values.since}" is no day; write one such as 2026-11-23.`);
  const named = stackSettings(resolve(folder, values.cwd ?? "."), values.stack);
  const stacks = named.map(({ settings }) => settings);
  const gitlab = GitLab.fromEnvironment(environment);
  const wanted: Wanted = {
    authorId: await authorOf(gitlab, values.author),
    fleets: new Set(stacks.map(({ fleet }) => fleet)),
    ...(values.since === undefined ? {} : { since: values.since }),
    ...(values.account === undefined ? {} : { account: values.account }),
  };
  const trackers = trackersOf(stacks);
  const records = await findRecords(gitlab, trackers, wanted);
  return {
    code: exitCodes.fine,
    stdout: format === "csv" ? csv(records) : `${visibleJson(JSON.stringify(records, undefined, 2))}\n`,
    stderr: told(records.length, trackers, stacks, values.author) + toldLeftOut(named),
  };
}

/** Where was looked, for what, and of which accounts nothing can be found: an empty list alone says none of it. */
function told(count: number, trackers: readonly Tracker[], stacks: readonly Settings[], author?: string): string {
  const places = trackers.map(({ project }) => `"${project}"`).join(", ");
  const by = author === undefined ? 'the user of "GITLAB_TOKEN" (--author names another)' : `"${author}"`;
  const records = count === 1 ? "1 record" : `${count} records`;
  const looked = places === "" ? [] : [`${records} by ${by}, in the issues of ${places}.`];
  const without = stacks.flatMap(({ accounts }) => accounts.filter(({ issue }) => issue === undefined));
  const names = without.map(({ name }) => name).join(", ");
  const silent = names === "" ? [] : [`No record is kept of accounts that declare no "issue": ${names}.`];
  return [...looked, ...silent].map((line) => `${plain(line)}\n`).join("");
}

function trackersOf(stacks: readonly Settings[]): Tracker[] {
  const iids = new Map<string, Set<number>>();
  for (const { issue } of stacks.flatMap(({ accounts }) => accounts)) {
    if (issue === undefined) continue;
    const named = iids.get(issue.project) ?? new Set();
    if (issue.iid !== undefined) named.add(issue.iid);
    iids.set(issue.project, named);
  }
  return [...iids].map(([project, named]) => ({ project, iids: [...named] }));
}

async function authorOf(gitlab: GitLab, username: string | undefined): Promise<number> {
  if (username === undefined) return (await ownToken(gitlab)).userId;
  const id = await findUserId(gitlab, username);
  if (id === undefined) throw new Error(`Looking for the user "${username}": GitLab has none of that name.`);
  return id;
}

if (require.main === module) {
  void main(audit);
}
